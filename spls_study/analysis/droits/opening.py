"""How accounts open over time."""

from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..methods.survival import kaplan_meier

RECENT = timedelta(days=28)
FARTHEST = 3 * 365  # days: beyond, a date means nothing


def ouverture(rows: pd.DataFrame, by: str = "profil") -> pd.DataFrame:
    """How accounts open over time: Kaplan–Meier, by profile or by interface.

    Columns profil (or interface), jour, a_risque, ouverts (that day), survie (share still closed
    after it); a curve without opening has no row.

    `rows`: What `accounts` returns, of the territory. Refused and withdrawn accounts, and those
    whose duration is not known, are left out.
    """
    live = _live(rows)
    parts = [curve(own.jours, own.date_ouverture.notna()).assign(**{by: name}) for name, own in live.groupby(by)]
    columns = [by, "jour", "a_risque", "ouverts", "survie"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns].astype({by: "str"})


def curve(days: pd.Series, opened: "pd.Series[bool]") -> pd.DataFrame:
    """The days of one curve when accounts opened: jour, a_risque, ouverts, survie."""
    daily = kaplan_meier(days, opened)
    steps, done = np.unique(days[opened].to_numpy(dtype="float64"), return_counts=True)
    return pd.DataFrame(
        {
            "jour": steps.astype("int64"),
            "a_risque": np.array([(days >= step).sum() for step in steps], dtype="int64"),
            "ouverts": done,
            "survie": daily.survival[np.searchsorted(daily.times, steps)] if len(steps) else steps,
        }
    )


def delais_ouverture(rows: pd.DataFrame, by: str = "profil") -> pd.DataFrame:
    """Median time to opening, open cases counted: Kaplan–Meier, log-log interval at 95 %.

    Columns profil (or interface), comptes, ouverts, mediane, ic_bas, ic_haut (days; missing
    where the curve does not come down to one half).
    """
    records = []
    for name, own in _live(rows).groupby(by):
        done = own.date_ouverture.notna()
        records.append((name, len(own), int(done.sum()), *kaplan_meier(own.jours, done).quantile(0.5)))
    return pd.DataFrame(records, columns=[by, "comptes", "ouverts", "mediane", "ic_bas", "ic_haut"])


def _live(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.en_cours & rows.jours.notna()]


class Rest(NamedTuple):
    """What is left to open, and when it will be at the pace of the last four weeks (None: never)."""

    en_cours: int
    reste: int
    recents: int
    fin: date | None


def reste(rows: pd.DataFrame, extraction: date) -> Rest:
    """`rows`: What `accounts` returns, of the territory."""
    today = pd.Timestamp(extraction)
    recent = int((rows.ouvert & (rows.date_ouverture > today - RECENT)).sum())
    live = int(rows.en_cours.sum())
    left = live - int(rows.ouvert.sum())
    days = ceil(left * RECENT.days / recent) if recent else None
    far = days is None or days > FARTHEST
    return Rest(live, left, recent, None if far else extraction + timedelta(days=days or 0))


def semaines(rows: pd.DataFrame, extraction: date, debut: date | None = None) -> pd.DataFrame:
    """Accounts opened by week, those without opening too: semaine (its Monday), ouverts.

    Weeks run from that of the first opening, or of `debut` if earlier, to that of the extraction;
    accounts whose opening is not dated are left out.
    """
    opened = rows.date_ouverture[rows.ouvert].dropna()
    if opened.empty:
        return pd.DataFrame({"semaine": pd.Series(dtype="datetime64[s]"), "ouverts": pd.Series(dtype="int64")})
    first = min(opened.min(), pd.Timestamp(debut)) if debut else opened.min()
    monday = first - pd.Timedelta(days=first.day_of_week)
    weeks = pd.date_range(monday, pd.Timestamp(extraction), freq="7D")
    own = opened - pd.to_timedelta(opened.dt.day_of_week, unit="D")
    counts = own.value_counts().reindex(weeks, fill_value=0)
    return pd.DataFrame({"semaine": weeks.astype("datetime64[s]"), "ouverts": counts.to_numpy(dtype="int64")})
