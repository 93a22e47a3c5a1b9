"""By whom: concentration among bailleurs, those who begin and those who stop.

A bailleur is a SIREN, else a name; dwellings whose bailleur is unknown are counted apart.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import grouped, last_year, tally

NEW, STOPPED, PRESENT = "nouveau", "arrêté", "présent"


def hhi(values: npt.ArrayLike) -> float:
    """Herfindahl–Hirschman index from 1/n (equal) to 1 (one holds all): sum of squared shares.

    A. O. Hirschman, « The Paternity of an Index », *American Economic Review* 54 (1964).
    """
    x = np.asarray(values, dtype="float64")
    return float(((x / x.sum()) ** 2).sum()) if x.sum() > 0 else float("nan")


def gini(values: npt.ArrayLike) -> float:
    """Gini coefficient without small-sample correction, 0 (equal) to 1 − 1/n.

    Sum of (2i − n − 1) x_i over n times the sum, x sorted upwards: C. Dagum, « Gini ratio », *The New Palgrave*
    (1987); P. M. Dixon et al., *Ecology* 68 (1987).
    """
    x = np.sort(np.asarray(values, dtype="float64"))
    if not x.sum() > 0:
        return float("nan")
    weights = 2 * np.arange(1, len(x) + 1) - len(x) - 1
    return float((weights * x).sum() / (len(x) * x.sum()))


def concentration(programmation: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the dwellings of each year and group among bailleurs with at least one.

    Columns annee, groupe, bailleurs, part_premier, part_trois_premiers, hhi, gini, logements, operations,
    sans_bailleur (dwellings whose bailleur is unknown, outside the rest).
    """
    keys = ["annee", "groupe"]
    whole = tally(grouped(programmation), keys).set_index(keys)
    sizes = grouped(programmation).groupby([*keys, "bailleur"])["nb_logements"].sum()
    table = whole[[]].join(
        sizes[sizes > 0]
        .groupby(keys)
        .agg(
            bailleurs="size",
            part_premier=lambda x: x.max() / x.sum(),
            part_trois_premiers=lambda x: x.nlargest(3).sum() / x.sum(),
            hhi=hhi,
            gini=gini,
            logements="sum",
        )
    )
    table = table.fillna({"bailleurs": 0, "logements": 0}).astype({"bailleurs": "int64", "logements": "int64"})
    missing = whole["logements"] - table["logements"]
    return table.assign(operations=whole["operations"], sans_bailleur=missing).reset_index()


def bailleurs(programmation: pd.DataFrame, annee: int) -> pd.DataFrame:
    """Each bailleur of the two groups, the largest of year `annee` first.

    Columns bailleur, nom (under which it has most dwellings, else its key), dwellings, operations and part of that
    year, logements, operations (over all years), premiere_annee, derniere_annee, situation (NEW, STOPPED, PRESENT; all
    PRESENT when no year before `annee` is known).
    """
    rows = grouped(programmation).dropna(subset=["bailleur"])
    total = tally(grouped(last_year(programmation)), ["bailleur"]).set_index("bailleur")
    of_year = tally(rows[rows["annee"] == annee], ["bailleur"]).set_index("bailleur").add_suffix("_annee")
    span = rows.groupby("bailleur").agg(premiere_annee=("annee", "min"), derniere_annee=("annee", "max"))
    counts = of_year.reindex(span.index).join(total).fillna(0).astype("int64")
    counts.insert(2, "part_annee", counts["logements_annee"] / counts["logements_annee"].sum())
    named = rows.assign(nom=rows["moa_nom"].fillna(rows["bailleur"])).groupby(["bailleur", "nom"])["nb_logements"].sum()
    best = named.reset_index().sort_values(["nb_logements", "nom"], ascending=[False, True])
    best = best.drop_duplicates("bailleur").set_index("bailleur")[["nom"]]
    table = best.join(counts, how="right").join(span)
    before, known = table["premiere_annee"] < annee, bool((rows["annee"] < annee).any())
    stopped = table["derniere_annee"] < annee
    table["situation"] = np.select([~before & known, stopped & known], [NEW, STOPPED], PRESENT)
    order = ["logements_annee", "logements", "bailleur"]
    return table.reset_index().sort_values(order, ascending=[False, False, True], ignore_index=True)
