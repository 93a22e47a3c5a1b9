"""The tables of one questionnaire: distributions, exact tests, estimates where the strata answered unequally.

Estimate and variance with the finite-population correction: Cochran, Sampling Techniques, 3rd ed. (1977), ch. 5.
Collapsed strata: ch. 5A. Interval: Korn and Graubard, Survey Methodology 24 (1998), Clopper-Pearson with the effective
number of answers.
"""

from collections.abc import Iterator, Sequence
from math import fsum, nan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from ...codebook import CLOSED, NR
from ..methods import frame
from ..methods.exact import Counts, holm, independence, rank_test
from ..methods.intervals import LEVEL, estimate
from .survey import FIRST, RANG_MOYEN, Item, Survey

ANSWER = dict.fromkeys(("questionnaire", "question", "sous_question", "modalite", "libelle"), "str")
ANSWERS = (
    ANSWER
    | {"effectif": "Int64", "base": "Int64"}
    | dict.fromkeys(("part", "ic_bas", "ic_haut", "borne_min", "borne_max"), "float64")
    | {"population": "Int64", "valeur": "float64"}
)
NAMED = dict.fromkeys(("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle"), "str")
SUMMARY = {"n": "Réponses", "moyenne": "Moyenne", "mediane": "Médiane"}
SUMMARY |= {"q1": "Premier quartile", "q3": "Troisième quartile"}
SILENT = "Sans réponse"
CROSSINGS = (
    dict.fromkeys(("questionnaire", "question_a", "question_b"), "str")
    | {"n": "int64"}
    | dict.fromkeys(("statistique", "p", "p_holm", "v_cramer", "erreur_p"), "float64")
    | {"conclusion": "str"}
)
ITEM = {"question": "str", "sous_question": "str"}
NON_RESPONSE = {"questionnaire": "str", "critere": "str", "test": "str", "n": "int64", "p": "float64"}
ALPHA = 0.05
ESTIMATES = (
    ANSWER
    | {"base": "Int64"}
    | dict.fromkeys(("part_brute", "part", "erreur_type", "ic_bas", "ic_haut"), "float64")
    | {"strate": "str", "strates": "Int64"}
)


def reponses(survey: Survey) -> pd.DataFrame:
    """One row per modality of every question that may be published: columns ANSWERS, as design.md §4 says.

    In a multiple choice each box is a share of the base. Of a ranking, first choices (sous_question `1`), then the
    mean rank of each item among those who ranked it (`rang_moyen`, in `valeur`). Quartiles are Hyndman and Fan's type
    7; dates are in days since 1970-01-01; of texts there is n alone.
    """
    return frame(
        (
            {"questionnaire": survey.codebook.id, "question": item.question.code, "sous_question": item.part} | row
            for item in survey.items
            for row in _rows(item, item.concerned(survey.population))
        ),
        ANSWERS,
    )


def _rows(item: Item, population: int | None) -> Iterator[dict[str, Any]]:
    base, ranking = item.base, item.question.type == "classement"
    common = {"base": base, "population": population}
    for name, value in _summary(item).items():
        counted = {"effectif": base} if name == "n" else {}
        yield {"modalite": name, "libelle": SUMMARY[name], "valeur": value} | common | counted
    for (code, label), n in zip(item.question.choices.items(), item.chosen.sum(axis=0).tolist(), strict=True):
        row = {"modalite": code, "libelle": label, "effectif": n} | common | estimate(n, base, population)._asdict()
        yield row | {"sous_question": FIRST} if ranking else row
    for place, (code, label) in enumerate(item.question.choices.items() if ranking else ()):
        rank = pd.Series(item.values[:, place]).mean()
        yield {"sous_question": RANG_MOYEN, "modalite": code, "libelle": label, "valeur": rank}
    yield {"modalite": NR, "libelle": SILENT, "effectif": int(item.put.sum()) - base, "population": population}


def _summary(item: Item) -> dict[str, float]:
    """Of numbers and dates (in days); of texts their number; nothing of choices."""
    if item.question.type == "texte":
        return {"n": item.base}
    if item.question.type not in ("nombre", "date"):
        return {}
    numbers = pd.Series(item.values[item.answered, 0])
    q1, median, q3 = numbers.quantile([0.25, 0.5, 0.75])
    return {"n": item.base, "moyenne": numbers.mean(), "mediane": median, "q1": q1, "q3": q3}


def reponses_nominatives(survey: Survey) -> pd.DataFrame:
    """One row per answer given, non-answers included, but for free texts. Columns NAMED.

    `organisme` is the name, `sous_question` the part or the rank, `modalite` the code or the value. Empty unless the
    questionnaire is `nominatif` and each respondent is in the frame.
    """
    names = dict(zip(survey.units["repondant"], survey.units["nom"], strict=True))
    shown = survey.items if survey.codebook.nominatif and survey.units["nom"].notna().all() else ()
    said = survey.answers.fillna({"sous_question": ""}).sort_values(["repondant", "sous_question"])
    answers = {str(code): [*own.itertuples()] for code, own in said.groupby("question")}
    rows = (
        (a.question, a.sous_question, names[a.repondant], a.valeur, labels.get(a.valeur, a.valeur))
        for item in shown
        if item.question.type != "texte"
        for labels in [item.question.choices | {NR: SILENT}]
        for a in answers.get(item.question.code, ())
        if a.repondant in names and item.part in ("", a.sous_question)
    )
    return frame(((survey.codebook.id, *row) for row in rows), NAMED)


# Exact tests: does the answer hang on the stratum, does answering
def croisements(survey: Survey) -> pd.DataFrame:
    """Is the answer independent of the stratum? One row per question and stratum: columns CROSSINGS, then ITEM.

    A department is crossed as present or absent, a multiple choice as one yes/no per box (`B02[A1]`), a ranking by its
    first choices. The family of Holm's correction is this whole table; erreur_p is Monte Carlo's, 0 when exact.
    """
    groups = {stratum: _told_apart(values) for stratum, values in survey.strata.items()}
    rows = []
    for item in survey.items:
        for name, answers in _answers(item):
            for stratum, group in groups.items():
                cells = group.T @ answers
                test = independence(cells) if cells.any() else None
                result = (test.statistique, test.p, np.nan, test.v_cramer, test.erreur) if test else (np.nan,) * 5
                rows.append((survey.codebook.id, name, stratum, cells.sum(), *result, "", *item.key))
    tests = frame(rows, CROSSINGS | ITEM)
    p = holm(tests["p"])
    said = np.select([np.isnan(p), p < ALPHA], ["sans objet", "écart établi"], "écart non établi")
    return tests.assign(p_holm=p, conclusion=pd.Series(said, index=tests.index, dtype="str"))


def _told_apart(values: pd.Series) -> Counts:
    """Of each unit, 1 under its value; the values in order, none for what is missing."""
    return np.asarray(pd.get_dummies(values), dtype=np.int64)


def _answers(item: Item) -> Iterator[tuple[str, Counts]]:
    """The name of each thing tested and, of each unit, 1 under its answer."""
    kind, code = item.question.type, item.question.code
    if kind == "choix_multiple":
        for place, box in enumerate(item.question.choices):
            ticked = item.chosen[:, place]
            yield f"{code}[{box}]", np.column_stack([item.answered & ~ticked, ticked]).astype("int64")
    elif kind in CLOSED:
        yield f"{code}[{item.part}]" if item.part else code, item.chosen.astype("int64")


def non_reponse(survey: Survey) -> pd.DataFrame:
    """Do those who answered differ from the others of the frame? Columns NON_RESPONSE.

    Fisher's exact test by stratum, Mann-Whitney's for the size. No row without a frame; p is empty where all or none
    answered.
    """
    units, rows = survey.units, []
    for name, group in survey.strata.items():
        test = independence(_told_apart(group).T @ _told_apart(units["a_repondu"])) if group.notna().any() else None
        rows.append((survey.codebook.id, name, "Fisher", group.count(), test.p if test else np.nan))
    sizes = units["nb_logements"].dropna().astype(float)
    replied = units.loc[sizes.index, "a_repondu"]
    p = rank_test(sizes[replied], sizes[~replied]) if replied.nunique() == 2 else np.nan
    rows.append((survey.codebook.id, "nb_logements", "Mann-Whitney", len(sizes), p))
    return frame(rows if survey.framed else (), NON_RESPONSE)


# Stratified estimates
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
    """Shares weighted by the size of the strata, for closed questions without a filter. Columns ESTIMATES.

    part_brute is unweighted, strate names the stratum, strates counts those kept (`joined_strata`).
    """
    rows = []
    for item in survey.items:
        strata = joined_strata(survey, item, repondants)
        part = FIRST if item.question.type == "classement" else item.part
        own = (survey.codebook.id, item.question.code, part)
        for k, (code, label) in enumerate(item.question.choices.items() if strata else ()):
            raw = sum(s.counts[k] for s in strata) / item.base
            rows.append((*own, code, label, item.base, raw, *stratified(strata, k), survey.partition, len(strata)))
    return frame(rows, ESTIMATES)


def joined_strata(survey: Survey, item: Item, repondants: int) -> list[Stratum]:
    """The strata of an estimate, large enough (`collapse`); none where there is no estimate."""
    if survey.partition is None or item.question.filtre is not None or not item.question.choices or not item.base:
        return []
    parts = [(inside, item.answered & inside) for inside in survey.cut(survey.partition)]
    return collapse(
        [
            Stratum(int(inside.sum()), int(own.sum()), tuple(item.chosen[own].sum(axis=0)), frozenset(item.names[own]))
            for inside, own in parts
        ],
        repondants,
    )


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
    effective *= (special.stdtrit(answered - 1, upper) / special.stdtrit(freedom, upper)) ** 2
    x = part * effective
    low = float(special.betaincinv(x, effective - x + 1, 1 - upper)) if part > 0 else 0.0
    high = float(special.betaincinv(x + 1, effective - x, upper)) if part < 1 else 1.0
    known = sum(s.counts[k] for s in strata)
    return (part, variance**0.5, max(low, known / population), min(high, (known + population - answered) / population))
