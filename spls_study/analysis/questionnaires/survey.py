"""One questionnaire with those it asked: who answered what, in which territory, and at what rate."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...codebook import NR, Codebook, Question
from ...filters import tests
from ...study import Territory
from ..methods import frame

Mask = npt.NDArray[np.bool_]
DEPARTEMENT = "departement"  # the stratum in which a unit may be several times
FIRST = "1"  # sous_question of the first choice in a ranking
RANG_MOYEN = "rang_moyen"  # of its second reading, each item's mean rank
TOTAL = "total"
RATES = {"questionnaire": "str", "strate": "str", "population": "Int64", "repondants": "Int64", "taux": "float64"}
ABSENTS = dict.fromkeys(("questionnaire", "organisme", "nom", "departements"), "str")


@dataclass(frozen=True)
class Item:
    """What is answered at once, a question or one part of a grid, with a row of each array for each unit of `names`.

    `put`: was it asked. `answered`: was there an answer, for a ranking a first choice. `chosen`: modality by modality,
    ticked, or for a ranking put first; none when open. `values`: the number or the day given, for a ranking the rank
    of each modality. `known`: does one know of the unit whether it should have been asked (its filter's answers).
    """

    question: Question
    part: str
    names: npt.NDArray[np.object_]
    put: Mask
    answered: Mask
    chosen: Mask
    values: npt.NDArray[np.float64]
    known: Mask

    @property
    def key(self) -> tuple[str, str]:
        return self.question.code, self.part

    @property
    def base(self) -> int:
        return int(self.answered.sum())

    @property
    def who(self) -> frozenset[str]:
        """Those who answered."""
        return frozenset(self.names[self.answered])

    def of(self, inside: Mask) -> "Item":
        """The same of some units."""
        return replace(self, **{f.name: getattr(self, f.name)[inside] for f in fields(self)[2:]})

    def concerned(self, population: int | None) -> int | None:
        """How many of the population it concerns: with a filter, known only if all answered the filter's questions."""
        if population is None or self.question.filtre is None:
            return population
        return int(self.put.sum()) if self.known.sum() >= population else None


@dataclass(frozen=True)
class Survey:
    """`units`: one row for each organisme asked or respondent: repondant, nom, departements (`16|17`), nb_logements,
    a_repondu, and the strata of the codebook but `departement`. `items`: all that may be published, in the order of
    the codebook. `population`: how many were asked, respondents outside the frame included; None when unknown.
    `departments`: those that are a stratum, none within a department.
    """

    codebook: Codebook
    answers: pd.DataFrame
    units: pd.DataFrame
    items: tuple[Item, ...]
    population: int | None
    departments: tuple[str, ...] = ()

    def within(self, territory: Territory) -> "Survey":
        """The units of a territory: all of them for the region, else those that work there."""
        if territory.is_region:
            return self
        inside = present(self.units, *territory.departements)
        return replace(
            self,
            units=self.units[inside].reset_index(drop=True),
            items=tuple(item.of(inside.to_numpy()) for item in self.items),
            departments=(),
            population=int(inside.sum()) if self.framed else None,
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
    def partition(self) -> str | None:
        """The first stratum that cuts the frame into parts: a value for each unit, several values."""
        for stratum in self.codebook.strates if self.framed else ():
            column = "departements" if stratum == DEPARTEMENT else stratum
            values = set(self.units[column])
            if len(values) > 1 and "" not in values and not any("|" in v for v in values):
                return column
        return None

    def cut(self, column: str) -> list[Mask]:
        """The units of each value of a column."""
        said = self.units[column].to_numpy(dtype=object)
        return [said == value for value in sorted(set(said))]


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
    departments = tuple(sorted(set(units["departements"].str.split("|").explode()) - {""}))
    items = _items(codebook, answers, names)
    return Survey(codebook, answers, units, items, population, departments if DEPARTEMENT in codebook.strates else ())


def _items(codebook: Codebook, answers: pd.DataFrame, names: pd.Index) -> tuple[Item, ...]:
    table = answers.assign(unit=names.get_indexer(answers["repondant"]), part=answers["sous_question"].fillna(""))
    rows, found = {str(code): own for code, own in table.groupby("question")}, dict[tuple[str, str], Item]()
    for question in codebook.questions:
        own = rows.get(question.code, table.iloc[:0])
        known = np.ones(len(names), dtype=bool)
        for test in tests(codebook.filters[question.code]) if question.filtre is not None else ():
            source = codebook.by_code[test.question]
            item = found[source.code, test.part if source.is_grid else ""]
            ranked = source.type == "classement"
            known &= (item.values == float(test.part)).any(axis=1) if ranked else item.answered
        for part in question.parts if question.is_grid else ("",):
            here = own[own["part"] == part] if part else own
            found[question.code, part] = _item(question, part, here, names, known)
    return tuple(item for item in found.values() if item.question.diffusion != "interne")


def _item(question: Question, part: str, rows: pd.DataFrame, names: pd.Index, known: Mask) -> Item:
    unit, said, choices = rows["unit"].to_numpy(), rows["valeur"], [*question.choices]
    ranked, given = question.type == "classement", (said != NR).to_numpy(dtype=bool)
    first = given & (rows["part"] == FIRST).to_numpy(dtype=bool) if ranked else given
    put, answered = np.zeros(len(names), dtype=bool), np.zeros(len(names), dtype=bool)
    put[unit], answered[unit[first]] = True, True
    code = pd.Index(choices, dtype="str").get_indexer(said) if choices else np.full(len(rows), -1)
    chosen = np.zeros((len(names), len(choices)), dtype=bool)
    chosen[unit[first & (code >= 0)], code[first & (code >= 0)]] = True
    values = np.full((len(names), len(choices) if ranked else 1), np.nan)
    if ranked:
        own = given & answered[unit] & (code >= 0)
        values[unit[own], code[own]] = pd.to_numeric(rows["part"][own])
    elif question.type == "date":
        days = pd.to_datetime(said[given], format="ISO8601") - pd.Timestamp("1970-01-01")
        values[unit[given], 0] = days / pd.Timedelta(days=1)
    elif question.type == "nombre":
        values[unit[given], 0] = pd.to_numeric(said[given])
    return Item(question, part, names.to_numpy(dtype=object), put, answered, chosen, values, known)


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
