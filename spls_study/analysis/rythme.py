"""When in the year the agréments fall, and how long an operation takes to get there."""

from datetime import date

import numpy as np
import pandas as pd

from .programmation import fold, grouped, last_year, share
from .survival import kaplan_meier

STEPS = {
    "dépôt-programmation": ("date_depot", "date_programmation"),
    "programmation-agrément": ("date_programmation", "date_agrement"),
    "dépôt-agrément": ("date_depot", "date_agrement"),
}
_REFUSED = r"^(?:rejet|refus|retir|retrait|abandon)"


def rythme(programmation: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """Dwellings agreed by month, for agréments dated within their year of programming.

    Columns annee, groupe, mois, logements, part_cumulee (of the year's agréments known at
    `extraction`), annee_complete, operations. Every month has a row, up to the extraction in
    its year.
    """
    rows = grouped(programmation)
    dated = rows["date_agrement"]
    rows = rows[(dated.dt.year == rows["annee"]) & (dated <= pd.Timestamp(extraction))]
    by_month = rows.groupby(["annee", "groupe", rows["date_agrement"].dt.month.rename("mois")])
    sums = by_month.agg(n=("nb_logements", "sum"), operations=("numero_operation", "nunique"))
    years = rows[["annee", "groupe"]].drop_duplicates().sort_values(["annee", "groupe"])
    table = years.merge(pd.DataFrame({"mois": range(1, 13)}), how="cross")
    now = (extraction.year, extraction.month)
    table = table[(table["annee"] < now[0]) | (table["mois"] <= now[1])].reset_index(drop=True)
    index = pd.MultiIndex.from_frame(table)
    sums = sums.reindex(index, fill_value=0).astype("int64")
    table["logements"] = sums["n"].to_numpy()
    of_year = table.groupby(["annee", "groupe"])["logements"]
    table["part_cumulee"] = share(of_year.cumsum(), of_year.transform("sum"))
    return table.assign(annee_complete=table["annee"] < now[0],
                        operations=sums["operations"].to_numpy())


def fin_annee(monthly: pd.DataFrame) -> pd.DataFrame:
    """Weight of the end of each complete year.

    `monthly` is `rythme`. Columns annee, groupe, logements, part_t4 (October to December),
    part_decembre, operations; an even year gives 0.25 and 0.083.
    """
    rows = monthly[monthly["annee_complete"]]
    keys = [rows["annee"], rows["groupe"]]
    parts = {name: rows["logements"].where(rows["mois"] >= first, 0).groupby(keys).sum()
             for name, first in (("logements", 1), ("t4", 10), ("decembre", 12))}
    table = pd.DataFrame(parts | {"operations": rows["operations"].groupby(keys).sum()})
    table = table.reset_index()
    for name in ("t4", "decembre"):
        table[f"part_{name}"] = share(table[name], table["logements"])
    return table[["annee", "groupe", "logements", "part_t4", "part_decembre", "operations"]]


def sans_agrement(programmation: pd.DataFrame) -> list[str]:
    """Gestionnaires none of whose rows has a date of agrément."""
    dated = programmation.groupby("gestionnaire")["date_agrement"].count()
    return sorted(dated.index[dated == 0])


def delais(programmation: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """Days from deposit to programming to agrément: Kaplan–Meier median and quartiles.

    Each operation once, in its last year, with the earliest date of each kind on its rows. It
    enters a step if the step's first date is known; it is open, hence censored at `extraction`,
    if the last one is not or comes later. Left out and counted in `ecartees`: refused or
    withdrawn, dates in the wrong order, and agreed operations whose programming has no date
    (they are not waiting for it).

    Returns
    -------
    Columns gestionnaire, etape, n, mediane, q1, q3, en_cours, ecartees, ic_bas, ic_haut (of the
    median); three rows a gestionnaire, n = 0 where nothing is dated.
    """
    dates = ["date_depot", "date_programmation", "date_agrement"]
    rows = last_year(programmation)
    refused = fold(rows["statut"]).str.contains(_REFUSED, na=False).astype(bool)
    operations = rows.assign(refusee=refused).groupby(
        ["gestionnaire", "numero_operation"], as_index=False)[[*dates, "refusee"]].min()
    stop = pd.Timestamp(extraction)
    found = []
    for gestionnaire, own in operations.groupby("gestionnaire"):
        for step, (first, last) in STEPS.items():
            started = own[own[first] <= stop]
            agreed = started["date_agrement"].notna() & started[last].isna()
            wrong = started["refusee"] | agreed | (started[last] < started[first])
            kept = started[~wrong]
            observed = kept[last] <= stop
            days = (kept[last].where(observed, stop) - kept[first]).dt.days
            curve = kaplan_meier(days, observed)
            median, low, high = curve.quantile(0.5)
            found.append((gestionnaire, step, len(kept), median, curve.quantile(0.25)[0],
                          curve.quantile(0.75)[0], int((~observed).sum()), int(wrong.sum()),
                          low, high))
    names = ["gestionnaire", "etape", "n", "mediane", "q1", "q3", "en_cours", "ecartees",
             "ic_bas", "ic_haut"]
    types = {n: np.dtype("float64") for n in ("mediane", "q1", "q3", "ic_bas", "ic_haut")}
    return pd.DataFrame(found, columns=names).astype(
        {"gestionnaire": "str", "etape": "str", "n": "int64", "en_cours": "int64",
         "ecartees": "int64", **types})
