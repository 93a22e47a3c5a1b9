"""The file in which a person marks the free answers that may be published.

`data/relecture/verbatims.xlsx`: questionnaire, question, libelle, texte, publiable. It names no
respondent.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import python_calamine as calamine
import xlsxwriter

from notebook_reports.errors import StudyError

from ..study import Study
from ..words import folded
from .limits import read_within
from .sheet import Unreadable

FILE = "verbatims.xlsx"
HEADERS = ("questionnaire", "question", "libelle", "texte", "publiable")
_WIDTHS = (16, 12, 40, 80, 12)
_CREATED = datetime(2014, 1, 1)  # not the clock: the same bytes each time


class Verbatim(NamedTuple):
    """A free answer; `question` is the header of its column."""

    questionnaire: str
    question: str
    libelle: str
    texte: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.questionnaire, self.question, " ".join(self.texte.split())


def read(study: Study) -> dict[tuple[str, str, str], tuple[Verbatim, str]]:
    """The lines of the file with their mark, by key, in its order; none without a file.

    Raises
    ------
    StudyError
        When the file cannot be read or lacks a column.
    """
    path = study.relecture / FILE
    if not path.exists():
        return {}
    try:
        book = calamine.load_workbook(io.BytesIO(read_within(path, study.limites)))
        rows = book.get_sheet_by_index(0).to_python()
        header = [folded(str(cell)) for cell in rows[0]] if rows else []
        places = [header.index(name) for name in HEADERS]
    except (Unreadable, calamine.CalamineError, ValueError) as error:
        lost = f"illisible, ou sans une de ses colonnes ({', '.join(HEADERS)})\u202f; rétablissez-le ou supprimez-le"
        why = error if isinstance(error, Unreadable) else lost
        raise StudyError(
            f"data/relecture/{FILE}\u00a0: {why}. Les marques de relecture ne sont pas écrasées."
        ) from None
    cells = [[str(row[p]).strip() for p in places] for row in rows[1:]]
    return {(verbatim := Verbatim(*texts)).key: (verbatim, mark) for *texts, mark in cells}


def workbook(rows: Iterable[tuple[str, ...]]) -> bytes:
    """The file's bytes from its rows (`HEADERS`)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "Verbatims à relire", "created": _CREATED})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("verbatims")
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width, wrapped)
        line = 0
        for line, row in enumerate([HEADERS, *rows]):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text)
        sheet.freeze_panes(1, 0)
        among = {"validate": "list", "source": ["oui", "non"], "error_type": "warning"}
        sheet.data_validation(1, 4, max(line, 1), 4, among)
    return stream.getvalue()
