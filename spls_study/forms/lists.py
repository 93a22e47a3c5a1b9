"""Drop-down lists of a workbook, on a hidden sheet: they hold any text, of any length."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

SHEET = "Listes"


class Lists:
    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet(SHEET)
        self._sheet.hide()
        self._sheet.protect()
        self._column = 0

    def source(self, choices: Sequence[str]) -> str:
        """Write a list; the reference to it that `data_validation` takes."""
        letter = xl_col_to_name(self._column)
        for row, choice in enumerate(choices):
            self._sheet.write_string(row, self._column, choice)
        self._column += 1
        return f"={SHEET}!${letter}$1:${letter}${len(choices)}"
