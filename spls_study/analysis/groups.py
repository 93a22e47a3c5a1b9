"""Which groups of respondents show a question: a minimal group, and its remainder.

A reader adds and subtracts the distributions of the groups that show. What is left counts each respondent as often as
the signed sum of the groups' indicators says. When all but 1 to `repondants` - 1 respondents count for nothing, it
tells the answers of these few, whatever their sign or multiplicity: the sum *isolates* them. Groups overlap: an
organisme works in several departments.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

import numpy as np

Group = AbstractSet[str]
EXACT = 6  # groups whose signed sums are all tried


def shown(groups: Mapping[str, Group], repondants: int, whole: str) -> set[str]:
    """Names of the groups, those who answered, that show; `whole`, the region, never waits for others.

    A group smaller than `repondants` does not show; nor may a signed sum of groups that show (coefficients -1, 0, 1)
    isolate fewer. While one does, of the sums that isolate the fewest, the smallest group waits; of equals, the
    greater name. All sums are tried up to `EXACT` groups; beyond, each against the whole, pairs one inside another,
    and all together.
    """
    left = {name: frozenset(group) for name, group in sorted(groups.items()) if len(group) >= repondants}
    while waiting := _waiting(left, repondants, whole):
        del left[waiting]
    return set(left)


def apart(parts: Collection[Group], others: Collection[Group], repondants: int) -> bool:
    """Whether the parts of a group may be told apart beside `others`, which show.

    Each part has `repondants` respondents, and of two groups one inside another the greater has as many more, or the
    same.
    """
    known = [*others, *parts]
    return all(len(p) >= repondants and not any(_few_between(p, g, repondants) for g in known) for p in parts)


def _few_between(one: Group, other: Group, repondants: int) -> bool:
    return (one <= other or other <= one) and 0 < abs(len(one) - len(other)) < repondants


def _waiting(left: Mapping[str, Group], repondants: int, whole: str) -> str | None:
    """The group that waits, None when no sum isolates so few."""
    if len(left) < 2:
        return None
    names = list(left)
    everyone = sorted(set().union(*left.values()))
    sums = np.array([*_sums(left, whole)], dtype=np.int16)
    inside = np.array([[who in left[name] for who in everyone] for name in names], dtype=np.int16)
    isolated = (sums @ inside != 0).sum(axis=1)
    few = [
        (-size, -len(left[name]), name)
        for size, row in zip(isolated.tolist(), sums.tolist(), strict=True)
        if 0 < size < repondants
        for name, sign in zip(names, row, strict=True)
        if sign and name != whole
    ]
    return max(few)[-1] if few else None


def _sums(left: Mapping[str, Group], whole: str) -> Iterator[Sequence[int]]:
    """The signed sums to try, a coefficient for each group; one of two opposite sums is enough."""
    names = list(left)
    if len(names) <= EXACT:
        everything = list(product((-1, 0, 1), repeat=len(names)))
        yield from everything[: len(everything) // 2]
        return
    yield [1 if name == whole else -1 for name in names]
    for name, group in left.items():
        for other, inside in left.items():
            if other != name and (name == whole or inside < group):
                yield [(n == name) - (n == other) for n in names]
