"""From files to sheets of text cells: the content tells the format, not the extension.

A few bytes of a workbook can place a cell in the far corner of a sheet, repeat it a million times, or refer a million
times to one long text: what its sheets would occupy in memory is counted before a reader makes room for all of it.
What that reader (calamine) leaves out is noted on the way: cells in error and formulas without a result of XLSX,
merged cells of ODS.
"""

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine as calamine

from notebook_reports.errors import because
from notebook_reports.files import below, of_desktop
from notebook_reports.french import number

from ..keys import Limites
from . import delimited, sheets
from .sheets import SEARCHED, Headers, Merged, Rows, Sheet, Unreadable
from .values import FORMULA, decimal

_MEGA = 1_000_000
_CHUNK = 1 << 20
_PARTS = 10_000  # of an archive
_CELL = 50  # bytes of a cell, filled or not, up to the last one
_FIRST = ("manifest.xml", "sharedStrings.xml")  # what the other parts hang on
_LONGEST = 10_000  # characters of a formula, at least
_REFERENCE = re.compile(r"([A-Za-z]{0,9})(\d{1,18})")
EXTENSIONS = (".csv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls")  # .xls: to say what to do with it
UNNAMED = "son nom ne commence par celui d'aucune table\u202f; renommez-le (programmation_ddt16.xlsx)"
UNREAD = "ce format n'est pas lu\u202f; enregistrez-le en XLSX, ODS ou CSV"
ELSEWHERE = "questionnaires"  # read by their codebooks
Files = dict[str, Path]  # by their path in data/raw, with `/`
DAMAGED = (
    "classeur abîmé, ou archive qui n'est pas un classeur\u202f; rouvrez-le dans un tableur et enregistrez-le à nouveau"
)
PROTECTED = "classeur protégé\u202f; enregistrez-le sans mot de passe"
ARCHIVE = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD = "classeur protégé par un mot de passe, ou ancien format .xls\u202f; enregistrez-le en .xlsx sans mot de passe"
NO_HEADER = (
    f"aucun en-tête reconnu dans les {SEARCHED} premières lignes\u202f;"
    " la première ligne du tableau doit nommer les colonnes"
)


def received(folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The files below a folder and the parts of their paths, but hidden files, locks of office programs, notices."""
    for path in below(folder):
        parts = path.relative_to(folder).parts
        if not any(map(of_desktop, parts)) and not parts[-1].upper().startswith("README"):
            yield path, parts


def find(raw: Path, known: Collection[str], unknown: str, *within: str) -> tuple[dict[str, Files], list[str]]:
    """The files of each table (or questionnaire, `within` its folder), and a French sentence for each other file.

    A file belongs to the longest of the names that its own begins with; in a folder, to that of the folder.
    """
    found: dict[str, Files] = {name: {} for name in known}
    ignored = []
    for path, parts in received(raw.joinpath(*within)):
        name = "/".join((*within, *parts)).encode("utf-8", "replace").decode()
        first, inside = parts[0].casefold(), len(parts) > 1
        own = [k for k in known if (first == k.casefold() if inside else first.startswith(k.casefold()))]
        codebook = not inside and path.suffix == ".toml" if within else parts[0] == ELSEWHERE
        if own and path.suffix.lower() in EXTENSIONS:
            found[max(own, key=len)][name] = path
        elif not codebook:
            ignored.append(f"{name}\u00a0: {UNREAD if own else unknown}. Fichier ignoré.")
    return found, sorted(ignored)


def read_files(files: Files, limits: Limites, headers: Headers) -> tuple[Rows | None, tuple[str, ...]]:
    """The rows of all the files, None where none could be read, and a French sentence for each set aside."""
    found, aside = [], []
    for name, path in files.items():
        try:
            found += [headers.rows(sheet, name) for sheet in read_sheets(content(path, limits), limits, headers)]
        except Unreadable as error:
            aside.append(f"{name}\u00a0: {error}. Fichier mis de côté.")
    return sheets.end_to_end(found) if found else None, tuple(aside)


def content(path: Path, limits: Limites) -> bytes:
    """The bytes of a file.

    Raises
    ------
    Unreadable
        When it cannot be read or is too large.
    """
    try:
        if path.stat().st_size > limits.taille_mo * _MEGA:
            raise _beyond("taille_mo", f"fichier de plus de {number(limits.taille_mo)}\u00a0Mo")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(because(error)) from None


def read_sheets(data: bytes, limits: Limites, headers: Headers) -> list[Sheet]:
    """The visible sheets that have a header, with the rows under it.

    Raises
    ------
    Unreadable
        When the content is no workbook and no text, is damaged or too large, or has no such header.
    """
    if data.startswith(OLE2):
        raise Unreadable(OLD)
    if data.startswith(ARCHIVE):
        found = [*_workbook(data, _measured(data, limits), headers)]
    else:
        old = data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0
        if data.count(b"\n") + old > limits.lignes:
            raise _too_long(limits)
        found = [*delimited.read(data, headers)]
    if not found:
        raise Unreadable(NO_HEADER)
    return [part for sheet in sheets.without_lists(found, headers) for part in sheets.again(sheet, headers)]


def _beyond(key: str, what: str) -> Unreadable:
    return Unreadable(
        f"{what}\u202f; si ce fichier est bien celui que vous attendiez, relevez"
        f" {key} dans la partie [limites] de study.toml"
    )


def _too_long(limits: Limites) -> Unreadable:
    return _beyond("lignes", f"plus de {number(limits.lignes)} lignes")


def _measured(data: bytes, limits: Limites) -> "_Grid":
    """Read a workbook for its size, by its content: what an archive states may be a lie."""
    most, found = limits.expansion_mo * _MEGA, _Grid()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(PROTECTED)
            if any(part.filename.lower() == "xl/workbook.bin" for part in parts):
                raise Unreadable("format .xlsb\u202f; enregistrez-le en .xlsx")
            if len(parts) > _PARTS:
                raise Unreadable(DAMAGED)
            for part in sorted(parts, key=lambda p: not p.filename.endswith(_FIRST)):
                part.file_size = most + 2 * _CHUNK  # to its real end, or past the limit
                found.begin(part.filename)
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        found.feed(chunk)
                        if found.size > most:
                            size = f"{number(limits.expansion_mo)}\u00a0Mo"
                            raise _beyond("expansion_mo", f"classeur qui, une fois ouvert, occuperait plus de {size}")
                        if found.rows > limits.lignes:
                            raise _too_long(limits)
                found.feed(b"", last=True)
    except Unreadable:
        raise
    except Exception:  # zipfile raises whatever a damaged archive makes it meet
        raise Unreadable(DAMAGED) from None
    return found


def _workbook(data: bytes, measured: "_Grid", headers: Headers) -> Iterator[Sheet]:
    """By calamine, and what it leaves out."""
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        shown = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
        read = [book.get_sheet_by_name(one.name) for one in book.sheets_metadata if (one.visible, one.typ) == shown]
        grids = [(one.name, one.to_python(skip_empty_area=False), one.merged_cell_ranges or ()) for one in read]
    except calamine.PasswordError:
        raise Unreadable(PROTECTED) from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a damaged archive makes the library raise, or panic
        raise Unreadable(DAMAGED) from None
    for name, grid, merged in grids:
        for (line, place), value in measured.left_out(name).items():
            if line < len(grid) and place < len(grid[line]):
                grid[line][place] = value
        rows = [[_text(cell) for cell in row] for row in grid]
        index, named = headers.search(rows)
        if named:
            found = sheets.under(name, rows[index], zip_longest(*rows[index + 1 :], fillvalue=""), index + 1)
            high = measured.merged.get(
                name, [(top + 1, left, end + 1) for (top, left), (end, _) in merged if end > top]
            )
            yield replace(found, merged=tuple(high))


def _text(cell: Any) -> str:
    """A typed cell as the text that its column's reader understands."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and math.isfinite(cell):
        return str(int(cell)) if cell.is_integer() else decimal(cell)
    return str(cell.date() if isinstance(cell, datetime) and cell.time() == datetime.min.time() else cell)


class _Grid:
    """The parts of an archive as they expand; what is no XML is only weighed.

    `rows` are those of the sheet being read, up to the last filled one; `size`, in bytes, is that of all.
    """

    def __init__(self) -> None:
        self.weight = self.rows = self.columns = 0
        self.texts: list[int] = []  # bytes of each shared text
        self.left: dict[str, dict[tuple[int, int], str]] = {}  # of each part, cells by row and column from 0
        self.named: list[tuple[str, str]] = []  # sheet, which is the target of
        self.targets: dict[str, str] = {}
        self.merged: dict[str, list[Merged]] = {}

    @property
    def size(self) -> int:
        return self.weight + _CELL * self.rows * self.columns

    def left_out(self, sheet: str) -> dict[tuple[int, int], str]:
        """What the reader leaves out of a sheet, by row and column."""
        target = self.targets.get(dict(self.named).get(sheet, ""), "")
        return self.left.get(posixpath.normpath(posixpath.join("/xl", target))[1:], {})

    def begin(self, name: str) -> None:
        """What comes is another part of the archive."""
        self._sheet()
        self.part, self.sound, self.is_texts = name, True, "sharedstrings" in name.lower()
        self.row = self.column = self.high = self.wide = 0
        self.table = self.inside = self.kind = self.reference = ""
        self.cell: dict[str, str] = {}  # its value and its formula
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, last: bool = False) -> None:
        self.weight += len(chunk)
        try:
            if self.sound:
                self.parser.Parse(chunk, last)
        except expat.ExpatError:
            self.sound = False
        if not self.sound and (self.part.lower().endswith((".xml", ".rels")) or b"sheetData" in chunk):
            raise ValueError("what a reader might take for a sheet is no XML")

    def _sheet(self) -> None:
        self.weight, self.rows, self.columns = self.size, 0, 0

    def _fill(self, row: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, self.column)

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = self.inside = name.rpartition(":")[2]
        if name in ("v", "is", "f"):
            self.cell[name] = ""
        if name in ("v", "is"):  # a cell that has a style only takes no room
            column, row = place_of(self.reference)
            self.row, self.column = max(self.row, row), column or self.column
            self._fill(self.row)
        elif name == "c":
            self.column += 1
            self.reference, self.kind, self.cell = given.get("r", ""), given.get("t", ""), {}
        elif name == "row":
            self.row, self.column = place_of(given.get("r", ""))[1] or self.row + 1, 0
        elif name == "si":
            self.texts.append(0)
        elif name == "sheet" and self.part == "xl/workbook.xml":
            self.named.append((given.get("name", ""), next((v for k, v in given.items() if k.endswith(":id")), "")))
        elif name == "Relationship" and self.part == "xl/_rels/workbook.xml.rels":
            self.targets[given.get("Id", "")] = given.get("Target", "")
        elif name == "table":
            self._sheet()
            self.row, self.table = 0, given.get("table:name", "")
        elif name == "table-row":
            self.column, self.high = 0, _times(given, "rows")
        elif name in ("table-cell", "covered-table-cell"):
            if (spanned := _times(given, "rows", "spanned")) > 1:
                self.merged.setdefault(self.table, []).append((self.row + 1, self.column, self.row + spanned))
            self.wide = _times(given, "columns")
            self.column += self.wide
            if any(key.endswith("value-type") for key in given):
                self._fill(self.row + self.high)
        elif name == "encryption-data":
            raise Unreadable(PROTECTED)

    def _text(self, text: str) -> None:
        if self.is_texts and self.texts:
            self.texts[-1] += len(text)
        elif self.wide and text.strip():
            self.weight += len(text) * self.high * self.wide
            self._fill(self.row + self.high)
        elif self.inside in self.cell and len(self.cell[self.inside]) < _LONGEST:
            self.cell[self.inside] += text

    def _end(self, name: str) -> None:
        name, self.inside = name.rpartition(":")[2], ""
        value = self.cell.get("v", "")
        if name == "v" and self.kind == "s":
            place = int(value) if value.strip().isdecimal() else len(self.texts)
            self.weight += sum(self.texts[place : place + 1])
        elif name == "c":
            kind = self.kind
            if kind != "str" and "f" in self.cell and not value:  # a formula may well give an empty text
                kind, value = "e", f"{FORMULA}={self.cell['f']}"
            column, row = place_of(self.reference) if kind == "e" else (0, 0)
            if row and column:
                self.left.setdefault(self.part, {})[row - 1, column - 1] = value
        elif name == "table-cell":
            self.wide = 0
        elif name == "table-row":
            self.row += self.high


def place_of(reference: str) -> tuple[int, int]:
    """« AB12 » → column 28, row 12; 0 for what it does not say."""
    match = _REFERENCE.fullmatch(reference.strip())
    column = 0
    for letter in match[1].upper() if match else "":
        column = 26 * column + ord(letter) - 64
    return column, int(match[2]) if match else 0


def _times(given: dict[str, str], what: str, how: str = "repeated") -> int:
    said = (v for k, v in given.items() if k.endswith(f"number-{what}-{how}") and v.isdecimal() and len(v) < 19)
    return max(map(int, said), default=1)
