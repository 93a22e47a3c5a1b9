"""The columns of a sheet of answers, under the names that LimeSurvey gives them.

`Q`, `Q[SQ001]` (sub-question or box), `Q[1]` (rank), `Q[other]` (the text of « autre »).
The XLSX form has the same names, one a line.
"""

from dataclasses import dataclass
from typing import Literal, cast

from .codebook import AUTRE, Codebook, Question

OTHER = "other"
Entry = Literal["choix", "case", "nombre", "date", "texte"]


@dataclass(frozen=True)
class Column:
    """
    Parameters
    ----------
    part
        The sub-question or the rank, else "".
    box
        The box of a multiple choice, or AUTRE for the text of « autre », else "".
    entry
        How the cell is filled; `choix` from `question.choices`, `case` by ticking.
    """

    header: str
    question: Question
    part: str
    box: str
    entry: Entry
    label: str


def columns(codebook: Codebook) -> list[Column]:
    """Every cell that one respondent fills, in the order of the codebook."""
    return [column for question in codebook.questions for column in _columns(question)]


def _columns(q: Question) -> list[Column]:
    if q.type == "choix_multiple":
        found = [Column(f"{q.code}[{c}]", q, "", c, "case", label) for c, label in q.listed.items()]
    else:
        entry = cast(Entry, "choix" if q.choices else q.type)
        found = [Column(f"{q.code}[{p}]" if p else q.code, q, p, "", entry, q.part_label(p)) for p in q.parts]
    if q.autre:
        found.append(Column(f"{q.code}[{OTHER}]", q, "", AUTRE, "texte", "Autre (préciser)"))
    return found
