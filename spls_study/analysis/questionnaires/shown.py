"""What may be shown of a questionnaire in each territory, and its tables (design.md §4, Confidentiality).

A question, or a part of a grid, shows whole in a territory or not at all (`groups`), as all who
answered it there are a group. Beside it:
- how many were asked and answered is nobody's answer: `taux_reponse` is whole, and so are the
  numbers of free answers;
- to how many a filtered question is put tells the answers to its filter: where the filter does
  not show, it does not;
- a crossing and a stratified estimate tell the parts that they compare: those of a department
  show where the question does in both, strata where they may be told apart from all that shows;
- fewer than ten asked need neither tests nor estimates.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ...codebook import Codebook
from ...filters import tests
from ...study import REGION, SMALL_BASE, Territory
from ..groups import apart, shown
from ..methods import frame
from . import tables as made
from .survey import ABSENTS, DEPARTEMENT, RATES, Item, Survey, absents, taux_reponse

Cell = tuple[str, str, str]  # question, part, territory
NOT_SHOWN = dict.fromkeys(("questionnaire", "question", "sous_question", "groupe"), "str")
NOT_SHOWN |= {"reponses_recues": "Int64", "motif": "str", "libelle": "str"}
HEADERS = {
    "taux_reponse": RATES,
    "reponses": made.ANSWERS,
    "reponses_non_montrees": NOT_SHOWN,
    "reponses_redressees": made.ESTIMATES,
    "croisements": made.CROSSINGS,
    "non_reponse": made.NON_RESPONSE,
    "reponses_nominatives": made.NAMED,
    "absents": ABSENTS,
}


@dataclass(frozen=True)
class Shown:
    """The tables of one questionnaire, each for one territory.

    `local`: code of a territory → the questionnaire there. `repondants`: a smaller group of respondents does not show.
    `cells`: what shows, and where. `crossed`: by what else each may be crossed, a stratum or `departement=16`.
    `estimated`: of which stratified estimates show.
    """

    codebook: Codebook
    local: Mapping[str, Survey]
    repondants: int
    cells: frozenset[Cell]
    crossed: frozenset[tuple[str, str, str, str]]
    estimated: frozenset[Cell]

    def tables(self, territory: Territory) -> dict[str, pd.DataFrame]:
        """Those of HEADERS, by name; `croisements` is corrected with all tests made, shown or not."""
        here, code = self.local[territory.code], territory.code
        tests = made.croisements(here) if _is_tested(here) else frame((), made.CROSSINGS | made.ITEM)
        cells = zip(tests["question"], tests["sous_question"], tests["question_b"], strict=True)
        kept = [(question, part, code, stratum) in self.crossed for question, part, stratum in cells]
        return {
            "taux_reponse": taux_reponse(here),
            "reponses": made.reponses(self._of(here, code, self.cells)),
            "reponses_non_montrees": self._not_shown(territory),
            "reponses_redressees": made.reponses_redressees(self._of(here, code, self.estimated), self.repondants),
            "croisements": tests.loc[kept, [*made.CROSSINGS]].reset_index(drop=True),
            "non_reponse": made.non_reponse(here).head(None if _is_tested(here) else 0),
            "reponses_nominatives": made.reponses_nominatives(here),
            "absents": absents(here),
        }

    def _of(self, here: Survey, code: str, shown: Collection[Cell]) -> Survey:
        """Of a territory's answers, those that show there."""
        return replace(here, items=tuple(item for item in here.items if (*item.key, code) in shown))

    def _not_shown(self, territory: Territory) -> pd.DataFrame:
        """What does not show, and why; how many answered is left out where it would tell answers to the filter."""
        rows = []
        for item in self.local[territory.code].items:
            if (*item.key, territory.code) not in self.cells:
                why = self._reason(item, territory)
                received = pd.NA if why == _BY_FILTER else item.base
                rows.append((self.codebook.id, *item.key, territory.code, received, why, item.question.libelle))
        return frame(rows, NOT_SHOWN)

    def _reason(self, item: Item, territory: Territory) -> str:
        if any((*source, territory.code) not in self.cells for source in _filters(item, self.codebook)):
            return _BY_FILTER
        if item.base < self.repondants:
            return f"trop peu\u00a0: il en faut {self.repondants}" if item.base else "aucune réponse"
        return f"la différence entre territoires serait celle de moins de {self.repondants} répondants"


_BY_FILTER = "la question qui la filtre n'est pas montrée"


def together(questionnaires: Sequence[Shown], territory: Territory) -> dict[str, pd.DataFrame]:
    """The tables of several questionnaires, one below the other; their columns alone when there is none."""
    each = [one.tables(territory) for one in questionnaires]
    return {
        name: pd.concat([frame((), types), *(tables[name] for tables in each)], ignore_index=True)
        for name, types in HEADERS.items()
    }


def decide(asked: Survey, territories: Sequence[Territory], repondants: int) -> Shown:
    """What may be shown in all the study's territories at once.

    Of a `nominatif` questionnaire, and where `repondants` is 1, everything.
    """
    least = 1 if asked.codebook.nominatif else repondants
    local = {t.code: asked.within(t) for t in sorted(territories, key=lambda t: (not t.is_region, t.code))}
    items = {code: {item.key: item for item in one.items} for code, one in local.items()}
    cells: set[Cell] = set()
    crossed: set[tuple[str, str, str, str]] = set()
    estimated: set[Cell] = set()
    for item in asked.items:
        groups = {code: own[item.key].who for code, own in items.items()}
        everywhere = least == 1 or item.question.type == "texte"
        found = set(groups) if everywhere else shown(groups, least, REGION)
        found -= {c for c in found for source in _filters(item, asked.codebook) if (*source, c) not in cells}
        cells |= {(*item.key, code) for code in found}
        told = [groups[code] for code in found]
        for code, one in local.items():
            if code not in found or not _is_tested(one):
                continue
            own = items[code][item.key]
            crossed |= {(*item.key, code, f"{DEPARTEMENT}={d}") for d in set(one.departments) & found}
            for name in (s for s in one.strata if s in one.units):
                parts = [*filter(None, (frozenset(own.names[own.answered & inside]) for inside in one.cut(name)))]
                if apart(parts, told, least):
                    crossed.add((*item.key, code, name))
                    told += parts
            parts = [s.who for s in made.joined_strata(one, own, least)]
            if apart(parts, told, least):
                estimated.add((*item.key, code))
                told += parts
    return Shown(asked.codebook, local, least, frozenset(cells), frozenset(crossed), frozenset(estimated))


def _is_tested(survey: Survey) -> bool:
    asked = len(survey.units) if survey.population is None else survey.population
    return asked >= SMALL_BASE


def _filters(item: Item, codebook: Codebook) -> list[tuple[str, str]]:
    """The published items on which the filter of another hangs."""
    if item.question.filtre is None:
        return []
    named = {
        (test.question, test.part if codebook.by_code[test.question].is_grid else "")
        for test in tests(codebook.filters[item.question.code])
    }
    return sorted(key for key in named if codebook.by_code[key[0]].diffusion != "interne")
