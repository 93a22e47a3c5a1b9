"""How accounts open over time, under secrecy."""

import numpy as np
import pandas as pd

from ..methods.secret import HIDDEN
from ..methods.survival import kaplan_meier
from .rights import Campaign

WEEK, MONTH = 7, 30


def ouverture(rows: pd.DataFrame, found: Campaign, territory: str, seuil: int, by: str = "profil") -> pd.DataFrame:
    """How accounts open over time: Kaplan–Meier, by profile or by interface.

    Columns profil (or interface), jour (last day of the step), a_risque, ouverts (of that step),
    survie (share still closed after it). A curve whose counts are hidden has one row of HIDDEN; one
    without opening has none.

    `rows`: What `accounts` returns, of the territory. Refused and withdrawn accounts, and those
    whose duration is not known, are left out.
    """
    columns, parts = [by, "jour", "a_risque", "ouverts", "survie"], []
    for name, own in _live(rows).groupby(by):
        opened = own.date_ouverture.notna()
        if found.profiles.hidden.get((f"ouverts_{by}", territory, (name,))) and opened.any():
            parts.append(pd.DataFrame([[name, pd.NA, HIDDEN, HIDDEN, HIDDEN]], columns=columns))
        elif opened.any():
            parts.append(curve(own.jours, opened, seuil).assign(**{by: name}))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.astype({"jour": "Int64"})[columns]


def curve(days: pd.Series, opened: "pd.Series[bool]", seuil: int) -> pd.DataFrame:
    """The steps of one curve: columns jour, a_risque, ouverts, survie.

    By day if `seuil` is 1. Else by week; by month of thirty days if a week has fewer than
    `seuil` openings; then neighbouring months are put together. survie is the Kaplan–Meier
    estimate by day at the end of the step, a_risque the accounts closed at its beginning.
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
    )


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


def delais_ouverture(rows: pd.DataFrame, found: Campaign, territory: str, by: str = "profil") -> pd.DataFrame:
    """Median time to opening, open cases counted: Kaplan–Meier, log-log interval at 95 %.

    Columns profil (or interface), comptes, ouverts, mediane, ic_bas, ic_haut (days; missing
    where the curve does not come down to one half), all HIDDEN when the curve is hidden.
    """
    records = []
    for name, own in _live(rows).groupby(by):
        record = {by: name, "comptes": len(own), "ouverts": int(own.date_ouverture.notna().sum())}
        middle = kaplan_meier(own.jours, own.date_ouverture.notna()).quantile(0.5)
        record |= dict(zip(("mediane", "ic_bas", "ic_haut"), middle, strict=True))
        if found.profiles.hidden.get((f"en_cours_{by}", territory, (name,))):
            record = dict.fromkeys(record, HIDDEN) | {by: name}
        records.append(record)
    return pd.DataFrame(records, columns=[by, "comptes", "ouverts", "mediane", "ic_bas", "ic_haut"])


def _live(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.en_cours & rows.jours.notna()]
