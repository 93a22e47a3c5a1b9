"""What stands above the columns of a received file, and which columns it means."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from notebook_reports.errors import StudyError
from notebook_reports.french import listing, quoted

from ..tables import Column
from ..words import mended, squeeze

SEARCHED = 20  # rows in which the header may be
_UNIT = re.compile(r"\((?:en )?(?:m²|m2|€|euros?|%|jours?)\)\s*$", re.IGNORECASE)


class Unreadable(StudyError):
    """Sets the file aside; the message goes on a sentence that begins with the file's name."""


class Headers:
    """The headers of a table; those of an export of answers are told otherwise, see `exports`.

    Parameters
    ----------
    columns
        Each with the headers that it may have, the preferred first. The name of a column means no other.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.required = {column.name for column in columns if column.required}
        self.known: dict[str, tuple[str, ...]] = {}  # header as `key` spells it → the columns that it may mean
        for column in columns:
            for spelled in filter(None, dict.fromkeys(map(self.key, column.headers))):
                self.known[spelled] = (*self.known.get(spelled, ()), column.name)
        self.known |= {self.key(column.name): (column.name,) for column in reversed(columns)}

    def key(self, header: str) -> str:
        """What of a header counts: no unit in brackets."""
        return squeeze(_UNIT.sub("", mended(header)))

    def meant(self, header: str) -> tuple[str, ...]:
        """The columns that a header may mean, none for most."""
        return self.known.get(self.key(header), ())

    def named(self, row: Sequence[str]) -> set[str]:
        return {name for cell in row for name in self.meant(cell)} & {column.name for column in self.columns}

    def search(self, rows: Sequence[Sequence[str]]) -> tuple[int, int]:
        """Index of the row that names most columns (the first of equals) and how many it names.

        A row is a header when it names at least half as many columns as are required: a header that
        lacks some is recognised, and told what it lacks. Else the count is 0. Where a header in words stands
        above one by codes, it is the second.
        """
        named = [self.named(row) for row in rows[: SEARCHED + 1]]
        most = max(map(len, named[:SEARCHED]), default=0)
        if 2 * most < max(len(self.required), 1):
            return 0, 0
        index = next(place for place, names in enumerate(named) if len(names) == most)
        return index + (most > 1 and named[index] in named[index + 1 : index + 2]), most

    def match(self, header: Sequence[str]) -> dict[str, list[int]]:
        """Column → positions in the header, the preferred first.

        Raises
        ------
        Unreadable
            When two headers of a column are the same or a required column is absent.
        """
        keys = [self.key(cell) for cell in header]
        rank = {spelled: place for place, spelled in enumerate(self.known)}
        found: dict[str, list[int]] = {}
        for place in sorted(range(len(keys)), key=lambda place: rank.get(keys[place], len(rank))):
            for name in self.meant(header[place]):
                found.setdefault(name, []).append(place)
        twice = {header[keys.index(k)].strip() for k, n in Counter(keys).items() if n > 1 and self.named([k])}
        if twice:
            told = listing([*map(quoted, sorted(twice))])
            raise Unreadable(f"en-tête en double ({told})\u202f; gardez une seule de ces colonnes")
        if absent := [column for column in self.columns if column.required and column.name not in found]:
            many = "s" if len(absent) > 1 else ""
            raise Unreadable(
                f"colonne{many} obligatoire{many} absente{many} ({listing([*map(_told, absent)])})\u202f;"
                " ajoutez ce qui manque ou rétablissez l'en-tête"
            )
        return found

    def advice(self, header: str, read: set[str]) -> str:
        """What to do with a header that nobody knows: the name that resembles it most, of a column not `read`."""
        own = self.key(header)
        near = [known for known in self.known if len(known) >= 4 and (own.startswith(known) or known.startswith(own))]
        near = sorted(near, key=len, reverse=True) or get_close_matches(own, self.known, 1, 0.75)
        free = next((name for known in near for name in self.known[known] if name not in read), None)
        return f"si c'est {free}, donnez-lui ce nom" if free else "rien à faire si elle est de trop"


def _told(column: Column) -> str:
    """The name of a column with the header that a real extract would bear."""
    other = next((h for h in column.headers if squeeze(h) != squeeze(column.name)), None)
    return f"{column.name}, ou {quoted(other)}" if other else column.name
