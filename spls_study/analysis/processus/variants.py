"""What the gestionnaires' processes share, what only one has, and how far their orders differ.

All are of the table `etapes`; the place of a step is that of its first pass.
"""

from collections.abc import Mapping
from itertools import combinations, permutations

import numpy as np
import pandas as pd

from ...words import fold
from ..methods import frame
from .processes import keyed, labels

SHARED, SOME, OWN = "tronc commun", "partagée", "propre à un seul"
DISTANCES = {"gestionnaire_a": "str", "gestionnaire_b": "str"}
DISTANCES |= dict.fromkeys(("etapes_communes", "paires", "inversees"), "int64") | {"distance": "float64"}
INVERTED = {"gestionnaire": "str", "inversees": "int64", "paires": "int64", "etape": "str", "avant": "str"}
OPPOSED = dict.fromkeys(("gestionnaire", "etape", "avant"), "str")
OPPOSED |= dict.fromkeys(("contre", "avec", "inversees"), "int64")


def variantes(steps: pd.DataFrame) -> pd.DataFrame:
    """Who has which step, in the order of rang_median.

    Columns etape (first spelling met), nature (SHARED, SOME or OWN; alone, a process shares nothing),
    nb_gestionnaires, gestionnaires (`|` between), rang_median.
    """
    first = _ranks(steps)
    table = first.groupby("cle").agg(
        etape=("etape", "first"),
        nb_gestionnaires=("gestionnaire", "size"),
        gestionnaires=("gestionnaire", "|".join),
        rang_median=("rang", "median"),
    )
    many, total = table.nb_gestionnaires, first.gestionnaire.nunique()
    table.insert(1, "nature", np.select([many == 1, many == total], [OWN, SHARED], SOME))
    return table.sort_values(["rang_median", "cle"]).reset_index(drop=True)


def distances(steps: pd.DataFrame) -> pd.DataFrame:
    """How far the order of the common steps differs, for each pair of gestionnaires.

    Kendall's distance with ties, K^(p) with p = 1/2, divided by the number of pairs of common steps: the share of
    pairs that the two put in opposite orders, a pair that is parallel for one only counting one half. 0: same order;
    1: reversed. Fagin, Kumar, Mahdian, Sivakumar, Vee, « Comparing and aggregating rankings with ties », PODS 2004,
    section 3.1.

    Columns DISTANCES (distance is missing under two common steps), exemple (an inverted pair, `|` between, the first
    step being the one that gestionnaire_a does first).
    """
    names, rows = labels(_ranks(steps)), []
    for (a, one), (b, other) in combinations(_orders(steps).items(), 2):
        pairs = _common(one, other)
        opposite = [(x, y) for x, y in pairs if one[x] < one[y] and other[x] > other[y]]
        half = [(x, y) for x, y in pairs if (one[x] == one[y]) != (other[x] == other[y])]
        distance = (len(opposite) + len(half) / 2) / len(pairs) if pairs else None
        example = "|".join(names[k] for k in opposite[0]) if opposite else None
        rows.append((a, b, len(one.keys() & other.keys()), len(pairs), len(opposite), distance, example))
    return frame(rows, DISTANCES | {"exemple": "str"})


def inversions(steps: pd.DataFrame, target: pd.DataFrame) -> pd.DataFrame:
    """Which gestionnaires do steps of the target, `etapes_spls`, in an order that it does not allow, in their order.

    Columns gestionnaire, inversees (pairs of common steps in opposite orders), paires (of common steps), etape, avant
    (of these pairs the one whose steps are farthest apart in the target: `etape` is done first, the target has `avant`
    before it). Steps in parallel have no order.
    """
    goal = {fold(name): rank for name, rank in zip(target.etape, target.ordre, strict=True)}
    names, rows = labels(keyed(target)), []
    for who, ranks in _orders(steps).items():
        pairs = _common(ranks, goal)
        wrong = [(a, b) for a, b in pairs if ranks[a] < ranks[b] and goal[a] > goal[b]]
        if wrong:
            first, then = max(wrong, key=lambda pair: goal[pair[0]] - goal[pair[1]])
            rows.append((who, len(wrong), len(pairs), names[first], names[then]))
    return frame(rows, INVERTED)


def contraires(steps: pd.DataFrame) -> pd.DataFrame:
    """Which order of two steps each gestionnaire has against most others.

    Columns gestionnaire, etape, avant (`etape` comes first there, `avant` does elsewhere), contre (how many others
    have `avant` before `etape`), avec (how many have its order, fewer than `contre`), inversees (such pairs of steps).
    A row for each gestionnaire with such a pair: the most opposed one; of equals, the steps farthest apart, then the
    first. Those with most pairs first, in the order of the gestionnaires.
    """
    names, ranks, rows = labels(_ranks(steps)), _orders(steps), []
    for who, own in ranks.items():
        found = []
        for a, b in permutations(own, 2):
            others = [r[b] - r[a] for name, r in ranks.items() if name != who and a in r and b in r]
            against, alike = sum(d < 0 for d in others), sum(d > 0 for d in others)
            if own[a] < own[b] and against > alike:
                found.append((against, own[b] - own[a], a, b, alike))
        if found:
            against, _, a, b, alike = max(found, key=lambda pair: pair[:2])
            rows.append((who, names[a], names[b], against, alike, len(found)))
    return frame(rows, OPPOSED).sort_values("inversees", ascending=False, kind="stable", ignore_index=True)


def _ranks(steps: pd.DataFrame) -> pd.DataFrame:
    """Columns gestionnaire, cle, etape, rang: the first pass of each step."""
    table = keyed(steps)
    table["rang"] = table.groupby("gestionnaire", sort=False).ordre.rank(method="dense")
    table = table.sort_values("rang", kind="stable")
    return table.drop_duplicates(["gestionnaire", "cle"]).sort_index()


def _orders(steps: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Gestionnaire → its steps, in their order, with their ranks."""
    own = _ranks(steps).groupby("gestionnaire", sort=False)
    return {str(who): dict(zip(rows.cle, rows.rang, strict=True)) for who, rows in own}


def _common(one: Mapping[str, float], other: Mapping[str, float]) -> list[tuple[str, str]]:
    """The pairs of steps that both have, in the order of the first."""
    return [*combinations(sorted(one.keys() & other.keys(), key=lambda key: (one[key], other[key], key)), 2)]
