"""Which column of a sheet is which column of the table."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from ..french import listing, quoted
from ..tables import Column
from ..words import squeeze
from .sheet import Unreadable

SEARCHED = 20  # rows in which the header may be


@lru_cache
def _names(columns: tuple[Column, ...]) -> dict[str, tuple[str, int]]:
    """Folded header → canonical column and rank of preference."""
    found: dict[str, tuple[str, int]] = {}
    for column in columns:
        for rank, header in enumerate(column.headers):
            found.setdefault(squeeze(header), (column.name, rank))
    return found


def search(rows: Sequence[Sequence[str]], columns: tuple[Column, ...]) -> tuple[int, int]:
    """Index of the row that names most columns (the first of equals) and how many it names.

    A row is a header when it names at least half as many columns as the table requires: a
    header that lacks some is recognised, and told what it lacks. Else the count is 0.
    """
    names = _names(columns)
    named = [len({names[key][0] for cell in row if (key := squeeze(cell)) in names}) for row in rows[:SEARCHED]]
    best, required = max(named, default=0), sum(c.required for c in columns)
    return (named.index(best), best) if 2 * best >= max(required, 1) else (0, 0)


def match(header: Sequence[str], columns: tuple[Column, ...]) -> dict[str, list[int]]:
    """Canonical column → positions in the header, the preferred first.

    Raises
    ------
    Unreadable
        When two headers are the same or a required column is absent.
    """
    keys = [squeeze(cell) for cell in header]
    twice = sorted({header[keys.index(k)] for k, n in Counter(keys).items() if k and n > 1})
    if twice:
        told = listing([quoted(name.strip()) for name in twice])
        raise Unreadable(f"en-tête en double ({told})\u202f; gardez une seule de ces colonnes")
    names = _names(columns)
    ranked = sorted((names[key], place) for place, key in enumerate(keys) if key in names)
    found: dict[str, list[int]] = {}
    for (name, _), place in ranked:
        found.setdefault(name, []).append(place)
    absent = [c for c in columns if c.required and c.name not in found]
    if absent:
        many = "s" if len(absent) > 1 else ""
        told = listing([_told(c) for c in absent])
        raise Unreadable(
            f"colonne{many} obligatoire{many} absente{many} ({told})\u202f;"
            " ajoutez ce qui manque ou rétablissez l'en-tête"
        )
    return found


def _told(column: Column) -> str:
    """The canonical name with the header that a real extract would bear."""
    other = next((h for h in column.headers if squeeze(h) != squeeze(column.name)), None)
    return f"{column.name}, ou {quoted(other)}" if other else column.name
