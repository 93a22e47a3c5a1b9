"""What a reader makes of a file: sheets of text cells under a header; then rows by column."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from notebook_reports.errors import StudyError
from notebook_reports.french import listing, quoted

from ..tables import Column
from ..words import mended, squeeze
from . import values

SEARCHED = 20  # rows in which the header may be
_UNIT = re.compile(r"\((?:en )?(?:m²|m2|€|euros?|%|jours?)\)\s*$", re.IGNORECASE)
_FEWEST = 3  # names that make a header when it stands again
Merged = tuple[int, int, int]  # first line, column from 0, last line
Doubt = tuple[int, str, str, str]  # ligne, colonne, valeur, motif
_ONLY_A_LIST = "rien à faire si c'est une liste de choix"
TOTAL = "ligne de total\u202f; rien à faire"
TOO_WIDE = "plus de cellules remplies que d'en-têtes\u202f; une cellule est peut-être coupée par un séparateur"


class Unreadable(StudyError):
    """Sets the file aside; the message goes on a sentence that begins with the file's name."""


class Headers:
    """The headers of a table; those of an export of answers are told otherwise, see `exports`.

    Parameters
    ----------
    columns
        Each with the headers that it may have, the preferred first. The name of a column means no other.
    shared
        The columns in which a cell that is merged with those below is each row's.
    """

    def __init__(self, columns: Sequence[Column], shared: Collection[str] = ()) -> None:
        self.columns, self.shared = columns, shared
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

    def once(self, key: str) -> bool:
        """Whether a header may not stand twice: any that says something, who knows which is the right one."""
        return bool(key)

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
            When two headers are the same (`once`) or a required column is absent.
        """
        keys = [self.key(cell) for cell in header]
        rank = {spelled: place for place, spelled in enumerate(self.known)}
        found: dict[str, list[int]] = {}
        for place in sorted(range(len(keys)), key=lambda place: rank.get(keys[place], len(rank))):
            for name in self.meant(header[place]):
                found.setdefault(name, []).append(place)
        twice = {header[keys.index(k)].strip() for k, n in Counter(keys).items() if n > 1 and self.once(k)}
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

    def width(self, header: Sequence[str]) -> int:
        """A row with a filled cell beyond that many is refused."""
        return len(header)

    def totals(self, cells: pd.DataFrame, read: Mapping[str, pd.Series]) -> pd.Series:
        """What the rows that add up others begin with: of all the cells, and of those `read` by column."""
        return pd.Series(dtype="str")

    def rows(self, sheet: "Sheet", fichier: str) -> "Rows":
        """The rows of a sheet by column; of several headers for one, the preferred filled cell.

        Raises
        ------
        Unreadable
            When the header repeats a column or lacks a required one.
        """
        found = self.match(sheet.header)
        shared = {place for name in found.keys() & self.shared for place in found[name]}
        lines, cells = sheet.cells.index, sheet.cells.copy(deep=False)
        for first, place, last in sheet.merged:
            if place in shared and first in lines:
                cells.loc[first:last, place] = cells.at[first, place]
        cells, read = cells.reset_index(drop=True), {}
        for name, (preferred, *others) in found.items():
            read[name] = cells[preferred]
            for other in others:
                own = read[name].astype("str")
                read[name] = values.codes_of(own.mask(values.text(own).isna(), cells[other].astype("str")))
        wide = pd.Series(None, cells.index, dtype="str")
        for place in cells.columns[self.width(sheet.header) :]:
            wide = wide.fillna(cells[place].astype("str").where(lambda cell: cell.str.strip() != ""))
        total = self.totals(cells, read)
        origin = {
            "fichier": values.repeated(fichier, len(cells)),
            "feuille": values.repeated(sheet.name or None, len(cells)),
            "ligne": pd.Series(lines, dtype="Int64"),
            "forme": wide.mask(wide.notna(), TOO_WIDE).fillna(total.mask(total.notna(), TOTAL)),
            "montre": wide.fillna(total),
        }
        doubts = tuple((fichier, sheet.name, *doubt) for doubt in (*sheet.doubts, *_unread(sheet, self)))
        return Rows(pd.DataFrame(read, cells.index), pd.DataFrame(origin), (fichier,), doubts)


def _told(column: Column) -> str:
    """The name of a column with the header that a real extract would bear."""
    other = next((h for h in column.headers if squeeze(h) != squeeze(column.name)), None)
    return f"{column.name}, ou {quoted(other)}" if other else column.name


@dataclass(frozen=True)
class Sheet:
    """
    Parameters
    ----------
    name
        Empty for a text file.
    header
        The row that names the columns.
    cells
        The rows under it that are not blank, by their line as the file's own program shows it: text in codes
        (categories), "" where empty; columns 0, 1, 2…, those of the header at least.
    top
        The line of the header.
    merged
        Cells that are one with those below.
    doubts
        What to warn of.
    """

    name: str
    header: list[str]
    cells: pd.DataFrame
    top: int = 1
    merged: tuple[Merged, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Rows(NamedTuple):
    """Rows of a sheet, or of several files.

    Parameters
    ----------
    cells
        Text as written, by column, in codes; missing where a file lacks the column.
    origin
        The same index, from 0: fichier, feuille, ligne; `forme`, why its shape refuses a row, and `montre`, what is
        shown of it then.
    files
        Those read, were they without a row.
    doubts
        fichier, feuille and what follows (`Doubt`).
    """

    cells: pd.DataFrame
    origin: pd.DataFrame
    files: tuple[str, ...] = ()
    doubts: tuple[tuple[object, ...], ...] = ()


def under(
    name: str,
    header: Sequence[str],
    columns: Iterable[Sequence[str] | pd.Categorical],
    top: int,
    lines: Sequence[int] | None = None,
) -> Sheet:
    """The columns under a header, whose rows follow its line unless `lines` are told; wrong encodings are mended."""
    cells = pd.DataFrame({place: _mended(values.codes_of(column)) for place, column in enumerate(columns)})
    for place in range(len(cells.columns), len(header)):
        cells[place] = values.repeated("", len(cells))
    cells.index = range(top + 1, top + 1 + len(cells)) if lines is None else pd.Index(lines, dtype="int64")
    kept = np.zeros(len(cells), dtype=bool)
    for place in cells:
        if not kept.all():
            kept |= values.by_value(cells[place], lambda texts: texts.str.strip() != "").to_numpy(dtype=bool)
    return Sheet(name, [*map(mended, header)], cells if kept.all() else cells[kept], top)


def _mended(column: pd.Series) -> pd.Series:
    def mend(texts: pd.Series) -> pd.Series:
        found = texts if texts.str.isascii().all() else texts.map(mended)
        return texts if found.equals(texts) else found

    return values.by_value(column, mend)


def without_lists(sheets: Sequence[Sheet], headers: Headers) -> list[Sheet]:
    """Without lists of choices: sheets that lack half the required columns or more, beside one that has all."""
    lacking = [sorted(headers.required - headers.named(sheet.header)) for sheet in sheets]
    if all(lacking):
        return [*sheets]
    lists = [2 * len(absent) >= len(headers.required) > 0 for absent in lacking]
    told = tuple(
        (1, "", "", f"feuille {quoted(sheet.name)} non lue, sans {listing(absent)}\u202f; {_ONLY_A_LIST}")
        for sheet, absent, is_list in zip(sheets, lacking, lists, strict=True)
        if is_list
    )
    first, *others = (sheet for sheet, is_list in zip(sheets, lists, strict=True) if not is_list)
    return [replace(first, doubts=(*first.doubts, *told)), *others]


def again(sheet: Sheet, headers: Headers) -> list[Sheet]:
    """The sheet, cut where its header stands again: each part has the columns of its own."""
    first = {cell.strip() for cell in sheet.header if headers.meant(cell)}
    if len(first) < _FEWEST or sheet.cells.empty:
        return [sheet]
    hits = sum(sheet.cells[place].isin(first).to_numpy(dtype=int) for place in sheet.cells)
    ends = [*np.flatnonzero(3 * hits >= 2 * len(first)), len(sheet.cells)]
    parts = [replace(sheet, cells=sheet.cells.iloc[: ends[0]])]
    for row, end in pairwise(ends):
        header, top = sheet.cells.iloc[row].astype("str").to_list(), int(sheet.cells.index[row])
        parts.append(replace(sheet, header=header, cells=sheet.cells.iloc[row + 1 : end], top=top, doubts=()))
    return parts


def _unread(sheet: Sheet, headers: Headers) -> Iterator[Doubt]:
    """The filled columns whose header nobody knows, with the name that resembles it most."""
    read = headers.named(sheet.header)
    for place, cell in enumerate(sheet.header):
        strange = cell.strip() and not headers.meant(cell)
        if strange and (sheet.cells[place].drop_duplicates().astype("str").str.strip() != "").any():
            told = f"colonne non lue, son en-tête n'est pas reconnu\u202f; {headers.advice(cell, read)}"
            yield sheet.top, "", cell.strip(), told


def end_to_end(parts: Iterable[Rows]) -> Rows:
    """All the rows, numbered from 0; a column is missing where a part lacks it."""
    cells, origins, files, doubts = zip(*parts, strict=True)
    return Rows(_joined(cells), _joined(origins), tuple(dict.fromkeys(sum(files, ()))), sum(doubts, ()))


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0]
    found = {}
    for name in dict.fromkeys(name for frame in frames for name in frame):
        columns = [frame.get(name, values.repeated(None, len(frame))) for frame in frames]
        coded = all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns)
        found[name] = pd.Series(union_categoricals(columns)) if coded else pd.concat(columns, ignore_index=True)
    return pd.DataFrame(found)
