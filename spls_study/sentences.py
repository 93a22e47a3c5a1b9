"""Words that several cells and notebooks share: what a share, a change, a list of names say of themselves."""

from collections.abc import Sequence

import pandas as pd

from .french import NOT_APPLICABLE, count, listing, number, percent, plural, signed
from .study import SMALL_BASE

NAMED = 5  # names in a sentence


def share_or_count(part: float, whole: float, operations: float) -> str:
    """« 52,3 % des », or « 12 des 40 » where the base has too few operations.

    >>> share_or_count(12, 40, 4)
    '12 des 40'
    """
    return f"{number(part)} des {number(whole)}" if operations < SMALL_BASE else f"{percent(part / whole)} des"


def change(now: pd.Series, before: pd.Series, year: int) -> str:
    """« (−12,0 % par rapport à 2012) », in dwellings where either base is small, empty where there is no comparison.

    Parameters
    ----------
    now, before
        Logements and operations of a year and of the one it is compared with.
    year
        That of `before`.
    """
    if not (now.logements and before.logements):
        return ""
    moved = now.logements - before.logements
    if min(now.operations, before.operations) < SMALL_BASE:
        said = f"{signed(moved)} {plural(moved, 'logement')}"
    else:
        said = f"{signed(round(moved / before.logements * 100, 1), 1)} %"
    return f" ({said} par rapport à {year})"


def some_of(names: Sequence[str]) -> str:
    """« A, B, C, D, E et 3 autres »."""
    more = [count(len(names) - NAMED, "autre")] if len(names) > NAMED else []
    return listing([*names[:NAMED], *more])


def leading(view: pd.DataFrame, name: str, label: str, year: int) -> str:
    """« La Rochelle : 406 logements PLUS et PLAI en 2013 », equals together; `label` is the column of numbers."""
    most = view[label].max()
    names = listing([*view.loc[view[label] == most, name]])
    return f"{names} : {count(most, 'logement')} {label} en {year}"


def small_bases(view: pd.DataFrame) -> str:
    """What « – » stands for in a table, if it holds one."""
    there = (view == NOT_APPLICABLE).any(axis=None)
    return f"« – » : moins de {SMALL_BASE} opérations, ni pourcentage ni indice." if there else ""
