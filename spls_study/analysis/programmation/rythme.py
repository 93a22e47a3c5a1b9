"""When in the year the agréments fall, and how long an operation takes to get there."""

from datetime import date

import pandas as pd

from ..methods import frame, share
from ..methods.survival import kaplan_meier
from . import grouped, last_year, says, tally

STEPS = {
    "dépôt-programmation": ("date_depot", "date_programmation"),
    "programmation-agrément": ("date_programmation", "date_agrement"),
    "dépôt-agrément": ("date_depot", "date_agrement"),
}
DELAYS = {"gestionnaire": "str", "etape": "str", "n": "int64", "mediane": "float64", "q1": "float64", "q3": "float64"}
DELAYS |= {"en_cours": "int64", "ecartees": "int64", "ic_bas": "float64", "ic_haut": "float64"}
_AGREED = r"^agre|^(?:solde|clos|livre|mis en service)"
_WITHDRAWN = r"^(?:retir|retrait|abandon)"


def rythme(programmation: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """Dwellings agreed by month (design.md §4), every month up to the extraction; also annee_complete, operations."""
    keys = ["annee", "groupe"]
    rows = grouped(programmation)
    dated = rows["date_agrement"]
    rows = rows[(dated.dt.year == rows["annee"]) & (dated <= pd.Timestamp(extraction))]
    sums = tally(rows.assign(mois=rows["date_agrement"].dt.month), [*keys, "mois"])
    months = rows[keys].drop_duplicates().sort_values(keys).merge(pd.Series(range(1, 13), name="mois"), how="cross")
    complete = months["annee"] < extraction.year
    months = months[complete | (months["mois"] <= extraction.month)].assign(annee_complete=complete)
    table = months.merge(sums, on=[*keys, "mois"], how="left", validate="one_to_one")
    table = table.fillna({"logements": 0, "operations": 0}).astype({"logements": "int64", "operations": "int64"})
    of_year = table.groupby(keys)["logements"]
    table["part_cumulee"] = share(of_year.cumsum(), of_year.transform("sum"))
    return table[[*keys, "mois", "logements", "part_cumulee", "annee_complete", "operations"]]


def avancement(programmation: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """How far each year was on the extraction's day of the year (design.md §4), in dwellings.

    Columns annee, groupe, departement, agrees_au_jour, agrees_annee, programmes, inconnus (the day of whose agrément
    cannot be known: nothing says whether they are agreed, or their statut says so without a date). As in `rythme`, an
    agrément counts in its year of programming.
    """
    rows = grouped(programmation)
    dated = rows.date_agrement.where(rows.date_agrement <= pd.Timestamp(extraction))
    in_year = dated.dt.year == rows.annee
    place = dated.dt.month * 100 + dated.dt.day
    before = in_year & (place < extraction.month * 100 + extraction.day)
    parts = {"agrees_au_jour": before, "agrees_annee": in_year, "programmes": rows.annee.notna()}
    return _sums(rows, "departement", parts | {"inconnus": _agreed_undated(rows) | _untold(rows)})


def engages(programmation: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """What has become, at `extraction`, of what a year's programme holds, in dwellings.

    Columns annee, groupe, gestionnaire, programmes, agrees (in whatever year), en_attente, inconnus (nothing says
    whether they are agreed): programmes is the sum of the three.
    """
    rows = grouped(programmation)
    agreed = (rows.date_agrement <= pd.Timestamp(extraction)) | _agreed_undated(rows)
    unknown = _untold(rows) & ~agreed
    parts = {"programmes": rows.annee.notna(), "agrees": agreed}
    return _sums(rows, "gestionnaire", parts | {"en_attente": ~agreed & ~unknown, "inconnus": unknown})


def _agreed_undated(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows.date_agrement.isna() & says(rows.statut, _AGREED)


def _untold(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Neither a statut nor a date of agrément, from a gestionnaire that dates none."""
    silent = ~rows.date_agrement.notna().groupby(rows.gestionnaire).transform("any")
    return silent.astype(bool) & rows.statut.isna()


def _sums(rows: pd.DataFrame, by: str, parts: "dict[str, pd.Series[bool]]") -> pd.DataFrame:
    keys = ["annee", "groupe", by]
    sums = rows[keys].assign(**{name: rows.nb_logements.where(kept, 0) for name, kept in parts.items()})
    return sums.groupby(keys, as_index=False)[[*parts]].sum()


def fin_annee(monthly: pd.DataFrame) -> pd.DataFrame:
    """Weight of the end of each complete year of `rythme`; an even year gives 0.25 and 0.083.

    Columns annee, groupe, logements, part_t4 (October to December), part_decembre, operations.
    """
    rows = monthly[monthly["annee_complete"]]
    first = {"part_t4": 10, "part_decembre": 12}
    ends = {name: rows["logements"].where(rows["mois"] >= month, 0) for name, month in first.items()}
    table = rows.assign(**ends).groupby(["annee", "groupe"], as_index=False)[["logements", *ends, "operations"]].sum()
    return table.assign(**{name: share(table[name], table["logements"]) for name in ends})


def delais(programmation: pd.DataFrame, extraction: date) -> pd.DataFrame:
    """Days from deposit to programming to agrément: Kaplan–Meier median and quartiles. Columns DELAYS.

    Each operation once, in its last year, with the earliest date of each kind on its rows. It enters a step if the
    step's first date is known; it is open, hence censored at `extraction`, if the last one is not or comes later. Left
    out and counted in `ecartees`: withdrawn, dates in the wrong order, and agreed operations whose programming has no
    date (they are not waiting for it). Three rows a gestionnaire, n = 0 where nothing is dated.
    """
    dates = ["date_depot", "date_programmation", "date_agrement"]
    rows = last_year(programmation)
    operations = (
        rows.assign(retiree=says(rows["statut"], _WITHDRAWN))
        .groupby(["gestionnaire", "numero_operation"], as_index=False)[[*dates, "retiree"]]
        .min()
    )
    stop = pd.Timestamp(extraction)
    found = []
    for gestionnaire, own in operations.groupby("gestionnaire"):
        for step, (first, last) in STEPS.items():
            started = own[own[first] <= stop]
            agreed = started["date_agrement"].notna() & started[last].isna()
            wrong = started["retiree"] | agreed | (started[last] < started[first])
            kept = started[~wrong]
            observed = kept[last] <= stop
            curve = kaplan_meier((kept[last].where(observed, stop) - kept[first]).dt.days, observed)
            (median, low, high), (q1, *_), (q3, *_) = (curve.quantile(q) for q in (0.5, 0.25, 0.75))
            counts = (~observed).sum(), wrong.sum()
            found.append((gestionnaire, step, len(kept), median, q1, q3, *counts, low, high))
    return frame(found, DELAYS)
