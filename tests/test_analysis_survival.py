import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.methods.survival import kaplan_meier

# Acute myelogenous leukemia, R's survival::aml; R. G. Miller, Survival Analysis (1997), p. 49. Curves and medians are
# held against R's in `test_analysis_droits`, plateaus and ends included.
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])


def test_the_interval_is_log_log() -> None:
    # At 9 weeks S = 10/11 and Greenwood's sum is 1/(11·10): S ** exp(±1.96·se / ln S).
    curve = kaplan_meier(*MAINTAINED)
    s, se = 10 / 11, math.sqrt(1 / 110)
    width = 1.959964 * se / math.log(s)
    assert curve.low[0] == pytest.approx(s ** math.exp(-width), abs=1e-6)
    assert curve.high[0] == pytest.approx(s ** math.exp(width), abs=1e-6)


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
