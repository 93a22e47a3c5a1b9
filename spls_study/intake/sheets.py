"""What a reader makes of a file: sheets of text cells under a header, or the reason why it cannot."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from notebook_reports.errors import StudyError
from notebook_reports.french import listing, quoted

from ..tables import Column
from ..words import mended, squeeze
from . import values

SEARCHED = 20  # rows in which the header may be
_FEWEST = 3  # names that make a header when it stands again
_UNIT = re.compile(r"\((?:en )?(?:m²|m2|€|euros?|%|jours?)\)\s*$", re.IGNORECASE)
Lines = npt.NDArray[np.int64]
Merged = tuple[int, int, int]  # row and column from 0, rows
Doubt = tuple[int, str, str, str]  # ligne, colonne, valeur, motif
DAMAGED = (
    "classeur abîmé, ou archive qui n'est pas un classeur\u202f; rouvrez-le dans un tableur et enregistrez-le à nouveau"
)
_ONLY_A_LIST = "rien à faire si c'est une liste de choix"
PROTECTED = "classeur protégé\u202f; enregistrez-le sans mot de passe"


class Unreadable(StudyError):
    """Sets the file aside; the message goes on a sentence that begins with the file's name."""


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
        The rows under it as text in codes (categories), "" where empty; columns 0, 1, 2…
    lines
        The line of each row as the file's own program shows it.
    doubts
        What to warn of.
    merged
        Cells that are one with those below: row, column, rows.
    top
        The line of the header.
    """

    name: str
    header: list[str]
    cells: pd.DataFrame
    lines: Lines
    doubts: tuple[Doubt, ...] = ()
    merged: tuple[Merged, ...] = ()
    top: int = 1


def under(
    name: str,
    header: Sequence[str],
    columns: Iterable[Sequence[str] | pd.Categorical],
    top: int,
    merged: tuple[Merged, ...] = (),
) -> Sheet:
    """The columns under a header, whose rows follow its line; what was read in the wrong encoding is mended."""
    cells = pd.DataFrame({place: _mended(values.codes_of(column)) for place, column in enumerate(columns)})
    return Sheet(name, [*map(mended, header)], cells, np.arange(top + 1, top + 1 + len(cells)), (), merged, top)


def _mended(column: pd.Series) -> pd.Series:
    def mend(texts: pd.Series) -> pd.Series:
        found = texts if texts.str.isascii().all() else texts.map(mended)
        return texts if found.equals(texts) else found

    return values.by_value(column, mend)


@lru_cache
def _names(columns: tuple[Column, ...]) -> dict[str, tuple[str, int]]:
    """Folded header → canonical column and rank of preference."""
    found: dict[str, tuple[str, int]] = {}
    for column in columns:
        for rank, header in enumerate(column.headers):
            found.setdefault(squeeze(header), (column.name, rank))
    return found


def key(header: str) -> str:
    """What of a header counts: no unit in brackets."""
    return squeeze(_UNIT.sub("", mended(header)))


def _known(header: Sequence[str], columns: tuple[Column, ...]) -> set[str]:
    names = _names(columns)
    return {names[known][0] for cell in header if (known := key(cell)) in names}


def search(rows: Sequence[Sequence[str]], columns: tuple[Column, ...]) -> tuple[int, int]:
    """Index of the row that names most columns (the first of equals) and how many it names.

    A row is a header when it names at least half as many columns as the table requires: a
    header that lacks some is recognised, and told what it lacks. Else the count is 0.
    """
    named = [len(_known(row, columns)) for row in rows[:SEARCHED]]
    best, required = max(named, default=0), sum(c.required for c in columns)
    return (named.index(best), best) if 2 * best >= max(required, 1) else (0, 0)


def match(header: Sequence[str], columns: tuple[Column, ...]) -> dict[str, list[int]]:
    """Canonical column → positions in the header, the preferred first.

    Raises
    ------
    Unreadable
        When two headers are the same or a required column is absent.
    """
    keys = [key(cell) for cell in header]
    twice = sorted({header[keys.index(k)] for k, n in Counter(keys).items() if k and n > 1})
    if twice:
        told = listing([quoted(name.strip()) for name in twice])
        raise Unreadable(f"en-tête en double ({told})\u202f; gardez une seule de ces colonnes")
    names = _names(columns)
    ranked = sorted((names[k], place) for place, k in enumerate(keys) if k in names)
    found: dict[str, list[int]] = {}
    for (name, _), place in ranked:
        found.setdefault(name, []).append(place)
    if absent := [c for c in columns if c.required and c.name not in found]:
        many = "s" if len(absent) > 1 else ""
        told = listing([_told(c) for c in absent])
        raise Unreadable(
            f"colonne{many} obligatoire{many} absente{many} ({told})\u202f;"
            " ajoutez ce qui manque ou rétablissez l'en-tête"
        )
    return found


def without_lists(sheets: Sequence[Sheet], columns: tuple[Column, ...]) -> list[Sheet]:
    """Without lists of choices: sheets that lack half the required columns or more, beside one that has all."""
    required = {column.name for column in columns if column.required}
    lacking = [sorted(required - _known(sheet.header, columns)) for sheet in sheets]
    if all(lacking):
        return [*sheets]
    lists = [2 * len(absent) >= len(required) > 0 for absent in lacking]
    told = tuple(
        (1, "", "", f"feuille {quoted(sheet.name)} non lue, sans {listing(absent)}\u202f; {_ONLY_A_LIST}")
        for sheet, absent, is_list in zip(sheets, lacking, lists, strict=True)
        if is_list
    )
    first, *others = (sheet for sheet, is_list in zip(sheets, lists, strict=True) if not is_list)
    return [replace(first, doubts=(*first.doubts, *told)), *others]


def again(sheet: Sheet, columns: tuple[Column, ...]) -> list[Sheet]:
    """The sheet, cut where its header stands again: each part has the columns of its own."""
    first = {cell.strip() for cell in sheet.header if key(cell) in _names(columns)}
    if len(first) < _FEWEST or sheet.cells.empty:
        return [sheet]
    hits = sum(sheet.cells[place].isin(first).to_numpy(dtype=int) for place in sheet.cells)
    rows = [int(row) for row in np.flatnonzero(3 * hits >= 2 * len(first))]
    ends = [*rows, len(sheet.cells)]
    parts = [replace(sheet, cells=sheet.cells[: ends[0]], lines=sheet.lines[: ends[0]])]
    for row, end in pairwise(ends):
        header = sheet.cells.iloc[row].astype("str").to_list()
        cells, lines = sheet.cells[row + 1 : end].reset_index(drop=True), sheet.lines[row + 1 : end]
        spans = tuple((at - row - 1, place, height) for at, place, height in sheet.merged if row < at < end)
        parts.append(Sheet(sheet.name, header, cells, lines, merged=spans, top=int(sheet.lines[row])))
    return parts


def unread(sheet: Sheet, columns: tuple[Column, ...]) -> Iterator[Doubt]:
    """The filled columns whose header nobody knows, with the name that resembles it most."""
    names = _names(columns)
    read = _known(sheet.header, columns)
    for place, cell in enumerate(sheet.header):
        if (own := key(cell)) and own not in names and place in sheet.cells and _filled(sheet.cells[place]):
            near = [known for known in names if len(known) >= 4 and (own.startswith(known) or known.startswith(own))]
            near = sorted(near, key=len, reverse=True) or get_close_matches(own, names, 1, 0.75)
            free = next((names[known][0] for known in near if names[known][0] not in read), None)
            advice = f"si c'est {free}, donnez-lui ce nom" if free else "rien à faire si elle est de trop"
            yield sheet.top, "", cell.strip(), f"colonne non lue, son en-tête n'est pas reconnu\u202f; {advice}"


def _filled(cells: pd.Series) -> bool:
    return bool((cells.drop_duplicates().astype("str").str.strip() != "").any())


def _told(column: Column) -> str:
    """The canonical name with the header that a real extract would bear."""
    other = next((h for h in column.headers if squeeze(h) != squeeze(column.name)), None)
    return f"{column.name}, ou {quoted(other)}" if other else column.name
