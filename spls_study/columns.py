"""The columns of a sheet of answers, under the names that LimeSurvey gives them.

`Q`, `Q[SQ001]` (sub-question or box), `Q[1]` (rank), `Q[other]` (the text of « autre »).
The XLSX form has the same names, one a line. Elsewhere LimeSurvey writes their words (`words`).
"""

from dataclasses import dataclass
from typing import Literal, cast

from .codebook import AUTRE, Codebook, Question

OTHER = "other"
ACCORD = "Acceptez-vous que vos réponses soient citées avec le nom de votre organisme\u202f?"
# What is asked besides the questions: by the forms, then by LimeSurvey.
IDENTITY = {
    "repondant": ("Votre organisme", "Nom de votre organisme"),
    "date": ("Date de votre réponse",),
    "accord": (ACCORD,),
}
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

    @property
    def words(self) -> tuple[str, ...]:
        """What stands above the column in full: « Qui saisit ? [Autre] »."""
        others = ("Autre", "Other") if self.box == AUTRE else ()
        ranks = (f"Classement {self.part}", f"Rank {self.part}") if self.question.type == "classement" else ()
        labels = [label for label in (self.label, *others, *ranks) if label]
        return tuple(f"{self.question.libelle} [{label}]" for label in labels) or (self.question.libelle,)


def identity(codebook: Codebook) -> dict[str, str]:
    """What is asked before the questions, as none of them asks it: key of `IDENTITY` → column."""
    asked = {"repondant": codebook.repondant, "date": codebook.date_reponse, "accord": codebook.accord}
    return {role: column for role, column in asked.items() if column and column not in codebook.by_code}


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
