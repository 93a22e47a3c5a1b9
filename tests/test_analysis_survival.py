import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.methods.survival import kaplan_meier

# Acute myelogenous leukemia, R's survival::aml; R. G. Miller, Survival Analysis (1997), p. 49.
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
OTHERS = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def test_the_curves_and_medians_are_those_of_r_on_aml() -> None:
    one = kaplan_meier(*MAINTAINED)
    at = dict(zip(one.times, one.survival, strict=True))
    assert [round(at[t], 3) for t in (9, 13, 18, 23, 31, 34, 48)] == [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]
    assert one.quantile(0.5)[0] == 31
    two = kaplan_meier(*OTHERS)
    at = dict(zip(two.times, two.survival, strict=True))
    assert [round(at[t], 4) for t in (5, 8, 12, 23, 27, 30, 33, 43, 45)] == [
        0.8333,
        0.6667,
        0.5833,
        0.4861,
        0.3889,
        0.2917,
        0.1944,
        0.0972,
        0,
    ]
    assert two.quantile(0.5)[0] == 23


def test_the_interval_is_log_log() -> None:
    # At 9 weeks S = 10/11 and Greenwood's sum is 1/(11·10): S ** exp(±1.96·se / ln S).
    curve = kaplan_meier(*MAINTAINED)
    s, se = 10 / 11, math.sqrt(1 / 110)
    width = 1.959964 * se / math.log(s)
    assert curve.low[0] == pytest.approx(s ** math.exp(-width), abs=1e-6)
    assert curve.high[0] == pytest.approx(s ** math.exp(width), abs=1e-6)
    median, low, high = curve.quantile(0.5)  # where the level meets the bounds
    assert (median, low) == (31, 13) and math.isnan(high)


def test_a_plateau_at_exactly_one_half_gives_its_midpoint() -> None:
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).quantile(0.5)[0] == 2.5
    # Open cases inside the plateau do not shorten it.
    assert kaplan_meier([10, 20, 25, 40], [1, 1, 0, 1]).quantile(0.5)[0] == 30
    # The curve ends on the plateau: to the last time seen, as R's quantile.survfit.
    assert kaplan_meier([10, 20], [1, 0]).quantile(0.5)[0] == 15


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400))
def test_the_plateau_is_found_in_floating_point(half: int) -> None:
    # Without ties nor open cases the curve is a product of (n − k − 1)/(n − k), exactly 1/2 once.
    times = np.arange(1, 2 * half + 1)
    assert kaplan_meier(times, np.ones(2 * half)).quantile(0.5)[0] == half + 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_with_no_open_case_the_median_is_the_ordinary_one(times: list[int]) -> None:
    assert kaplan_meier(times, [True] * len(times)).quantile(0.5)[0] == np.median(times)


def test_nothing_known_and_nothing_done() -> None:
    assert all(math.isnan(x) for x in kaplan_meier([], []).quantile(0.5))
    assert math.isnan(kaplan_meier([3, 4], [0, 0]).quantile(0.5)[0])
