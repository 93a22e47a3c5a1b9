"""A questionnaire in one territory, and what may be shown of each of its questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ...analysis.methods.frames import frame
from ...analysis.questionnaires.shown import NOT_SHOWN
from ...codebook import NR, Codebook, Question
from ...french import MISSING, count, number, percent, short_date
from ...study import SMALL_BASE
from .. import chosen
from ..drawings.likert import Scale

LONGEST_SCALE = 6  # modalities; a longer scale is drawn as bars
NAMES = 7  # organismes that have a column each
SUMMARY = {"mediane": "Médiane", "q1": "Premier quartile", "q3": "Troisième quartile", "moyenne": "Moyenne"}


@dataclass(frozen=True)
class Vue:
    """A questionnaire in one territory: its tables, as `analysis.questionnaires.shown` gives them.

    Only the report on questionnaires needs the last five.
    """

    codebook: Codebook
    taux_reponse: pd.DataFrame
    reponses: pd.DataFrame
    reponses_non_montrees: pd.DataFrame = field(default_factory=lambda: frame((), NOT_SHOWN))
    non_reponse: pd.DataFrame = field(default_factory=pd.DataFrame)
    reponses_redressees: pd.DataFrame = field(default_factory=pd.DataFrame)
    croisements: pd.DataFrame = field(default_factory=pd.DataFrame)
    reponses_nominatives: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def one(self) -> str:
        """One of those asked."""
        asked = self.codebook.population
        return asked if isinstance(asked, str) else "répondant"

    @property
    def asked(self) -> str:
        return f"{self.one}s"

    @property
    def total(self) -> Any:
        return next(chosen(self.taux_reponse, strate="total").itertuples())

    @property
    def rate(self) -> str:
        """How many answered, of how many asked, in words."""
        row = self.total
        answers = count(row.repondants, "réponse")
        if pd.isna(row.population):
            return answers
        asked = count(row.population, f"{self.one} interrogé", f"{self.asked} interrogés")
        return f"{answers} pour {asked}" + (f" ({percent(row.taux, 0)})" if row.population >= SMALL_BASE else "")

    @property
    def closed(self) -> bool:
        """Whether no question shows in this territory, but for the numbers of free answers."""
        codes = [q.code for q in self.codebook.questions if q.type != "texte"]
        return not (self.total.repondants and self.reponses["question"].isin(codes).any())

    @property
    def by_name(self) -> bool:
        """Whether each respondent has a column of a table."""
        return bool(0 < self.reponses_nominatives["organisme"].nunique() <= NAMES)


@dataclass(frozen=True)
class Asked:
    """A question, or one part of a grid: its rows of the table `reponses`, without NR."""

    question: Question
    part: str
    rows: pd.DataFrame

    @property
    def base(self) -> int:
        return int(self.rows["base"].iloc[0])

    @property
    def first(self) -> pd.DataFrame:
        """The rows of counts: for a ranking, those of first choices."""
        return self.rows[self.rows["effectif"].notna()]

    @property
    def is_scale(self) -> bool:
        return self.question.type == "echelle" and len(self.question.modalites) <= LONGEST_SCALE

    @property
    def label(self) -> str:
        return self.question.part_label(self.part) if self.part else self.question.libelle

    def row(self, label: str) -> Scale:
        """As one row of a scale."""
        return Scale(label, [int(n) for n in self.rows["effectif"]], self.base)

    def summary(self) -> dict[str, str]:
        """Median, quartiles and mean of numbers or dates, as text."""
        values = self.rows.set_index("modalite")["valeur"]
        return {label: self._text(values.get(key)) for key, label in SUMMARY.items()}

    def _text(self, value: Any) -> str:
        if pd.isna(value):
            return MISSING
        if self.question.type == "date":
            return short_date(date(1970, 1, 1) + timedelta(days=round(value)))
        return number(value, 1)


def why(row: Any) -> str:
    """Why a question does not show, of a row of `reponses_non_montrees`."""
    if pd.isna(row.reponses_recues) or not row.reponses_recues:
        return str(row.motif)
    return f"{count(row.reponses_recues, 'réponse reçue', 'réponses reçues')}, {row.motif}"


def items(v: Vue, question: Question) -> Iterator[Asked]:
    """What may be shown of one question; nothing when it is not published."""
    rows = chosen(v.reponses, question=question.code)
    rows = rows[rows["modalite"] != NR]
    for part in question.parts if question.is_grid else ("",):
        own = rows[rows["sous_question"] == part] if part else rows
        if len(own):
            yield Asked(question, part, own)


Sides = list[tuple[Vue, Asked]]  # one item, as one group or several answered it
