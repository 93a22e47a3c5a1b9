"""One questionnaire with those it asked: who answered what, in which territory, and at what rate."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from ...codebook import NR, Codebook, Question
from ...filters import tests
from ...study import Territory
from ..methods import frame

DEPARTEMENT = "departement"  # the stratum in which a unit may be several times
FIRST = "1"  # sous_question of the first choice in a ranking
TOTAL = "total"
RATES = {"questionnaire": "str", "strate": "str", "population": "Int64", "repondants": "Int64", "taux": "float64"}
ABSENTS = dict.fromkeys(("questionnaire", "organisme", "nom", "departements"), "str")


@dataclass(frozen=True)
class Item:
    """What is answered at once: a question, or one part of a grid.

    `rows` (repondant, sous_question, valeur) are those of the respondents to whom it was put.
    """

    question: Question
    part: str
    rows: pd.DataFrame

    @property
    def key(self) -> tuple[str, str]:
        return self.question.code, self.part

    @cached_property
    def put(self) -> list[str]:
        return sorted(self.rows["repondant"].unique())

    @cached_property
    def answered(self) -> pd.DataFrame:
        """The rows of those who answered: for a ranking, who gave a first choice."""
        given = self.rows[self.rows["valeur"] != NR]
        if self.question.type != "classement":
            return given
        return given[given["repondant"].isin(given.loc[given["sous_question"] == FIRST, "repondant"])]

    @cached_property
    def base(self) -> int:
        return int(self.answered["repondant"].nunique())

    @cached_property
    def first(self) -> pd.DataFrame:
        """The rows of answers that count: for a ranking, the first choices."""
        rows = self.answered
        return rows[rows["sous_question"] == FIRST] if self.question.type == "classement" else rows

    @cached_property
    def chosen(self) -> dict[str, set[str]]:
        """Who chose each modality: ticked it, or for a ranking put it first; empty when open."""
        said, who = self.first["valeur"], self.first["repondant"]
        return {code: set(who[said == code]) for code in self.question.choices}


@dataclass(frozen=True)
class Survey:
    """`units`: one row for each organisme asked or respondent: repondant, nom, departements (`16|17`), nb_logements,
    a_repondu, and the strata of the codebook but `departement`. `population`: how many were asked, respondents
    outside the frame included; None when unknown. `departments`: those that are a stratum, none within a
    department.
    """

    codebook: Codebook
    answers: pd.DataFrame
    units: pd.DataFrame
    population: int | None
    departments: tuple[str, ...] = ()

    def within(self, territory: Territory) -> "Survey":
        """The units of a territory: all of them for the region, else those that work there."""
        if territory.is_region:
            return self
        units = self.units[present(self.units, *territory.departements)]
        answers = self.answers[self.answers["repondant"].isin(units["repondant"])]
        return replace(
            self,
            answers=answers.reset_index(drop=True),
            units=units.reset_index(drop=True),
            departments=(),
            population=len(units) if self.framed else None,
        )

    @property
    def framed(self) -> bool:
        """Whether the units are those of a frame, answering or not."""
        return self.codebook.repondant is not None and isinstance(self.codebook.population, str)

    @cached_property
    def strata(self) -> dict[str, pd.Series]:
        """What units are told apart by: their work in a department (`departement=16`), then one value at most each."""
        work = {f"{DEPARTEMENT}={code}": present(self.units, code) for code in self.departments}
        others = [s for s in self.codebook.strates if s != DEPARTEMENT]
        return work | {s: self.units[s].where(self.units[s] != "") for s in others}

    @cached_property
    def items(self) -> list[Item]:
        """Everything asked and publishable, in the order of the codebook."""
        rows, items = {str(code): r for code, r in self.answers.groupby("question")}, []
        for question in self.codebook.questions:
            found = rows.get(question.code, self.answers.iloc[:0])
            for part in question.parts if question.is_grid else ("",):
                own = found[found["sous_question"].fillna("") == part] if part else found
                items.append(Item(question, part, own))
        return [item for item in items if item.question.diffusion != "interne"]

    def concerned(self, item: Item) -> int | None:
        """How many of the population a question concerns; None when it cannot be known.

        With a filter, known only if the whole population answered the filter's questions.
        """
        if self.population is None or item.question.filtre is None:
            return self.population
        given = self.answers[self.answers["valeur"] != NR]
        for test in tests(self.codebook.filters[item.question.code]):
            own = (given["question"] == test.question) & (given["sous_question"].fillna("") == test.part)
            if given["repondant"][own].nunique() < self.population:
                return None
        return len(item.put)


def survey(codebook: Codebook, answers: pd.DataFrame, organismes: pd.DataFrame) -> Survey:
    """Join the answers to the frame: the organismes of the role that the codebook asks.

    Without such a role, or when the answers do not name the organisme (`repondant`), the units are the respondents. A
    department or a stratum comes from the answers when they have it, else from the organisme.
    """
    respondents = pd.Index(sorted(answers["repondant"].unique()), dtype="str")
    asked = organismes.loc[organismes["role"] == codebook.population, "id"]
    linked = codebook.repondant is not None
    names = respondents.union(pd.Index(asked, dtype="str"), sort=True) if linked else respondents
    known = (organismes if linked else organismes.iloc[:0]).drop_duplicates("id").set_index("id").reindex(names)
    said = answers[answers["question"].isin(codebook.strates)].drop_duplicates(["repondant", "question"])
    own = said.pivot(index="repondant", columns="question", values="valeur").reindex(names)
    units = known[["nom", "nb_logements"]].assign(a_repondu=names.isin(respondents))
    for stratum in dict.fromkeys((DEPARTEMENT, *codebook.strates)):
        column = "departements" if stratum == DEPARTEMENT else stratum
        of_organisme = known.get(column, pd.Series(pd.NA, index=names))
        told = own.get(stratum, of_organisme)
        units[column] = told.where(told.notna(), of_organisme).fillna("").astype("str")
    population = codebook.population
    if isinstance(population, str):
        population = len(names) if linked else len(asked)
    if population is not None and population < len(respondents):
        population = None  # more answered than were asked: the number is wrong
    units = units.rename_axis("repondant").reset_index()
    departments = sorted(set(units["departements"].str.split("|").explode()) - {""})
    return Survey(codebook, answers, units, population, tuple(departments) if DEPARTEMENT in codebook.strates else ())


def present(units: pd.DataFrame, *departements: str) -> pd.Series:
    """Whether each unit works in one of these departments."""
    wanted = set(departements)
    return units["departements"].map(lambda d: not wanted.isdisjoint(d.split("|"))).astype(bool)


def taux_reponse(survey: Survey) -> pd.DataFrame:
    """Response rate in all, by department (a unit counts in each of its own) and by stratum: columns RATES.

    Without a frame only the total may have a population and a rate.
    """
    groups = {TOTAL: pd.Series(True, survey.units.index)}
    for name, values in survey.strata.items():
        each = {f"{name}={value}": values == value for value in sorted(values.dropna().unique())}
        groups |= {name: values} if values.dtype == bool else each
    asked = [int(inside.sum()) if survey.framed else None for inside in groups.values()]
    asked[0] = survey.population
    replied = [int(survey.units["a_repondu"][inside].sum()) for inside in groups.values()]
    rates = [n / of if of else None for n, of in zip(replied, asked, strict=True)]
    return frame(zip([survey.codebook.id] * len(groups), groups, asked, replied, rates, strict=True), RATES)


def absents(survey: Survey) -> pd.DataFrame:
    """The chase list, internal: units of the frame without an answer. Columns ABSENTS."""
    missing = survey.units[~survey.units["a_repondu"]].assign(questionnaire=survey.codebook.id)
    return missing.rename(columns={"repondant": "organisme"})[[*ABSENTS]].astype(ABSENTS).reset_index(drop=True)
