"""What to hide of a questionnaire, in the tables of all territories at once.

Who reads one report can read the others, and an organisme at work in two departments counts in
both: units are grouped by the territories they belong to, and each count of each territory is a
sum of such groups. In turn:
1. respondents by territory and stratum (`taux_reponse`); where those of a territory are hidden,
   all its answers are;
2. for each question, the base; where it is hidden, nothing of the question shows;
3. the modalities; of a multiple choice, those who ticked a box and those who did not.
Bases from `seuil` up show, and non-answers but where they would give a hidden base: they are
nobody's answer. A filtered question is hidden where a count of its filter is, for one gives the
other. Each question is one system, with the respondents and those its filter lets in; what
several questions together might narrow is not computed.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from ...filters import NR, tests
from ..methods.secret import Flags, Whole, small, suppress
from .survey import Item, Survey
from .taux_reponse import TOTAL, strata

Rate = tuple[str, str, str]  # column of taux_reponse, stratum, territory
Cell = tuple[str, str, str, str]  # question, part, modality ("" for the base), territory


def hidden_rates(survey: Survey, surveys: Mapping[str, Survey], seuil: int) -> frozenset[Rate]:
    """What to hide of `taux_reponse`: respondents, and the population where it would tell.

    `surveys` are those of the territories, by code. Where a total is hidden, so is its
    population.
    """
    units, names, rows = survey.units, [], []
    for code, local in surveys.items():
        for stratum, inside in strata(local).items():
            names.append((stratum, code))
            rows.append(units["repondant"].isin(local.units.loc[inside, "repondant"]))
    groups, group = np.unique(np.array(rows, dtype=np.int64), axis=1, return_inverse=True)
    replied, silent = (np.bincount(group[units["a_repondu"] == answer], minlength=groups.shape[1])
                       for answer in (True, False))
    cells = np.kron([[1, 0], [1, 1]], groups)  # respondents, then populations
    hidden = np.concatenate([small(groups @ replied, seuil), np.zeros(len(rows), dtype=bool)])
    ties = list(range(len(cells)))
    for i, (stratum, _) in enumerate(names):
        if stratum == TOTAL:
            ties[len(rows) + i] = i
    flags = suppress(cells, np.concatenate([replied, silent]), hidden, seuil, tied=ties)
    columns = ["repondants"] * len(rows) + ["population"] * len(rows)
    return frozenset((column, *name) for column, name, flag
                     in zip(columns, names * 2, flags, strict=True) if flag)


def hidden_cells(survey: Survey, surveys: Mapping[str, Survey], rates: Set[Rate],
                 seuil: int) -> frozenset[Cell]:
    """What to hide of `reponses`, given what `taux_reponse` hides."""
    inside = np.array([survey.units["repondant"].isin(s.units["repondant"])
                       for s in surveys.values()], dtype=np.int64)
    groups, group = np.unique(inside, axis=1, return_inverse=True)
    of_unit = dict(zip(survey.units["repondant"], group.tolist(), strict=True))
    cells: set[Cell] = set()
    for item in survey.items():
        named = _named_by_filter(item, survey)
        closed = [("repondants", TOTAL, t) in rates or any((*cell, t) in cells for cell in named)
                  for t in surveys]
        question = _Question(item, list(surveys), groups, of_unit, seuil)
        cells |= question.hidden(np.array(closed), _is_told(item, survey))
    return frozenset(cells)


def _named_by_filter(item: Item, survey: Survey) -> list[tuple[str, str, str]]:
    """The bases and modalities that the filter of an item rests on."""
    if item.question.filtre is None:
        return []
    found = []
    for test in tests(survey.codebook.filters[item.question.code]):
        part = test.part if survey.codebook.by_code[test.question].is_grid else ""
        found += [(test.question, part, m) for m in ("", test.box, *test.values)]
    return found


def _is_told(item: Item, survey: Survey) -> bool:
    """Whether the published counts tell to how many an item is put.

    They do without a filter, or when it is one test that parts those who chose some modalities
    from the others.
    """
    if item.question.filtre is None:
        return True
    first, *others = tests(survey.codebook.filters[item.question.code])
    source = next((i for i in survey.items() if i.question.code == first.question
                   and i.part in ("", first.part)), None)
    if source is None or others:
        return False
    modalities = source.chosen
    who = {r for m in (first.box, *first.values) for r in modalities.get(m, set())}
    return set(item.put) in (who, set(source.answered["repondant"]) - who)


@dataclass(frozen=True)
class _Question:
    """One item; `groups` is territories × groups of units, `of_unit` the group of each unit."""

    item: Item
    territories: list[str]
    groups: Whole
    of_unit: Mapping[str, int]
    seuil: int

    def hidden(self, closed: Flags, told: bool) -> set[Cell]:
        """The hidden cells; nothing shows in the `closed` territories.

        `told`: elsewhere everybody knows to how many the question was put; else its own base
        and non-answers tell it.
        """
        answered = set(self.item.answered["repondant"])
        base = self._count(answered)
        silent = self._count(set(self.item.put) - answered)
        closed = closed | small(self.groups @ (base + silent), self.seuil)
        shut = closed | small(self.groups @ base, self.seuil)
        # Cells of each territory: to how many it was put, the base, the non-answers.
        cells = np.kron([[1, 1], [0, 1], [1, 0]], self.groups)
        puts, bases, silences = np.split(np.arange(len(cells)), 3)
        ties, known = np.arange(len(cells)), cells[puts][~closed]
        if told:  # the non-answers would give the base
            ties[silences[~closed]] = bases[~closed]
        else:
            ties[puts], known = bases, known[:0]
        flags = suppress(cells, np.concatenate([silent, base]),
                         np.concatenate([closed, shut, np.zeros_like(shut)]), self.seuil,
                         known=known, tied=ties.tolist())
        named = self._named("", flags[bases]) | self._named(NR, flags[silences])
        if self.item.question.choices:
            named |= self._modalities(silent, base, flags)
        return named

    def _modalities(self, silent: Whole, base: Whole, above: Flags) -> set[Cell]:
        """The hidden modalities, `above` telling which puts, bases and non-answers are."""
        found = self.item.chosen
        counts = [self._count(who) for who in found.values()]
        boxes = self.item.question.type == "choix_multiple"
        if boxes:
            counts += [base - c for c in counts]
        size, several, territories = len(found), len(counts), len(self.territories)
        # Atoms: non-answers, bases, then each modality (ticked boxes, then boxes not ticked);
        # the base is the sum of all modalities, or of each box ticked and not.
        sums = np.zeros((size if boxes else 1, 2 + several), dtype=np.int64)
        sums[:, 1] = -1
        for k in range(several):
            sums[k % size if boxes else 0, 2 + k] = 1
        silence, answer, *modalities = np.eye(2 + several, dtype=np.int64)
        cells = np.kron([silence + answer, answer, silence, *modalities], self.groups)
        known = np.concatenate([cells[: 3 * territories][~above],
                                np.kron(sums, np.eye(len(silent), dtype=np.int64))])
        bases = above[territories : 2 * territories]
        totals = np.array([self.groups @ c for c in counts])
        hidden = np.concatenate([above, (bases | small(totals, self.seuil)).ravel()])
        ties = np.arange(len(cells))
        if boxes:
            ties[-size * territories :] -= size * territories
        flags = suppress(cells, np.concatenate([silent, base, *counts]), hidden, self.seuil,
                         known=known, tied=ties.tolist())
        rows = flags.reshape(-1, territories)[3 : 3 + size]
        return {cell for code, row in zip(found, rows, strict=True)
                for cell in self._named(code, row)}

    def _count(self, who: set[str]) -> Whole:
        return np.bincount([self.of_unit[r] for r in sorted(who)], minlength=self.groups.shape[1])

    def _named(self, modality: str, flags: Flags) -> set[Cell]:
        return {(self.item.question.code, self.item.part, modality, t)
                for t, flag in zip(self.territories, flags, strict=True) if flag}
