"""How accounts open over time."""

from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..methods import frame
from ..methods.survival import kaplan_meier

RECENT = timedelta(days=28)
FARTHEST = 3 * 365  # days: beyond, a date means nothing
CURVE = {"jour": "int64", "a_risque": "int64", "ouverts": "int64", "survie": "float64"}
DELAYS = {"comptes": "int64", "ouverts": "int64"} | dict.fromkeys(("mediane", "ic_bas", "ic_haut"), "float64")


def ouverture(rows: pd.DataFrame, by: str = "profil") -> pd.DataFrame:
    """How accounts open over time: Kaplan–Meier, by profile or by interface.

    Columns profil (or interface), then CURVE: ouverts are those of that day, survie is the share still closed after
    it; a curve without opening has no row. Refused and withdrawn accounts, and those whose duration is not known, are
    left out.
    """
    found: list[tuple[object, ...]] = []
    for name, own in _live(rows).groupby(by):
        opened = own.date_ouverture.notna()
        curve = kaplan_meier(own.jours, opened)
        days, done = np.unique(own.jours[opened].to_numpy(dtype="float64"), return_counts=True)
        for day, n in zip(days, done, strict=True):
            found.append((name, day, (own.jours >= day).sum(), n, curve.survival[np.searchsorted(curve.times, day)]))
    return frame(found, {by: "str"} | CURVE)


def delais_ouverture(rows: pd.DataFrame, by: str = "profil") -> pd.DataFrame:
    """Median time to opening, open cases counted: Kaplan–Meier, log-log interval at 95 %.

    Columns profil (or interface), then DELAYS (days; missing where the curve does not come down to one half).
    """
    found = []
    for name, own in _live(rows).groupby(by):
        done = own.date_ouverture.notna()
        found.append((name, len(own), done.sum(), *kaplan_meier(own.jours, done).quantile(0.5)))
    return frame(found, {by: "str"} | DELAYS)


def _live(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.en_cours & rows.jours.notna()]


class Rest(NamedTuple):
    """What is left to open, and when it will be at the pace of the last four weeks (None: never)."""

    en_cours: int
    reste: int
    recents: int
    fin: date | None


def reste(rows: pd.DataFrame, extraction: date) -> Rest:
    """`rows`: what `accounts` returns, of the territory."""
    recent = int((rows.ouvert & (rows.date_ouverture > pd.Timestamp(extraction) - RECENT)).sum())
    live = int(rows.en_cours.sum())
    left = live - int(rows.ouvert.sum())
    days = ceil(left * RECENT.days / recent) if recent else None
    far = days is None or days > FARTHEST
    return Rest(live, left, recent, None if far else extraction + timedelta(days=days or 0))
