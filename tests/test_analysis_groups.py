"""Which groups show: by hand at the limits, then against a count of all sums."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import typed

from spls_study.analysis.groups import EXACT, Group, apart, shown

LEAST = 5


def people(*numbers: int) -> frozenset[str]:
    return frozenset(map(str, numbers))


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        # A group shows from five respondents.
        ("region 0-0", ""),
        ("region 0-4", ""),
        ("region 0-5", "region"),
        ("region 0-6", "region"),
        # A department waits when it leaves few of the region.
        ("region 0-10 | 16 0-10", "16 region"),
        ("region 0-11 | 16 0-10", "region"),
        ("region 0-13 | 16 0-10", "region"),
        ("region 0-14 | 16 0-10", "region"),
        ("region 0-15 | 16 0-10", "16 region"),
        # Of departments that leave few together the smallest waits (17 of 20: three are left), of equals the greater.
        ("region 0-20 | 16 0-8 | 17 8-17", "17 region"),
        ("region 0-20 | 16 0-8 | 17 8-16 | 79 16-18", "16 region"),
        # Two that overlap leave those who work in both: region - 16 - 17 is 6 and 7.
        ("region 0-14 | 16 0-8 | 17 6-14", "16 region"),
        ("region 0-14 | 16 0-8 | 17 8-14", "16 17 region"),
        # The sum that isolates the fewest is settled first: 16 leaves one of the region, 17 four; once 16 waits, so
        # must 17, for itself. 79 leaves 4 of 16, which leaves nobody few: the smaller of the two waits.
        ("region 0-20 | 16 0-19 | 17 0-16", "region"),
        ("region 0-30 | 16 0-14 | 79 0-10", "16 region"),
    ],
)
def test_which_groups_show(groups: str, found: str) -> None:
    spans = {row["name"]: map(int, row["span"].split("-")) for row in typed("name span", groups)}
    people_of = {name: people(*range(first, end)) for name, (first, end) in spans.items()}
    assert shown(people_of, LEAST, "region") == {*found.split()}
    assert shown(people_of, 1, "region") == {name for name, who in people_of.items() if who}  # one protects nothing


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


def test_parts_are_told_apart_where_each_has_enough_and_leaves_enough() -> None:
    for parts, expected in (
        ([people(*range(0, 5)), people(*range(5, 10))], True),
        ([people(*range(0, 4)), people(*range(4, 10))], False),  # a part of four
        ([people(*range(0, 6)), people(*range(6, 11))], False),  # four of the ten are left
        ([people(*range(0, 10)), people(*range(10, 15))], True),  # one is a group that shows
        ([], True),
    ):
        assert apart(parts, [people(*range(0, 10)), people(*range(0, 30))], LEAST) == expected
