"""By whom: concentration among bailleurs; dwellings whose bailleur is unknown are counted apart."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import grouped, tally


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
