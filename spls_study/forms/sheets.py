"""Workbooks to fill in: one lettering, drop-down lists that hold any text, the same bytes each time."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

LISTS = "Listes"  # a hidden sheet
DAYS = {"validate": "date", "criteria": ">=", "value": datetime(1990, 1, 1)}
LINE = 13.0  # points, of Arial 10
_FAR = 10**9
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_EPOCH = datetime(2014, 1, 1)  # not the clock


class Book:
    """A workbook of these sheets and of its lists; `style` are its formats, by name."""

    def __init__(self, title: str, sheets: Sequence[str], styles: Mapping[str, Mapping[str, Any]]) -> None:
        # What respondents and codebooks say is text, whatever it looks like.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, options)
        self._book.set_properties({"title": title, "created": _EPOCH})
        self.style = {name: self._book.add_format({**_BASE, **more}) for name, more in styles.items()}
        self.sheets = [self._book.add_worksheet(name) for name in sheets]
        self._lists = self._book.add_worksheet(LISTS)
        self._lists.hide()
        self._lists.protect()
        self._column = 0

    def content(self) -> bytes:
        self._book.close()
        return self._stream.getvalue()

    def among(self, choices: Sequence[str]) -> dict[str, Any]:
        """The rule of a cell that takes one of these: it refers to a list, of any length."""
        letter = xl_col_to_name(self._column)
        self._lists.write_column(0, self._column, choices)
        self._column += 1
        return {"validate": "list", "source": f"={LISTS}!${letter}$1:${letter}${len(choices)}"}


def between(kind: str, minimum: int | None = None, maximum: int | None = None) -> dict[str, Any]:
    low, high = -_FAR if minimum is None else minimum, _FAR if maximum is None else maximum
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def set_height(sheet: Any, row: int, cells: Sequence[object], widths: Sequence[int]) -> None:
    """Room for wrapped texts: Excel finds the height of a row by itself, LibreOffice lets its lines overlap."""
    lines = max(len(wrap(str(cell), int(1.15 * width))) for cell, width in zip(cells, widths, strict=True))
    if lines > 1:
        sheet.set_row(row, LINE * lines + 2)


def on_paper(sheet: Any) -> None:
    """A4 on its side, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4)
    sheet.fit_to_pages(1, 0)
