"""Free answers, and the marks by which a person lets one be published.

`data/relecture/verbatims.xlsx`: questionnaire, question, libelle, texte, publiable. The file
names no respondent; it is written anew by each check, and keeps the marks.
"""

import io
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd
import python_calamine as calamine
import xlsxwriter

from ..codebook import Codebook
from ..columns import columns
from ..errors import StudyError
from ..files import write_atomic
from ..journal import note
from ..questionnaires import load_codebooks
from ..study import Study
from ..words import folded
from .entries import TICKED
from .limits import read_within
from .scrub import names_of, scrub
from .sheet import Unreadable

FILE = "verbatims.xlsx"
HEADERS = ("questionnaire", "question", "libelle", "texte", "publiable")
WITHDRAWN = "réponse retirée"  # marked, but no longer among the answers: not published
_LONGEST = 32_000  # characters: what a cell holds, nearly
_CREATED = pd.Timestamp(2014, 1, 1)  # not the clock: the same bytes each time


class Verbatim(NamedTuple):
    """A free answer; `question` is the header of its column."""

    questionnaire: str
    question: str
    libelle: str
    texte: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.questionnaire, self.question, " ".join(self.texte.split())


def of(codebook: Codebook, texts: Mapping[str, str]) -> list[Verbatim]:
    """The answers that might be published, in the order of the codebook."""
    told = [c for c in columns(codebook) if c.header in texts and c.question.diffusion != "interne"]
    labels = [" – ".join(filter(None, (c.question.libelle, c.label))) for c in told]
    return [
        Verbatim(codebook.id, c.header, label, texts[c.header][:_LONGEST])
        for c, label in zip(told, labels, strict=True)
    ]


def write(study: Study, found: Iterable[Verbatim]) -> None:
    """Write the file to review: the answers by block, with the marks already made.

    Raises
    ------
    StudyError
        When the file that is there cannot be read: it is left as it is.
    """
    path, marks, rank = study.relecture / FILE, read(study), _ranks(study)
    rows = {v.key: (v, marks.get(v.key, (v, ""))[1].replace(WITHDRAWN, "oui")) for v in found}
    gone = {key: v for key, (v, mark) in marks.items() if key not in rows and (_yes(mark) or mark == WITHDRAWN)}
    rows |= {key: (v, WITHDRAWN) for key, v in gone.items()}
    if rows or path.exists():
        order = sorted(
            rows.values(), key=lambda r: (r[0].questionnaire, rank.get(r[0][:2], len(rank)), folded(r[0].texte), r[0])
        )
        write_atomic(path, workbook((*v, mark) for v, mark in order))


def publishable(study: Study, organismes: pd.DataFrame) -> pd.DataFrame:
    """The answers marked for publication, without addresses, numbers and respondents' names.

    Columns questionnaire, bloc, question, libelle, texte, in the order of the file.

    Raises
    ------
    StudyError
        When the file cannot be read.
    """
    names = names_of(organismes)
    blocks = {
        (c.id, col.header): col.question.bloc
        for c in load_codebooks(study).values()
        for col in columns(c)
        if col.question.diffusion != "interne"
    }
    rows = [
        (v.questionnaire, blocks[v[:2]], v.question, v.libelle, scrub(v.texte, names))
        for v, mark in read(study).values()
        if _yes(mark) and v[:2] in blocks
    ]
    return pd.DataFrame(rows, columns=["questionnaire", "bloc", "question", "libelle", "texte"], dtype="str")


def workbook(rows: Iterable[tuple[str, ...]]) -> bytes:
    """The file's bytes from its rows (`HEADERS`)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "Verbatims à relire", "created": _CREATED.to_pydatetime()})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("verbatims")
        for place, width in enumerate((16, 12, 40, 80, 12)):
            sheet.set_column(place, place, width, wrapped)
        line = 0
        for line, row in enumerate([HEADERS, *rows]):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text)
        sheet.freeze_panes(1, 0)
        sheet.data_validation(
            1, 4, max(line, 1), 4, {"validate": "list", "source": ["oui", "non"], "error_type": "warning"}
        )
    return stream.getvalue()


def _yes(mark: str) -> bool:
    return folded(mark) in TICKED


def _ranks(study: Study) -> dict[tuple[str, str], int]:
    """Place of each column in its codebook, by block."""
    found: dict[tuple[str, str], int] = {}
    for codebook in load_codebooks(study).values():
        blocks = [*codebook.blocks]
        for column in sorted(columns(codebook), key=lambda c: blocks.index(c.question.bloc)):
            found[codebook.id, column.header] = len(found)
    return found


def read(study: Study) -> dict[tuple[str, str, str], tuple[Verbatim, str]]:
    """The lines of the file with their mark, by key, in its order; none without a file.

    Raises
    ------
    StudyError
        When the file cannot be read or lacks a column.
    """
    path = study.relecture / FILE
    note(f"data/relecture/{FILE}", path)
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
