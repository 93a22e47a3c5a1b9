"""Two editions are attacked together: what each hides must stay hidden for who has both."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from spls_study.analysis.methods.past import Told, carried, changed, last, suppress_since, told
from spls_study.analysis.methods.secret import HIDDEN, small, suppress

SEUIL = 3
CELLS = np.vstack(
    [np.eye(4, dtype=int), [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1]]]
)  # 2 × 2 with its margins


def width(target: np.ndarray, shown: Sequence[np.ndarray], values: Sequence[int], grows: np.ndarray) -> float:
    known = [LinearConstraint(np.array(shown), values, values)] if len(shown) else []
    ends = [
        milp(sign * target, integrality=1, bounds=Bounds(0, 200), constraints=[*known, LinearConstraint(grows, lb=0)])
        for sign in (1, -1)
    ]
    return float(-ends[1].fun - ends[0].fun)


def editions(first: np.ndarray, new: np.ndarray) -> tuple[list[Told], list[Told]]:
    """What each edition tells of CELLS."""
    was = CELLS @ first
    hidden = suppress(CELLS, first, small(was, SEUIL), SEUIL)
    then: list[Told] = [HIDDEN if h else int(n) for n, h in zip(was, hidden, strict=True)]
    now = CELLS @ (first + new)
    few = small(now, SEUIL) | changed(now, then, SEUIL)
    hidden = suppress_since(CELLS, first + new, few, SEUIL, then=then, grows=np.eye(4, dtype=int), known=[])
    return then, [HIDDEN if h else int(n) for n, h in zip(now, hidden, strict=True)]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_neither_edition_tells_what_the_other_hides(first: list[int], new: list[int]) -> None:
    one, two = editions(np.array(first), np.array(new))
    none = np.zeros_like(CELLS)
    rows = [*np.hstack([CELLS, none]), *np.hstack([none, CELLS])]
    shown = [row for row, n in zip(rows, one + two, strict=True) if n != HIDDEN]
    values = [n for n in one + two if isinstance(n, int)]
    grows = np.hstack([-np.eye(4), np.eye(4)])
    alone = [row for row, n in zip(rows, one + [HIDDEN] * len(CELLS), strict=True) if n != HIDDEN]
    before = [n for n in one if isinstance(n, int)]
    for row, n, was in zip(rows, one + two, [HIDDEN] * len(CELLS) + one, strict=True):
        if n == HIDDEN:
            least = SEUIL
            if was != HIDDEN:  # the growth of a count that showed: as wide as can be
                least = min(SEUIL, width(row, alone, before, grows))
            assert width(row, shown, values, grows) >= least


def test_one_newcomer_is_not_the_difference_of_two_editions() -> None:
    one, two = editions(np.array([5, 5, 5, 5]), np.array([1, 0, 0, 0]))
    assert HIDDEN not in one
    assert [two[i] for i in (0, 4, 6, 8)] == [HIDDEN] * 4  # the cell, its margins, the total


def test_the_same_answers_are_told_again_as_they_were() -> None:
    one, two = editions(np.array([1, 9, 8, 7]), np.array([0, 0, 0, 0]))
    assert HIDDEN in one and two == one


def test_what_was_hidden_shows_when_enough_have_come() -> None:
    one, two = editions(np.array([1, 9, 8, 7]), np.array([9, 9, 9, 9]))
    assert HIDDEN in one and HIDDEN not in two


def test_editions_that_contradict_one_another_keep_what_was_hidden() -> None:
    then: list[Told] = [HIDDEN, HIDDEN, 9, 9, 30, 18, 12, 27, 48]  # 12 is not a sum of these
    found = suppress_since(CELLS, [5, 5, 5, 5], [False] * 9, SEUIL, then=then, grows=np.eye(4, dtype=int), known=[])
    assert found[:2].all()


def test_cells_are_read_back_as_they_were_written() -> None:
    assert [told(c) for c in ("s", "", "4", "4.0")] == [HIDDEN, None, 4, 4]


def test_a_count_that_the_last_edition_hid_is_held_to_the_one_before() -> None:
    first: dict[str, Told] = {"a": 5, "b": 5, "c": HIDDEN, "d": 5}
    past = carried(carried({}, first), {"a": HIDDEN, "b": 8, "c": HIDDEN})
    assert past == {"a": HIDDEN, "b": 8, "c": HIDDEN} and [last(v) for v in past.values()] == [5, 8, None]
    # The third edition: one more than the first told is hidden, three more are not.
    assert changed([7, 9, 4], list(past.values()), SEUIL).tolist() == [True, True, False]
    assert changed([8, 8, 4], list(past.values()), SEUIL).tolist() == [False, False, False]
    assert last(carried(past, {"a": HIDDEN})["a"]) == 5  # and so on
