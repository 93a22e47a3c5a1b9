"""Free answers: those to review, with the marks already made, and those that may be published."""

from collections.abc import Iterable, Mapping

import pandas as pd

from notebook_reports.files import write_atomic

from ..codebook import Codebook
from ..columns import columns
from ..questionnaires import load_codebooks
from ..study import Study
from ..words import folded
from .entries import TICKED
from .relecture import FILE, Verbatim, read, workbook
from .scrub import names_of, scrub

WITHDRAWN = "réponse retirée"  # marked, but no longer among the answers: not published
_LONGEST = 32_000  # characters: what a cell holds, nearly


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
        if key not in rows and (_yes(mark) or mark == WITHDRAWN):
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
        (v.questionnaire, blocks[v[:2]], v.question, v.libelle, scrub(v.texte, names))
        for v, mark in read(study).values()
        if _yes(mark) and v[:2] in blocks
    ]
    return pd.DataFrame(rows, columns=["questionnaire", "bloc", "question", "libelle", "texte"], dtype="str")


def _yes(mark: str) -> bool:
    return folded(mark) in TICKED


def _blocks(study: Study) -> dict[tuple[str, str], str]:
    """Questionnaire, header of a column that may be published → its block, block after block."""
    return {
        (codebook.id, column.header): block
        for codebook in load_codebooks(study).values()
        for block in codebook.blocks
        for column in columns(codebook)
        if column.question.bloc == block and column.question.diffusion != "interne"
    }
