"""Free answers: the file in which a person marks those that may be published, and these.

`data/relecture/verbatims.xlsx`: questionnaire, question, libelle, texte, publiable. It names no respondent.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import pandas as pd
import xlsxwriter

from notebook_reports.errors import StudyError
from notebook_reports.files import write_atomic

from ..codebook import Codebook, load_codebooks
from ..columns import columns
from ..study import Study
from ..tables import Column
from ..words import folded
from .persons import names_of, without_names
from .readers import content, read_sheets
from .sheets import Headers, Unreadable, end_to_end
from .values import TICKED

FILE = "verbatims.xlsx"
HEADERS = ("questionnaire", "question", "libelle", "texte", "publiable")
_COLUMNS = Headers([Column(name, headers=(name,)) for name in HEADERS])
_WIDTHS = (16, 12, 40, 80, 12)
_CREATED = datetime(2014, 1, 1)  # not the clock: the same bytes each time
WITHDRAWN = "réponse retirée"  # marked, but no longer among the answers: not published
_LONGEST = 32_000  # characters: what a cell holds, nearly


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
        sheets = read_sheets(content(path, study.limites), study.limites, _COLUMNS)
        rows = end_to_end(_COLUMNS.rows(sheet, FILE) for sheet in sheets)
    except Unreadable as error:
        told = f"data/relecture/{FILE}\u00a0: {error}. Les marques de relecture ne sont pas écrasées."
        raise StudyError(told) from None
    cells = rows.cells[[*HEADERS]].astype("str").map(str.strip).itertuples(index=False, name=None)
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


def of(codebook: Codebook, texts: Mapping[str, str]) -> list[Verbatim]:
    """The answers that might be published."""
    return [
        Verbatim(
            codebook.id, c.header, " – ".join(filter(None, (c.question.libelle, c.label))), texts[c.header][:_LONGEST]
        )
        for c in columns(codebook)
        if c.header in texts and c.question.diffusion != "interne"
    ]


def write(study: Study, found: Iterable[Verbatim]) -> None:
    """Write the file to review: the answers by block, with the marks already made.

    A file that is there and cannot be read is left as it is (`StudyError`).
    """
    path, marks = study.relecture / FILE, read(study)
    rows = {v.key: (v, marks.get(v.key, (v, ""))[1].replace(WITHDRAWN, "oui")) for v in found}
    for key, (v, mark) in marks.items():
        if key not in rows and (folded(mark) in TICKED or mark == WITHDRAWN):
            rows[key] = v, WITHDRAWN
    if rows or path.exists():
        rank = {column: place for place, column in enumerate(_blocks(study))}
        order = sorted(
            rows.values(), key=lambda r: (r[0].questionnaire, rank.get(r[0][:2], len(rank)), folded(r[0].texte), r[0])
        )
        write_atomic(path, workbook((*v, mark) for v, mark in order))


def publishable(study: Study, organismes: pd.DataFrame) -> pd.DataFrame:
    """The answers marked for publication, without addresses, numbers and respondents' names.

    Columns questionnaire, bloc, question, libelle, texte, in the order of the file.
    """
    names, blocks = names_of(organismes), _blocks(study)
    rows = [
        (v.questionnaire, blocks[v[:2]], v.question, v.libelle, without_names(v.texte, names))
        for v, mark in read(study).values()
        if folded(mark) in TICKED and v[:2] in blocks
    ]
    return pd.DataFrame(rows, columns=["questionnaire", "bloc", "question", "libelle", "texte"], dtype="str")


def _blocks(study: Study) -> dict[tuple[str, str], str]:
    """Questionnaire, header of a column that may be published → its block, block after block."""
    return {
        (codebook.id, column.header): block
        for codebook in load_codebooks(study).values()
        for block in codebook.blocks
        for column in columns(codebook)
        if column.question.bloc == block and column.question.diffusion != "interne"
    }
