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
from .answers import TICKED, folded
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
    return [
        Verbatim(
            codebook.id, c.header, " – ".join(filter(None, (c.question.libelle, c.label))), texts[c.header][:_LONGEST]
        )
        for c in columns(codebook)
        if c.header in texts and c.question.diffusion != "interne"
    ]


def write(study: Study, found: Iterable[Verbatim]) -> None:
    """Write the file to review: the answers by block, with the marks already made.

    Raises
    ------
    StudyError
        When the file that is there cannot be read: it is left as it is.
    """
    path = study.relecture / FILE
    marks = read(study)
    current = {v.key: v for v in found}
    rank = _ranks(study)
    rows = [(v, _restored(marks.get(key, (v, ""))[1])) for key, v in current.items()]
    rows += [
        (v, WITHDRAWN) for key, (v, mark) in marks.items() if key not in current and (_yes(mark) or mark == WITHDRAWN)
    ]
    if rows or path.exists():
        rows.sort(key=lambda r: (r[0].questionnaire, rank.get(r[0][:2], len(rank)), folded(r[0].texte), r[0]))
        write_atomic(path, workbook([(*v, mark) for v, mark in rows]))


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


def _restored(mark: str) -> str:
    return "oui" if mark == WITHDRAWN else mark


def _ranks(study: Study) -> dict[tuple[str, str], int]:
    """Place of each column in its codebook, by block."""
    found: dict[tuple[str, str], int] = {}
    for codebook in load_codebooks(study).values():
        order = [q.code for questions in codebook.blocks.values() for q in questions]
        for column in sorted(columns(codebook), key=lambda c: order.index(c.question.code)):
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
    except Unreadable as error:
        raise StudyError(
            f"data/relecture/{FILE}\u00a0: {error}. Les marques de relecture ne sont pas écrasées."
        ) from None
    except (calamine.CalamineError, ValueError):
        raise StudyError(
            f"data/relecture/{FILE} ne se lit pas, ou a perdu une colonne"
            f" ({', '.join(HEADERS)})\u00a0:"
            " rétablissez-le ou supprimez-le. Les marques de relecture ne sont pas écrasées."
        ) from None
    found = {}
    for row in rows[1:]:
        *texts, mark = (str(row[p]).strip() for p in places)
        verbatim = Verbatim(*texts)
        found[verbatim.key] = (verbatim, mark)
    return found
