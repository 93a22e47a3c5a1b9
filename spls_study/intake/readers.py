"""From bytes to sheets of text cells: the content tells the format, not the extension."""

import io
import math
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
import python_calamine as calamine

from ..tables import Column
from ..words import mended
from . import delimited, headers, marks
from .sheet import DAMAGED, PROTECTED, Sheet, Unreadable

OLD = "classeur protégé par un mot de passe, ou ancien format .xls\u202f; enregistrez-le en .xlsx sans mot de passe"
NO_HEADER = (
    f"aucun en-tête reconnu dans les {headers.SEARCHED} premières lignes\u202f;"
    " la première ligne du tableau doit nommer les colonnes"
)
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheets(data: bytes, columns: tuple[Column, ...]) -> list[Sheet]:
    """The visible sheets that have a header of the table, with the rows under it.

    Raises
    ------
    Unreadable
        When the content is no workbook and no text, is damaged, or has no such header.
    """
    if data.startswith(OLE2):
        raise Unreadable(OLD)
    if data.startswith(b"PK\x03\x04"):
        sheets = _workbook(data, columns)
    else:
        sheets = [sheet for sheet in [delimited.read(data, columns)] if sheet]
    if not sheets:
        raise Unreadable(NO_HEADER)
    return [part for sheet in sheets for part in headers.again(sheet, columns)]


def _workbook(data: bytes, columns: tuple[Column, ...]) -> list[Sheet]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        errors, merged = marks.left_out(data), marks.merged(data)
        read = [
            (meta.name, sheet.to_python(skip_empty_area=False), merged.get(meta.name) or _merged(sheet))
            for meta, sheet in ((meta, book.get_sheet_by_name(meta.name)) for meta in book.sheets_metadata)
            if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError:
        raise Unreadable(PROTECTED) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a damaged archive makes three libraries raise, or panic
        raise Unreadable(DAMAGED) from None
    sheets = [_sheet(name, rows, errors.get(name, {}), spans, columns) for name, rows, spans in read]
    return [sheet for sheet in sheets if sheet]


def _sheet(
    name: str,
    rows: list[list[Any]],
    errors: dict[tuple[int, int], str],
    merged: list[marks.Merged],
    columns: tuple[Column, ...],
) -> Sheet | None:
    for (line, place), value in errors.items():
        if line < len(rows) and place < len(rows[line]):
            rows[line][place] = value
    top = [[_text(cell) for cell in row] for row in rows[: headers.SEARCHED]]
    index, named = headers.search(top, columns)
    if not named:
        return None
    columns_of = zip_longest(*rows[index + 1 :], fillvalue="")
    cells = {place: pd.Series([_text(c) for c in column], dtype="str") for place, column in enumerate(columns_of)}
    spans = tuple((row - index - 1, place, height) for row, place, height in merged if row > index)
    return Sheet(
        name, top[index], pd.DataFrame(cells), np.arange(index + 2, len(rows) + 1), merged=spans, top=index + 1
    )


def _merged(sheet: calamine.CalamineSheet) -> list[marks.Merged]:
    return [(top, left, end - top + 1) for (top, left), (end, _) in sheet.merged_cell_ranges or () if end > top]


def _text(cell: Any) -> str:
    """A typed cell as the text that its column's reader understands."""
    if isinstance(cell, str):
        return mended(cell)
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
