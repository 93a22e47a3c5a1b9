"""What the sheets of a workbook would occupy in memory, counted before a reader lays them out.

A few bytes can place a cell in the far corner of a sheet, repeat it a million times, or refer
a million times to one long text: a reader would make room for all of it.
"""

import re
from xml.parsers import expat

from .sheet import PROTECTED, Unreadable

CELL = 50  # bytes of a cell, filled or not, up to the last one
_REFERENCE = re.compile(r"([A-Za-z]{0,9})(\d{1,18})")


class Grid:
    """`rows` of the sheet being read, up to the last filled one; `size` in bytes, of all."""

    def __init__(self) -> None:
        self.weight = self.rows = self.columns = 0
        self.texts: list[int] = []  # bytes of each shared text

    @property
    def size(self) -> int:
        return self.weight + CELL * self.rows * self.columns

    def sheet(self) -> None:
        """What is filled from now on is another sheet."""
        self.weight, self.rows, self.columns = self.size, 0, 0

    def fill(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def part(self, name: str) -> "_Part":
        self.sheet()
        return _Part(self, name.lower())


class _Part:
    """A part of the archive as it expands; what is no XML is only weighed."""

    def __init__(self, grid: Grid, name: str) -> None:
        self.grid, self.sound = grid, True
        self.is_xml, self.is_texts = name.endswith((".xml", ".rels")), "sharedstrings" in name
        self.row = self.column = self.high = self.wide = 0
        self.shared, self.value, self.reference = False, "", ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, last: bool = False) -> None:
        self.grid.weight += len(chunk)
        try:
            if self.sound:
                self.parser.Parse(chunk, last)
        except expat.ExpatError:
            self.sound = False
        if not self.sound and (self.is_xml or b"sheetData" in chunk):
            raise ValueError("what a reader might take for a sheet is no XML")

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "is"):  # a cell that has a style only takes no room
            column, row = place_of(self.reference)
            self.row, self.column = max(self.row, row), column or self.column
            self.grid.fill(self.row, self.column)
        elif name == "c":
            self.column += 1
            self.reference = given.get("r", "")
            self.shared, self.value = given.get("t") == "s", ""
        elif name == "row":
            self.row, self.column = place_of(given.get("r", ""))[1] or self.row + 1, 0
        elif name == "si":
            self.grid.texts.append(0)
        elif name == "table":
            self.grid.sheet()
            self.row = 0
        elif name == "table-row":
            self.column, self.high = 0, times(given, "rows")
        elif name in ("table-cell", "covered-table-cell"):
            self.wide = times(given, "columns")
            self.column += self.wide
            if any(key.endswith("value-type") for key in given):
                self.grid.fill(self.row + self.high, self.column)
        elif name == "encryption-data":
            raise Unreadable(PROTECTED)

    def _text(self, text: str) -> None:
        if self.is_texts and self.grid.texts:
            self.grid.texts[-1] += len(text)
        elif self.wide and text.strip():
            self.grid.weight += len(text) * self.high * self.wide
            self.grid.fill(self.row + self.high, self.column)
        elif self.shared and len(self.value) < 10:
            self.value += text

    def _end(self, name: str) -> None:
        if self.shared and name.endswith("v"):
            place = int(self.value) if self.value.strip().isdecimal() else len(self.grid.texts)
            self.grid.weight += sum(self.grid.texts[place : place + 1])
        elif name.endswith("table-cell"):
            self.wide = 0
        elif name.endswith("table-row"):
            self.row += self.high


def place_of(reference: str) -> tuple[int, int]:
    """« AB12 » → column 28, row 12; 0 for what it does not say."""
    match = _REFERENCE.fullmatch(reference.strip())
    column = 0
    for letter in match[1].upper() if match else "":
        column = 26 * column + ord(letter) - 64
    return column, int(match[2]) if match else 0


def times(given: dict[str, str], what: str) -> int:
    said = next((v for k, v in given.items() if k.endswith(f"number-{what}-repeated")), "")
    return int(said) if said.isdecimal() and len(said) < 19 else 1
