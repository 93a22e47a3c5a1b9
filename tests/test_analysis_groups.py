"""Which groups show: by hand at the limits, then against a count of all sums."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spls_study.analysis.groups import EXACT, Group, apart, shown

LEAST = 5


def people(*numbers: int) -> frozenset[str]:
    return frozenset(map(str, numbers))


def several(first: int, number: int) -> frozenset[str]:
    return people(*range(first, first + number))


@pytest.mark.parametrize(("number", "expected"), [(4, set()), (5, {"region"}), (6, {"region"}), (0, set())])
def test_a_group_shows_from_five_respondents(number: int, expected: set[str]) -> None:
    assert shown({"region": several(0, number)}, LEAST, "region") == expected


@pytest.mark.parametrize(("left", "shows"), [(0, True), (1, False), (3, False), (4, False), (5, True)])
def test_a_department_waits_when_it_leaves_few_of_the_region(left: int, shows: bool) -> None:
    groups = {"region": several(0, 10 + left), "16": several(0, 10)}
    assert shown(groups, LEAST, "region") == ({"region", "16"} if shows else {"region"})


def test_of_departments_that_leave_few_together_the_smallest_waits_and_of_equals_the_greater_code() -> None:
    region = several(0, 20)
    groups = {"region": region, "16": several(0, 8), "17": several(8, 9)}  # 17 of 20: three are left
    assert shown(groups, LEAST, "region") == {"region", "17"}
    groups = {"region": region, "16": several(0, 8), "17": several(8, 8), "79": several(16, 2)}
    assert shown(groups, LEAST, "region") == {"region", "16"}


def test_two_departments_that_overlap_leave_those_who_work_in_both() -> None:
    groups = {"region": several(0, 14), "16": several(0, 8), "17": several(6, 8)}  # region - 16 - 17: 6 and 7
    assert shown(groups, LEAST, "region") == {"region", "16"}
    assert shown(groups | {"17": several(8, 6)}, LEAST, "region") == {"region", "16", "17"}


def test_the_sum_that_isolates_the_fewest_is_settled_first() -> None:
    # 16 leaves one of the region, 17 four: once 16 waits, so must 17, for itself.
    groups = {"region": several(0, 20), "16": several(0, 19), "17": several(0, 16)}
    assert shown(groups, LEAST, "region") == {"region"}
    # 79 leaves 4 of 16, which leaves nobody few: the smaller of the two waits, not the greater.
    groups = {"region": several(0, 30), "16": several(0, 14), "79": several(0, 10)}
    assert shown(groups, LEAST, "region") == {"region", "16"}


def test_one_respondent_protects_nothing() -> None:
    groups = {"region": several(0, 3), "16": several(0, 2), "17": several(2, 1), "79": people()}
    assert shown(groups, 1, "region") == {"region", "16", "17"}


@given(
    st.dictionaries(st.sampled_from(["16", "17", "79", "86"]), st.frozensets(st.integers(0, 15)), max_size=4),
    st.frozensets(st.integers(0, 15)),
    st.integers(1, 6),
)
def test_no_signed_sum_of_what_shows_isolates_few(
    departments: dict[str, frozenset[int]], elsewhere: frozenset[int], least: int
) -> None:
    groups: dict[str, Group] = {name: people(*group) for name, group in departments.items()}
    groups["region"] = people(*elsewhere).union(*groups.values())
    found = shown(groups, least, "region")
    assert all(len(groups[name]) >= least for name in found)
    assert ("region" in found) == (len(groups["region"]) >= least)
    assert not isolated({name: groups[name] for name in found}, least)
    if found != {name for name, group in groups.items() if len(group) >= least}:
        assert isolated({name: group for name, group in groups.items() if len(group) >= least}, least)


def isolated(groups: dict[str, Group], least: int) -> bool:
    """Whether a signed sum leaves 1 to `least` - 1 respondents, counted one by one."""
    for signs in product((-1, 0, 1), repeat=len(groups)):
        weights: Counter[str] = Counter()
        for sign, group in zip(signs, groups.values(), strict=True):
            weights.update(dict.fromkeys(group, sign))
        if 0 < sum(weight != 0 for weight in weights.values()) < least:
            return True
    return False


@given(st.lists(st.frozensets(st.integers(0, 30), min_size=1), min_size=EXACT + 1, max_size=9), st.integers(1, 6))
def test_beyond_six_the_sums_that_anyone_would_try(departments: list[frozenset[int]], least: int) -> None:
    groups: dict[str, Group] = {f"{i:02d}": people(*group) for i, group in enumerate(departments)}
    groups["region"] = frozenset().union(*groups.values())
    found = {name: groups[name] for name in shown(groups, least, "region")}
    for a, b in product(found, repeat=2):
        assert not found[a] < found[b] or len(found[b]) - len(found[a]) >= least
    if len(found) > 1:
        weights = Counter(found["region"])
        for name, group in found.items():
            weights.subtract(group if name != "region" else ())
        assert not 0 < sum(weight != 0 for weight in weights.values()) < least


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([several(0, 5), several(5, 5)], True),
        ([several(0, 4), several(4, 6)], False),  # a part of four
        ([several(0, 6), several(6, 5)], False),  # four of the ten are left
        ([several(0, 10), several(10, 5)], True),  # one is a group that shows
        ([], True),
    ],
)
def test_parts_are_told_apart_where_each_has_enough_and_leaves_enough(parts: list[Group], expected: bool) -> None:
    assert apart(parts, [several(0, 10), several(0, 30)], LEAST) == expected
