"""Stratified estimates where the strata answered unequally.

Estimate and variance with the finite-population correction: Cochran, Sampling Techniques, 3rd ed. (1977), ch. 5.
Collapsed strata: ch. 5A. Interval: Korn and Graubard, Survey Methodology 24 (1998), Clopper-Pearson with the effective
number of answers.
"""

from collections.abc import Sequence
from math import fsum, nan
from typing import NamedTuple

import pandas as pd
import scipy

from ..methods.frames import frame
from ..methods.intervals import LEVEL
from .survey import DEPARTEMENT, FIRST, Item, Survey

TYPES = (
    dict.fromkeys(("questionnaire", "question", "sous_question", "modalite", "libelle"), "str")
    | {"base": "Int64"}
    | dict.fromkeys(("part_brute", "part", "erreur_type", "ic_bas", "ic_haut"), "float64")
    | {"strate": "str", "strates": "Int64"}
)


class Stratum(NamedTuple):
    """Of `size` units, `answered` answered (`who`), `counts` of them each modality in turn."""

    size: int
    answered: int
    counts: tuple[int, ...]
    who: frozenset[str] = frozenset()

    def joined(self, other: "Stratum") -> "Stratum":
        both = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return Stratum(self.size + other.size, self.answered + other.answered, both, self.who | other.who)


def reponses_redressees(survey: Survey, repondants: int) -> pd.DataFrame:
    """Shares weighted by the size of the strata, for closed questions without a filter. Columns TYPES.

    part_brute is unweighted, strate names the stratum, strates counts those kept (`joined_strata`).
    """
    name, rows = _partition(survey), []
    for item in survey.items:
        strata = joined_strata(survey, item, repondants)
        part = FIRST if item.question.type == "classement" else item.part
        own = (survey.codebook.id, item.question.code, part)
        for k, (code, label) in enumerate(item.question.choices.items() if strata else ()):
            raw = sum(s.counts[k] for s in strata) / item.base
            rows.append((*own, code, label, item.base, raw, *stratified(strata, k), name, len(strata)))
    return frame(rows, TYPES)


def joined_strata(survey: Survey, item: Item, repondants: int) -> list[Stratum]:
    """The strata of an estimate, large enough (`collapse`); none where there is no estimate."""
    name = _partition(survey)
    if name is None or item.question.filtre is not None or not item.question.choices or not item.base:
        return []
    answered, found = frozenset(item.answered["repondant"]), []
    for _, own in survey.units.groupby(name)["repondant"]:
        counts = tuple(len(who & set(own)) for who in item.chosen.values())
        found.append(Stratum(len(own), len(answered & set(own)), counts, answered & set(own)))
    return collapse(found, repondants)


def collapse(strata: Sequence[Stratum], repondants: int) -> list[Stratum]:
    """Join strata until each has `repondants` answers, and two or is a census.

    The stratum with the fewest answers (then the smallest, then the first) joins the smallest of the others: its units
    are then supposed to answer as that one's.
    """
    kept = list(strata)
    while len(kept) > 1:
        short = [s for s in kept if s.answered < repondants or s.answered < min(2, s.size)]
        if not short:
            break
        poor = min(short, key=lambda s: (s.answered, s.size))
        kept.remove(poor)
        other = min(kept, key=lambda s: s.size)
        kept[kept.index(other)] = other.joined(poor)
    return kept


def stratified(strata: Sequence[Stratum], k: int) -> tuple[float, float, float, float]:
    """Share of modality k, its standard error, the limits of its interval, within what is known (x, x + N - n of N)."""
    population = sum(s.size for s in strata)
    answered = sum(s.answered for s in strata)
    shares = [s.counts[k] / s.answered for s in strata]
    part = fsum(s.size / population * p for s, p in zip(strata, shares, strict=True))
    if answered == population:
        return part, 0.0, part, part
    freedom = answered - len(strata)
    if freedom < 1:
        return part, nan, nan, nan
    variance = fsum(
        (s.size / population) ** 2 * (1 - s.answered / s.size) * p * (1 - p) / (s.answered - 1)
        for s, p in zip(strata, shares, strict=True)
        if s.answered < s.size
    )
    effective = part * (1 - part) / variance if variance else float(answered)
    upper = (1 + LEVEL) / 2
    effective *= (scipy.stats.t.ppf(upper, answered - 1) / scipy.stats.t.ppf(upper, freedom)) ** 2
    x = part * effective
    low = float(scipy.stats.beta.ppf(1 - upper, x, effective - x + 1)) if part > 0 else 0.0
    high = float(scipy.stats.beta.ppf(upper, x + 1, effective - x)) if part < 1 else 1.0
    known = sum(s.counts[k] for s in strata)
    return (part, variance**0.5, max(low, known / population), min(high, (known + population - answered) / population))


def _partition(survey: Survey) -> str | None:
    """The first stratum of the codebook that cuts the frame into parts: a value for each unit, several values."""
    for stratum in survey.codebook.strates if survey.framed else ():
        column = "departements" if stratum == DEPARTEMENT else stratum
        values = set(survey.units[column])
        if len(values) > 1 and "" not in values and not any("|" in v for v in values):
            return column
    return None
