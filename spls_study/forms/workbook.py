"""The fill-in form in XLSX: labels locked, answers free, drop-down lists.

One line a cell to fill; its code stands in the first column, so that `intake` reads the
filled form as one row of a LimeSurvey export.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..codebook import Codebook
from ..columns import IDENTITY, Column, columns, identity
from .sentences import guidance, sections
from .sheets import DAYS, Book, between, on_paper, set_height

SHEET = "Questionnaire"
WIDTHS = (12, 62, 38, 44)  # characters
YES_NO = ("Oui", "Non")
Answer = str | float | date
_FREE: dict[str, Any] = {"text_wrap": True, "locked": False, "border": 1, "bg_color": "#FFFBE6"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": "#12436D", "text_wrap": False},
    "text": {"text_wrap": True},
    "code": {"text_wrap": True, "font_color": "#5B6470"},
    "question": {"text_wrap": True, "bold": True},
    "header": {"text_wrap": True, "bold": True, "bottom": 2},
    "block": {"text_wrap": True, "bold": True, "bg_color": "#EEF2F6", "font_color": "#12436D"},
    "answer": {**_FREE, "num_format": "@"},
    "number": {**_FREE, "align": "left"},
    "date": {**_FREE, "align": "left", "num_format": "dd/mm/yyyy"},
}
_WRONG = {
    "answer": "Choisissez une réponse de la liste.",
    "number": "Un nombre est attendu (entier ou positif, si la question le veut).",
    "date": "Une date jj/mm/aaaa est attendue.",
}


class _Line(NamedTuple):
    """A line of the form; the third cell is to be filled where `style` is one of `_WRONG`."""

    code: str
    question: str
    hint: str
    style: str
    choices: Sequence[str] = ()
    answer: str = ""
    whole: bool = False
    minimum: int | None = None


def workbook(codebook: Codebook, organismes: Sequence[str] = (), answers: Mapping[str, Answer] | None = None) -> bytes:
    """The XLSX form.

    Parameters
    ----------
    organismes
        Names offered to the respondent; without any, the name is typed.
    answers
        What is already filled in, by code of the first column.
    """
    book = Book(codebook.titre, [SHEET], _STYLES)
    [sheet] = book.sheets
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    for row, line in enumerate(_lines(codebook, organismes)):
        if line.style == "header":
            sheet.freeze_panes(row + 1, 0)
            sheet.repeat_rows(row)
        _write(book, row, line, (answers or {}).get(line.code, line.answer))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    on_paper(sheet)
    return book.content()


def _write(book: Book, row: int, line: _Line, answer: Answer) -> None:
    [sheet], free = book.sheets, line.style in _WRONG
    cells = (line.code, line.question, answer, line.hint)
    around = "text" if line.style == "question" else line.style
    styles = ("code", "text", line.style, "text") if free else (line.style, line.style, line.style, around)
    if line.style != "title":
        set_height(sheet, row, cells, WIDTHS)
    for place, (cell, style) in enumerate(zip(cells, styles, strict=True)):
        put = sheet.write_string if isinstance(cell, str) else sheet.write
        put(row, place, cell, book.style[style])
    rules = {"number": between("integer" if line.whole else "decimal", line.minimum), "date": DAYS}
    rule = book.among(line.choices) if line.choices else rules.get(line.style)
    if rule:
        told = {"error_title": "Réponse", "error_message": _WRONG[line.style]}
        sheet.data_validation(row, 2, row, 2, {**rule, **told})


def _lines(codebook: Codebook, organismes: Sequence[str]) -> Iterator[_Line]:
    yield _Line("", codebook.titre, "", "title")
    yield _Line("", codebook.presentation, "", "text")
    yield _Line("", "Remplissez la colonne Réponse\u00a0; le reste est protégé.", "", "text")
    yield _Line("Code", "Question", "Consigne", "header", answer="Réponse")
    lists = {"repondant": organismes, "accord": YES_NO}
    for role, column in identity(codebook).items():
        hint, style = ("jj/mm/aaaa", "date") if role == "date" else ("", "answer")
        yield _Line(column, IDENTITY[role][0], hint, style, lists.get(role, ()))
    cells = columns(codebook)
    for block, questions in sections(codebook):
        yield _Line("", block, "", "block")
        for q in questions:
            title, told = f"{q.code}. {q.libelle}", guidance(codebook, q)
            own = [cell for cell in cells if cell.question is q]
            if _labelled(own[0]):
                yield _Line("", title, told, "question")
            for cell in own:
                style = {"nombre": "number", "date": "date"}.get(cell.entry, "answer")
                choices = {"case": YES_NO, "choix": tuple(q.choices.values())}.get(cell.entry, ())
                label, hint = (cell.label, "") if _labelled(cell) else (title, told)
                yield _Line(cell.header, label, hint, style, choices, "", q.entier, q.minimum)


def _labelled(column: Column) -> bool:
    return bool(column.label or column.box)
