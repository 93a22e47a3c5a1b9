"""What to hide of a questionnaire, in the tables of all territories at once.

Who reads one report can read the others, and an organisme at work in two departments counts in
both: units are grouped by the territories they belong to, and each count of each territory is a
sum of such groups. In turn:
1. respondents by territory and stratum (`taux_reponse`); where those of a territory are hidden,
   all its answers are;
2. for each question, the base; where it is hidden, nothing of the question shows;
3. the modalities; of a multiple choice, those who ticked a box and those who did not.
Who answered since the last edition (`past`) is protected too: no answer to a question shows where
so few were put it, or answered it, since. Bases from `seuil` up show, and non-answers but where
they would give a hidden base: they are nobody's answer. A filtered question is hidden where a
count of its filter is, for one gives the other. Each question is one system, with the respondents
and those its filter lets in; what several questions together might narrow is not computed.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...filters import NR, tests
from ...study import REGION
from ..methods.past import Hidden, Told, changed, last, suppress_since
from ..methods.secret import HIDDEN, Flags, Whole, small
from .survey import DEPARTEMENT, Item, Survey
from .taux_reponse import TOTAL, strata

Rate = tuple[str, str, str]  # column of taux_reponse, stratum, territory
Cell = tuple[str, str, str, str]  # question, part, modality ("" for the base), territory
SHUT = "*"  # in place of a modality: no answer shows, the base does
MEAN = "moyenne"
NEW = "nouveaux"  # in place of a column: a stratum where so few have answered since
Past = Mapping[Rate | Cell, Told]  # what the last edition told


def hidden_rates(survey: Survey, surveys: Mapping[str, Survey], seuil: int, past: Past) -> frozenset[Rate]:
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
    replied, silent = (
        np.bincount(group[units["a_repondu"] == answer], minlength=groups.shape[1]) for answer in (True, False)
    )
    cells = np.kron([[1, 0], [1, 1]], groups)  # respondents, then populations
    hidden = np.concatenate([small(groups @ replied, seuil), np.zeros(len(rows), dtype=bool)])
    ties = list(range(len(cells)))
    for i, (stratum, _) in enumerate(names):
        if stratum == TOTAL:
            ties[len(rows) + i] = i
    columns = ["repondants"] * len(rows) + ["population"] * len(rows)
    rates = [(column, *name) for column, name in zip(columns, names * 2, strict=True)]
    then = [past.get(rate) for rate in rates]
    # Nobody takes an answer back; the frame, published, stays.
    grows = np.kron([[1, 0], [1, 1], [-1, -1]], np.eye(len(replied), dtype=np.int64))
    # Totals first: all answers hang on them.
    flags = np.zeros(len(rates), dtype=bool)
    total = np.array([r[1].partition("=")[0] in (TOTAL, DEPARTEMENT) for r in rates], dtype=bool)
    for own in (total, ~total):
        known = total & ~own & ~flags
        flags[own] = suppress_since(
            cells[own],
            np.concatenate([replied, silent]),
            hidden[own],
            seuil,
            known=cells[known],
            tied=np.array(ties)[own].tolist(),
            grows=grows,
            then=[then[i] for i in (*np.flatnonzero(own), *np.flatnonzero(known))],
        )
    few = changed(groups @ replied, then[: len(rows)], seuil)
    newcomers = {(NEW, *name) for name, flag in zip(names, few, strict=True) if flag}
    return frozenset({rate for rate, flag in zip(rates, flags, strict=True) if flag} | newcomers)


def hidden_cells(
    survey: Survey, surveys: Mapping[str, Survey], rates: Set[Rate], seuil: int, past: Past
) -> frozenset[Cell]:
    """What to hide of `reponses`, given what `taux_reponse` hides."""
    inside = np.array([survey.units["repondant"].isin(s.units["repondant"]) for s in surveys.values()], dtype=np.int64)
    groups, group = np.unique(inside, axis=1, return_inverse=True)
    of_unit = dict(zip(survey.units["repondant"], group.tolist(), strict=True))
    cells: set[Cell] = set()
    for item in survey.items:
        named = _named_by_filter(item, survey)
        closed = [("repondants", TOTAL, t) in rates or any((*cell, t) in cells for cell in named) for t in surveys]
        question = _Question(item, list(surveys), groups, of_unit, seuil, past)
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
    source = next((i for i in survey.items if i.question.code == first.question and i.part in ("", first.part)), None)
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
    past: Past

    def hidden(self, closed: Flags, told: bool) -> set[Cell]:
        """The hidden cells; nothing shows in the `closed` territories.

        `told`: elsewhere everybody knows to how many the question was put; else its own base
        and non-answers tell it.
        """
        answered = set(self.item.answered["repondant"])
        base = self._count(answered)
        silent = self._count(set(self.item.put) - answered)
        closed = closed | small(self.groups @ (base + silent), self.seuil)
        then, size = self._then(), len(closed)
        shut = closed | small(self.groups @ base, self.seuil)
        few = changed(self.groups @ (base + silent), then[:size], self.seuil) | changed(
            self.groups @ base, then[size : 2 * size], self.seuil
        )
        # Cells of each territory: to how many it was put, the base, the non-answers.
        cells = np.kron([[1, 1], [0, 1], [1, 0]], self.groups)
        puts, bases, silences = np.split(np.arange(len(cells)), 3)
        ties, known = np.arange(len(cells)), cells[puts][~closed]
        settled = [then[i] for i in np.flatnonzero(~closed)]
        if told:  # the non-answers would give the base
            ties[silences[~closed]] = bases[~closed]
        else:
            ties[puts], known, settled = bases, known[:0], []
        flags = suppress_since(
            cells,
            np.concatenate([silent, base]),
            np.concatenate([closed, shut, np.zeros_like(shut)]),
            self.seuil,
            known=known,
            tied=ties.tolist(),
            then=then + settled,
            grows=np.eye(cells.shape[1], dtype=np.int64),
        )
        named = self._named("", flags[bases]) | self._named(NR, flags[silences]) | self._named(SHUT, few)
        if self.item.question.choices:
            named |= self._modalities(silent, base, flags, few)
        else:
            shows = ~(flags[bases] | few)
            if isolate(self.groups[shows], base, self.seuil):
                named |= self._named(MEAN, np.array(self.territories) != REGION)
        return named

    def _modalities(self, silent: Whole, base: Whole, above: Flags, closed: Flags) -> set[Cell]:
        """The hidden modalities, `above` telling which puts, bases and non-answers are.

        None shows in the `closed` territories, of which the base is known all the same.
        """
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
        always = np.kron(sums, np.eye(len(silent), dtype=np.int64))
        known = np.concatenate([cells[: 3 * territories][~above], always])
        bases = above[territories : 2 * territories]
        totals = np.array([self.groups @ c for c in counts])
        ties = np.arange(len(cells))
        if boxes:
            ties[-size * territories :] -= size * territories
        then = self._then(*found)
        settled = [then[i] for i in np.flatnonzero(~above)]
        if boxes:  # as much as the base and the ticks tell
            then += [
                _left(then[territories + i % territories], then[3 * territories + i]) for i in range(size * territories)
            ]
        few = (bases | closed | small(totals, self.seuil)).ravel()
        few |= changed(totals.ravel(), then[3 * territories :], self.seuil)
        flags = suppress_since(
            cells,
            np.concatenate([silent, base, *counts]),
            np.append(above, few),
            self.seuil,
            known=known,
            tied=ties.tolist(),
            then=[*then, *settled, *[0] * len(always)],
            grows=np.eye(cells.shape[1], dtype=np.int64),
        )
        rows = flags.reshape(-1, territories)[3 : 3 + size]
        return {cell for code, row in zip(found, rows, strict=True) for cell in self._named(code, row)}

    def _then(self, *modalities: str) -> list[Told]:
        """What was told of puts, bases, non-answers and modalities, by territory."""
        cell = (self.item.question.code, self.item.part)
        base, silent, *others = (
            [self.past.get((*cell, m, t)) for t in self.territories] for m in ("", NR, *modalities)
        )
        put: list[Told] = [self.past.get(("repondants", TOTAL, t)) for t in self.territories]
        if self.item.question.filtre is not None:
            put = [
                b + s if isinstance(b, int) and isinstance(s, int) else None for b, s in zip(base, silent, strict=True)
            ]
        return [told for row in (put, base, silent, *others) for told in row]

    def _count(self, who: set[str]) -> Whole:
        return np.bincount([self.of_unit[r] for r in sorted(who)], minlength=self.groups.shape[1])

    def _named(self, modality: str, flags: Flags) -> set[Cell]:
        return {
            (self.item.question.code, self.item.part, modality, t)
            for t, flag in zip(self.territories, flags, strict=True)
            if flag
        }


def isolate(sums: Whole, sizes: Whole, seuil: int) -> bool:
    """Whether sums (k × groups) give together that of one or two groups, of fewer than `seuil` units.

    They do when the rank falls without these groups.
    """
    there = np.flatnonzero(sizes)
    rank = np.linalg.matrix_rank(sums[:, there])
    return any(
        sizes[list(few)].sum() < seuil and np.linalg.matrix_rank(sums[:, np.setdiff1d(there, few)]) < rank
        for several in (1, 2)
        for few in combinations(there.tolist(), several)
    )


def _left(base: Told, ticked: Told) -> Told:
    """What the last edition told of those who did not tick a box."""
    whole, part = last(base), last(ticked)
    if whole is None or part is None:
        return HIDDEN if ticked == HIDDEN else None
    return Hidden(whole - part) if HIDDEN in (base, ticked) else whole - part
