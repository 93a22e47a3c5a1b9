"""What calamine leaves out of a workbook: cells in error, formulas without a result (XLSX), merged cells (ODS)."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from .grid import place_of, times
from .values import FORMULA

Merged = tuple[int, int, int]  # row and column from 0, rows
_PARTS = "xl/worksheets/"
_LEFT_OUT = re.compile(rb't="e"|(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')


def left_out(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Cells in error (#VALUE!…) and formulas without a result, by sheet, row and column from 0."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [n for n in archive.namelist() if n.startswith(_PARTS) and n.endswith(".xml")]
        named = {n for n in parts if _LEFT_OUT.search(archive.read(n))}
        for name, part in _sheets(archive) if named else ():
            for cell in _elements(archive, part, "c") if part in named else ():
                column, row = place_of(cell.get("r", ""))
                inside = {v.tag.rpartition("}")[2]: v.text or "" for v in cell}
                kind, value = cell.get("t"), inside.get("v", "")
                if kind != "str" and "f" in inside and not value:  # a formula may well give an empty text
                    kind, value = "e", f"{FORMULA}={inside['f']}"
                if kind == "e" and row and column:
                    found.setdefault(name, {})[row - 1, column - 1] = value
    return found


def merged(data: bytes) -> dict[str, list[Merged]]:
    """Cells of several rows in an ODS file, by sheet."""
    found: dict[str, list[Merged]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "content.xml" not in archive.namelist() or b"number-rows-spanned" not in archive.read("content.xml"):
            return {}
        for table in _elements(archive, "content.xml", "table"):
            own = found.setdefault(_given(table, "name"), [])
            line = 0
            for row in _inside(table, "table-row"):
                column = 0
                for cell in row:
                    spanned = _given(cell, "number-rows-spanned")
                    if spanned.isdecimal() and int(spanned) > 1:
                        own.append((line, column, int(spanned)))
                    column += times(cell.attrib, "columns")
                line += times(row.attrib, "rows")
    return found


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet, and the part of the archive that holds it."""
    targets = {
        r.get("Id"): r.get("Target", "") for r in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", targets.get(_given(sheet, "id"), "")))[1:]


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[ElementTree.Element]:
    """The elements of that name, one at a time: each is emptied afterwards."""
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag.rpartition("}")[2] == name:
                yield element
                element.clear()


def _inside(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (part for part in element.iter() if part.tag.rpartition("}")[2] == name)


def _given(element: ElementTree.Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")
