"""By whom: concentration among bailleurs, those who begin and those who stop.

A bailleur is a SIREN, else a name; dwellings whose bailleur is unknown are counted apart.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..methods.frames import frame, share
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

    Sum of (2i − n − 1) x_i over n times the sum, x sorted upwards: C. Dagum, « Gini ratio »,
    *The New Palgrave* (1987); P. M. Dixon et al., *Ecology* 68 (1987).
    """
    x = np.sort(np.asarray(values, dtype="float64"))
    if not x.sum() > 0:
        return float("nan")
    weights = 2 * np.arange(1, len(x) + 1) - len(x) - 1
    return float((weights * x).sum() / (len(x) * x.sum()))


def concentration(programmation: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the dwellings of each year and group among bailleurs with at least one.

    Columns annee, groupe, bailleurs, part_premier, part_trois_premiers, hhi, gini, logements,
    operations, sans_bailleur (dwellings whose bailleur is unknown, outside the rest).
    """
    rows = []
    for (year, group), part in grouped(programmation).groupby(["annee", "groupe"]):
        x = part.groupby("bailleur")["nb_logements"].sum().sort_values(ascending=False)
        x = x[x > 0]
        total = x.sum()
        first, three = (x.iloc[:n].sum() / total if len(x) else np.nan for n in (1, 3))
        rows.append(
            (
                year,
                group,
                len(x),
                first,
                three,
                hhi(x),
                gini(x),
                total,
                part["numero_operation"].nunique(),
                part["nb_logements"].sum() - total,
            )
        )
    return frame(
        rows,
        {"annee": "int64", "groupe": "str", "bailleurs": "int64"}
        | dict.fromkeys(("part_premier", "part_trois_premiers", "hhi", "gini"), "float64")
        | dict.fromkeys(("logements", "operations", "sans_bailleur"), "int64"),
    )


def bailleurs(programmation: pd.DataFrame, annee: int) -> pd.DataFrame:
    """Each bailleur of the two groups, the largest of year `annee` first.

    Columns bailleur, nom, logements_annee, part_annee, operations_annee (that year), logements,
    operations (over all years, each operation in its last), premiere_annee, derniere_annee,
    situation: « nouveau » if nothing before `annee`, « arrêté » if nothing since, else
    « présent »; « présent » for all when no year before `annee` is known.
    """
    rows = grouped(programmation).dropna(subset=["bailleur"])
    span = rows.groupby("bailleur").agg(premiere_annee=("annee", "min"), derniere_annee=("annee", "max"))
    total = tally(grouped(last_year(programmation)), ["bailleur"]).set_index("bailleur")
    of_year = tally(rows[rows["annee"] == annee], ["bailleur"]).set_index("bailleur")
    table = span.join(total).join(of_year.add_suffix("_annee")).assign(nom=_names(rows))
    counts = ["logements_annee", "operations_annee", "logements", "operations"]
    table[counts] = table[counts].fillna(0).astype("int64")
    whole = pd.Series(table["logements_annee"].sum(), index=table.index)
    table["part_annee"] = share(table["logements_annee"], whole)
    known_before = bool((rows["annee"] < annee).any())
    table["situation"] = PRESENT
    table.loc[known_before & (table["premiere_annee"] >= annee), "situation"] = NEW
    table.loc[known_before & (table["derniere_annee"] < annee), "situation"] = STOPPED
    order = table.reset_index().sort_values(
        ["logements_annee", "logements", "bailleur"], ascending=[False, False, True]
    )
    return order[
        [
            "bailleur",
            "nom",
            "logements_annee",
            "part_annee",
            "operations_annee",
            "logements",
            "operations",
            "premiere_annee",
            "derniere_annee",
            "situation",
        ]
    ].reset_index(drop=True)


def _names(rows: pd.DataFrame) -> pd.Series:
    """Bailleur → the name under which it has most dwellings (its key when it has none)."""
    name = rows["moa_nom"].fillna(rows["bailleur"]).rename("nom")
    sizes = rows.groupby(["bailleur", name])["nb_logements"].sum().reset_index()
    best = sizes.sort_values(["nb_logements", "nom"], ascending=[False, True])
    return best.drop_duplicates("bailleur").set_index("bailleur")["nom"]
