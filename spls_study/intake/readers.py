"""From bytes to sheets of text cells: the content tells the format, not the extension.

Workbooks are read by calamine; what it leaves out (cells in error and formulas without a result of XLSX, merged cells
of ODS) is looked for beside it.
"""

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import python_calamine as calamine

from ..tables import Column
from ..words import mended
from . import delimited, sheets
from .limits import place_of, times
from .sheets import DAMAGED, PROTECTED, Sheet, Unreadable
from .values import FORMULA

OLD = "classeur protégé par un mot de passe, ou ancien format .xls\u202f; enregistrez-le en .xlsx sans mot de passe"
NO_HEADER = (
    f"aucun en-tête reconnu dans les {sheets.SEARCHED} premières lignes\u202f;"
    " la première ligne du tableau doit nommer les colonnes"
)
Merged = tuple[int, int, int]  # row and column from 0, rows
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = "xl/worksheets/"
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LEFT_OUT = re.compile(rb't="e"|(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')


def read_sheets(data: bytes, columns: tuple[Column, ...]) -> list[Sheet]:
    """The visible sheets that have a header of the table, with the rows under it.

    Raises
    ------
    Unreadable
        When the content is no workbook and no text, is damaged, or has no such header.
    """
    if data.startswith(OLE2):
        raise Unreadable(OLD)
    is_archive = data.startswith(b"PK\x03\x04")
    found = _workbook(data, columns) if is_archive else [delimited.read(data, columns)]
    if not any(found):
        raise Unreadable(NO_HEADER)
    return [part for sheet in found if sheet for part in sheets.again(sheet, columns)]


def _workbook(data: bytes, columns: tuple[Column, ...]) -> list[Sheet | None]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        errors, merged = left_out(data), merged_ods(data)
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
    return [_sheet(name, rows, errors.get(name, {}), spans, columns) for name, rows, spans in read]


def _sheet(
    name: str,
    rows: list[list[Any]],
    errors: dict[tuple[int, int], str],
    merged: list[Merged],
    columns: tuple[Column, ...],
) -> Sheet | None:
    for (line, place), value in errors.items():
        if line < len(rows) and place < len(rows[line]):
            rows[line][place] = value
    top = [[_text(cell) for cell in row] for row in rows[: sheets.SEARCHED]]
    index, named = sheets.search(top, columns)
    if not named:
        return None
    columns_of = zip_longest(*rows[index + 1 :], fillvalue="")
    cells = {place: pd.Series([_text(c) for c in column], dtype="str") for place, column in enumerate(columns_of)}
    spans = tuple((row - index - 1, place, height) for row, place, height in merged if row > index)
    return Sheet(
        name, top[index], pd.DataFrame(cells), np.arange(index + 2, len(rows) + 1), merged=spans, top=index + 1
    )


def _merged(sheet: calamine.CalamineSheet) -> list[Merged]:
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


def left_out(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Cells in error (#VALUE!…) and formulas without a result, by sheet, row and column from 0."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [n for n in archive.namelist() if n.startswith(_PARTS) and n.endswith(".xml")]
        named = {n for n in parts if _LEFT_OUT.search(archive.read(n))}
        for name, part in _sheets(archive) if named else ():
            for cell in _cells(archive, part) if part in named else ():
                column, row = place_of(cell.get("r", ""))
                inside = {v.tag.rpartition("}")[2]: v.text or "" for v in cell}
                kind, value = cell.get("t"), inside.get("v", "")
                if kind != "str" and "f" in inside and not value:  # a formula may well give an empty text
                    kind, value = "e", f"{FORMULA}={inside['f']}"
                if kind == "e" and row and column:
                    found.setdefault(name, {})[row - 1, column - 1] = value
    return found


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet, and the part of the archive that holds it."""
    links, book = (ElementTree.fromstring(archive.read(f"xl/{n}")) for n in ("_rels/workbook.xml.rels", "workbook.xml"))
    targets = {link.get("Id"): link.get("Target", "") for link in links.iterfind(".//{*}Relationship")}
    for sheet in book.iterfind(".//{*}sheet"):
        place = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", targets.get(place, "")))[1:]


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    """One at a time: each is emptied afterwards."""
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag.rpartition("}")[2] == "c":
                yield element
                element.clear()


def merged_ods(data: bytes) -> dict[str, list[Merged]]:
    """Cells of several rows in an ODS file, by sheet."""
    found: dict[str, list[Merged]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml") if "content.xml" in archive.namelist() else b""
    tables = ElementTree.fromstring(content).iter(f"{_ODF}table") if b"number-rows-spanned" in content else ()
    for table in tables:
        own, line = found.setdefault(table.get(f"{_ODF}name", ""), []), 0
        for row in table.iter(f"{_ODF}table-row"):
            column = 0
            for cell in row:
                spanned = cell.get(f"{_ODF}number-rows-spanned", "")
                if spanned.isdecimal() and int(spanned) > 1:
                    own.append((line, column, int(spanned)))
                column += times(cell.attrib, "columns")
            line += times(row.attrib, "rows")
    return found
