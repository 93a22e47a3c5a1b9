"""The fill-in form in XLSX: labels locked, answers free, drop-down lists.

One line a cell to fill; its code stands in the first column, so that `intake` reads the
filled form as one row of a LimeSurvey export.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from ..codebook import Codebook
from ..columns import ACCORD_LABEL, Column, columns
from .lists import Lists
from .sentences import guidance

SHEET = "Questionnaire"
HEADERS = ("Code", "Question", "Réponse", "Consigne")
YES_NO = ("Oui", "Non")
FAR = 10**9
Answer = str | float | date
_EPOCH = datetime(2014, 1, 1)  # not the clock: the same bytes each time


def workbook(codebook: Codebook, organismes: Sequence[str] = (), answers: Mapping[str, Answer] | None = None) -> bytes:
    """The XLSX form.

    Parameters
    ----------
    organismes
        Names offered to the respondent; without any, the name is typed.
    answers
        What is already filled in, by code of the first column.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": codebook.titre, "created": _EPOCH})
        _Form(book, codebook, answers or {}).write(organismes)
    return stream.getvalue()


class _Form:
    def __init__(self, book: Any, codebook: Codebook, answers: Mapping[str, Answer]) -> None:
        self.codebook, self.answers = codebook, answers
        base = {"font_name": "Arial", "font_size": 10, "text_wrap": True, "valign": "top"}
        style: dict[str, dict[str, object]] = {
            "title": {"bold": True, "font_size": 14, "font_color": "#12436D", "text_wrap": False},
            "text": {},
            "code": {"font_color": "#5B6470"},
            "question": {"bold": True},
            "header": {"bold": True, "bottom": 2},
            "block": {"bold": True, "bg_color": "#EEF2F6", "font_color": "#12436D"},
            "answer": {"locked": False, "border": 1, "bg_color": "#FFFBE6", "num_format": "@"},
            "number": {"locked": False, "border": 1, "bg_color": "#FFFBE6", "align": "left"},
            "date": {"locked": False, "border": 1, "bg_color": "#FFFBE6", "align": "left", "num_format": "dd/mm/yyyy"},
        }
        self.style = {name: book.add_format({**base, **more}) for name, more in style.items()}
        self.sheet = book.add_worksheet(SHEET)
        self.lists = Lists(book)
        self.row = 0

    def write(self, organismes: Sequence[str]) -> None:
        sheet, codebook = self.sheet, self.codebook
        for place, width in enumerate((12, 62, 38, 44)):
            sheet.set_column(place, place, width)
        self._line("", codebook.titre, "", "", "title")
        self._line("", codebook.presentation, "", "", "text")
        self._line("", "Remplissez la colonne Réponse\u00a0; le reste est protégé.", "", "", "text")
        self._line(*HEADERS, "header")
        sheet.freeze_panes(self.row, 0)
        sheet.repeat_rows(self.row - 1)
        self._identity(organismes)
        shown = None
        for block, questions in codebook.blocks.items():
            self._line("", block or "Questions", "", "", "block")
            for column in (c for c in columns(codebook) if c.question in questions):
                if column.question is not shown and (column.label or column.box):
                    self._line(
                        "",
                        f"{column.question.code}. {column.question.libelle}",
                        "",
                        guidance(codebook, column.question),
                        "question",
                    )
                self._answer(column)
                shown = column.question
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _line(self, code: str, question: str, answer: str, hint: str, style: str) -> None:
        for place, text in enumerate((code, question, answer, hint)):
            plain = "text" if style == "question" and place == 3 else style
            self.sheet.write_string(self.row, place, text, self.style[plain])
        self.row += 1

    def _identity(self, organismes: Sequence[str]) -> None:
        codebook, known = self.codebook, self.codebook.by_code
        if codebook.repondant and codebook.repondant not in known:
            self._cell(codebook.repondant, "Votre organisme", "", "answer", organismes)
        if codebook.date_reponse and codebook.date_reponse not in known:
            self._cell(codebook.date_reponse, "Date de votre réponse", "jj/mm/aaaa", "date")
        if codebook.accord and codebook.accord not in known:
            self._cell(codebook.accord, ACCORD_LABEL, "", "answer", YES_NO)

    def _answer(self, column: Column) -> None:
        q = column.question
        alone = not (column.label or column.box)
        label = f"{q.code}. {q.libelle}" if alone else column.label
        hint = guidance(self.codebook, q) if alone else ""
        style = {"nombre": "number", "date": "date"}.get(column.entry, "answer")
        lists = {"case": YES_NO, "choix": tuple(q.choices.values())}
        self._cell(column.header, label, hint, style, lists.get(column.entry, ()))

    def _cell(self, code: str, label: str, hint: str, style: str, choices: Sequence[str] = ()) -> None:
        row, sheet = self.row, self.sheet
        sheet.write_string(row, 0, code, self.style["code"])
        sheet.write_string(row, 1, label, self.style["text"])
        given = self.answers.get(code, "")
        if isinstance(given, str):
            sheet.write_string(row, 2, given, self.style[style])  # no text becomes a formula
        else:
            sheet.write(row, 2, given, self.style[style])
        sheet.write_string(row, 3, hint, self.style["text"])
        if choices:
            sheet.data_validation(
                row,
                2,
                row,
                2,
                {
                    "validate": "list",
                    "source": self.lists.source(choices),
                    "error_title": "Réponse",
                    "error_message": "Choisissez une réponse de la liste.",
                },
            )
        elif style == "number":
            sheet.data_validation(
                row,
                2,
                row,
                2,
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": -FAR,
                    "maximum": FAR,
                    "error_title": "Réponse",
                    "error_message": "Un nombre est attendu.",
                },
            )
        elif style == "date":
            sheet.data_validation(
                row,
                2,
                row,
                2,
                {
                    "validate": "date",
                    "criteria": ">=",
                    "value": datetime(1990, 1, 1),
                    "error_title": "Réponse",
                    "error_message": "Une date jj/mm/aaaa est attendue.",
                },
            )
        self.row += 1
