"""From bytes to sheets of text cells: the content tells the format, not the extension."""

import io
import math
from collections.abc import Iterator
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

import numpy as np
import python_calamine as calamine

from . import delimited, sheets
from .headers import SEARCHED, Headers, Unreadable
from .limits import ARCHIVE, DAMAGED, PROTECTED, Opened
from .sheets import Sheet

OLD = "classeur protégé par un mot de passe, ou ancien format .xls\u202f; enregistrez-le en .xlsx sans mot de passe"
NO_HEADER = (
    f"aucun en-tête reconnu dans les {SEARCHED} premières lignes\u202f;"
    " la première ligne du tableau doit nommer les colonnes"
)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheets(file: Opened, headers: Headers) -> list[Sheet]:
    """The visible sheets that have a header, with the rows under it.

    Raises
    ------
    Unreadable
        When the content is no workbook and no text, is damaged, or has no such header.
    """
    if file.data.startswith(OLE2):
        raise Unreadable(OLD)
    is_archive = file.data.startswith(ARCHIVE)
    found = [*(_workbook(file, headers) if is_archive else delimited.read(file.data, headers))]
    if not found:
        raise Unreadable(NO_HEADER)
    whole = sheets.without_lists(found, headers)
    return [part for sheet in whole for part in sheets.again(sheet, headers)]


def _workbook(file: Opened, headers: Headers) -> Iterator[Sheet]:
    """By calamine, and what it leaves out."""
    try:
        book = calamine.load_workbook(io.BytesIO(file.data))
        read = [
            (book.get_sheet_by_name(meta.name), meta.name)
            for meta in book.sheets_metadata
            if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        grids = [(name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()) for sheet, name in read]
    except calamine.PasswordError:
        raise Unreadable(PROTECTED) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a damaged archive makes the library raise, or panic
        raise Unreadable(DAMAGED) from None
    for name, grid, merged in grids:
        for (line, place), value in file.left.get(name, {}).items():
            if line < len(grid) and place < len(grid[line]):
                grid[line][place] = value
        rows = [[_text(cell) for cell in row] for row in grid]
        index, named = headers.search(rows)
        if named:
            high = file.merged.get(name) or [
                (top, left, end - top + 1) for (top, left), (end, _) in merged if end > top
            ]
            spans = tuple((row - index - 1, place, height) for row, place, height in high if row > index)
            yield sheets.under(name, rows[index], zip_longest(*rows[index + 1 :], fillvalue=""), index + 1, spans)


def _text(cell: Any) -> str:
    """A typed cell as the text that its column's reader understands."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if isinstance(cell, (int, float)):
        whole = cell == int(cell)
        return str(int(cell)) if whole else np.format_float_positional(cell, trim="-")
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != datetime.min.time() else f"{cell:%Y-%m-%d}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
