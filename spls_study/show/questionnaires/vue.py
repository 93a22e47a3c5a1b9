"""A questionnaire in one territory, and what may be shown of each of its questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ...codebook import NR, Codebook, Question
from ...french import HIDDEN, MISSING, count, number, percent, short_date
from ...study import SMALL_BASE
from .. import chosen
from ..drawings.likert import Scale

LONGEST_SCALE = 6  # modalities; a longer scale is drawn as bars
NAMES = 7  # organismes that have a column each
SUMMARY = {"mediane": "Médiane", "q1": "Premier quartile", "q3": "Troisième quartile", "moyenne": "Moyenne"}


@dataclass(frozen=True)
class Vue:
    """A questionnaire in one territory: its tables, as `analysis.published` gives them.

    Only the report on questionnaires needs the last four.
    """

    codebook: Codebook
    taux_reponse: pd.DataFrame
    reponses: pd.DataFrame
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
        if row.repondants == HIDDEN:
            return "trop peu de réponses pour en donner le nombre"
        answers = count(row.repondants, "réponse")
        if pd.isna(row.population) or row.population == HIDDEN:
            return answers
        asked = count(row.population, f"{self.one} interrogé", f"{self.asked} interrogés")
        return f"{answers} pour {asked}" + (f" ({percent(row.taux, 0)})" if row.population >= SMALL_BASE else "")

    @property
    def closed(self) -> bool:
        """Whether nothing may be said of this territory: too few answered, or nobody."""
        return self.total.repondants in (HIDDEN, 0)

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
    def base(self) -> Any:
        return self.rows["base"].iloc[0]

    @property
    def first(self) -> pd.DataFrame:
        """The rows of counts: for a ranking, those of first choices."""
        return self.rows[self.rows["effectif"].notna()]

    @property
    def state(self) -> str:
        """`vide` (nobody answered), `secret` (nothing shows but zeros), else `visible`."""
        if self.base == HIDDEN or not self.base:
            return "secret" if self.base else "vide"
        values = self.rows["valeur" if self.question.type == "nombre" else "effectif"]
        some = (pd.to_numeric(values, errors="coerce") > 0).any()
        return "visible" if some or HIDDEN not in set(values) else "secret"

    @property
    def is_scale(self) -> bool:
        return self.question.type == "echelle" and len(self.question.modalites) <= LONGEST_SCALE

    @property
    def label(self) -> str:
        return self.question.part_label(self.part) if self.part else self.question.libelle

    def row(self, label: str) -> Scale:
        """As one row of a scale."""
        counts = [None if n == HIDDEN else int(n) for n in self.rows["effectif"]]
        return Scale(label, counts, int(self.base))

    def summary(self) -> dict[str, str]:
        """Median, quartiles and mean of numbers or dates, as text."""
        values = self.rows.set_index("modalite")["valeur"]
        return {label: self._text(values.get(key)) for key, label in SUMMARY.items()}

    def _text(self, value: Any) -> str:
        if value == HIDDEN or pd.isna(value):
            return HIDDEN if value == HIDDEN else MISSING
        if self.question.type == "date":
            return short_date(date(1970, 1, 1) + timedelta(days=round(value)))
        return number(value, 1)


def items(v: Vue, question: Question) -> Iterator[Asked]:
    """What may be shown of one question; nothing when it is not published."""
    rows = chosen(v.reponses, question=question.code)
    rows = rows[rows["modalite"] != NR]
    for part in question.parts if question.is_grid else ("",):
        own = rows[rows["sous_question"] == part] if part else rows
        if len(own):
            yield Asked(question, part, own)


Sides = list[tuple[Vue, Asked]]  # one item, as one group or several answered it
