"""How accounts open over time, under secrecy."""

import numpy as np
import pandas as pd

from ...study import REGION
from ..methods.secret import HIDDEN, masked, small
from ..methods.survival import kaplan_meier
from .rights import Campaign

WEEK, MONTH = 7, 30
ENOUGH = {"mediane": 2, "ic_bas": 4, "ic_haut": 4}  # openings needed, in thresholds: each is one account's delay


def ouverture(
    rows: pd.DataFrame,
    found: Campaign,
    territory: str,
    seuil: int,
    by: str = "profil",
    past: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How accounts open over time: Kaplan–Meier, by profile or by interface.

    Only the region's curves by interface have several steps: those of profiles and departments
    are parts of them, whose steps would give the others' by subtraction.

    Columns profil (or interface), jour (last day of the step), a_risque, ouverts (of that step),
    survie (share still closed after it). A curve whose counts are hidden has one row of HIDDEN; one
    without opening has none.

    `rows`: What `accounts` returns, of the territory. Refused and withdrawn accounts, and those
    whose duration is not known, are left out. `past`: this table in the last edition, as text; a
    curve of which a step has had so few openings since is hidden.
    """
    parts = []
    several = seuil == 1 or (by == "interface" and territory == REGION)
    for name, hidden in _listed(found, f"ouverts_{by}", territory):
        own = _live(rows[rows[by] == name])
        done = own.date_ouverture.notna()
        if not hidden:
            steps = curve(own.jours, done, seuil if several else max(seuil, int(done.sum())))
            hidden = past is not None and _few_since(steps, past[past[by] == name], seuil)
        if hidden:
            steps = pd.DataFrame([{"jour": pd.NA} | dict.fromkeys(("a_risque", "ouverts", "survie"), HIDDEN)])
        parts.append(steps.assign(**{by: name}))
    columns = [by, "jour", "a_risque", "ouverts", "survie"]
    if not parts:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    return table.assign(jour=table.jour.astype("Int64"))[columns]


def _few_since(now: pd.DataFrame, then: pd.DataFrame, seuil: int) -> bool:
    """Whether 1 to `seuil` - 1 openings more than last time fall between two days that both curves tell."""
    then = then[then.ouverts != HIDDEN].astype({"jour": "int64", "ouverts": "int64"})
    if then.empty:
        return False
    ends = [*sorted({*now.jour} & {*then.jour}), np.inf]
    new, old = (np.diff([0, *(t.ouverts[t.jour <= end].sum() for end in ends)]) for t in (now, then))
    return bool(small(np.abs(new - old), seuil).any())


def curve(days: pd.Series, opened: "pd.Series[bool]", seuil: int) -> pd.DataFrame:
    """The steps of one curve: columns jour, a_risque, ouverts, survie.

    By day if `seuil` is 1. Else by week; by month of thirty days if a week has fewer than
    `seuil` openings; then neighbouring months are put together. survie is the Kaplan–Meier
    estimate by day at the end of the step (to 0.01), a_risque the accounts closed at its beginning.
    """
    ends = [days]
    if seuil > 1:
        ends = [np.ceil(days.clip(lower=1) / width) * width for width in (WEEK, MONTH)]
        ends.append(_joined(ends[-1], opened, seuil))
    for end in ends:
        per_step = end[opened].value_counts()
        if (per_step >= seuil).all():
            break
    steps = np.sort(end[opened].unique())
    daily = kaplan_meier(days, opened)
    closed = [end > begin for begin in (-1.0, *steps[:-1])] if seuil > 1 else [days >= step for step in steps]
    return pd.DataFrame(
        {
            "jour": steps,
            "a_risque": [int(still.sum()) for still in closed],
            "ouverts": per_step[steps].to_numpy(),
            "survie": daily.survival[np.searchsorted(daily.times, steps, side="right") - 1],
        }
    ).round({"survie": 16 if seuil == 1 else 2})


def _joined(months: pd.Series, opened: "pd.Series[bool]", seuil: int) -> pd.Series:
    """Months put together from the first until each step has enough; the rest joins the last."""
    per_month = months[opened].value_counts().sort_index()
    ends, so_far = [], 0
    for end, done in per_month.items():
        so_far += done
        if so_far >= seuil:
            ends.append(end)
            so_far = 0
    if so_far and ends:
        ends[-1] = per_month.index[-1]
    elif so_far:
        ends = [per_month.index[-1]]
    bounds = np.array(ends)
    place = np.searchsorted(bounds, months)
    later = np.maximum(months, bounds[-1] + MONTH)
    return pd.Series(np.where(place < len(ends), bounds.take(place, mode="clip"), later), index=months.index)


def delais_ouverture(
    rows: pd.DataFrame, found: Campaign, territory: str, seuil: int, by: str = "profil"
) -> pd.DataFrame:
    """Median time to opening, open cases counted: Kaplan–Meier, log-log interval at 95 %.

    Columns profil (or interface), comptes, ouverts, mediane, ic_bas, ic_haut (days; missing
    where the curve does not come down to one half), all HIDDEN when the curve is hidden, and
    days where fewer than ENOUGH accounts opened.
    """
    records = []
    for name, hidden in _listed(found, f"en_cours_{by}", territory):
        own = _live(rows[rows[by] == name])
        record: dict[str, object] = {by: name, "comptes": len(own), "ouverts": int(own.date_ouverture.notna().sum())}
        middle = kaplan_meier(own.jours, own.date_ouverture.notna()).quantile(0.5)
        record |= dict(zip(("mediane", "ic_bas", "ic_haut"), middle, strict=True))
        if hidden:
            record |= dict.fromkeys(record, HIDDEN) | {by: name}
        records.append(record)
    table = pd.DataFrame(records, columns=[by, "comptes", "ouverts", "mediane", "ic_bas", "ic_haut"])
    opened = pd.to_numeric(table.ouverts, errors="coerce")
    for column, least in ENOUGH.items() if seuil > 1 else ():
        table = masked(table, opened.between(1, least * seuil, inclusive="left"), [column])
    return table


def _listed(found: Campaign, measure: str, territory: str) -> list[tuple[str, bool]]:
    """The names that have a row, and whether it is hidden: a hidden count may be 0."""
    counts = found.profiles
    mine = [label for label in counts.values if label[:2] == (measure, territory)]
    return sorted((label[2][0], counts.hidden[label]) for label in mine if counts.hidden[label] or counts.values[label])


def _live(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.en_cours & rows.jours.notna()]
