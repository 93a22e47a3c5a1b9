"""Methods against published values, definitions in exact arithmetic, and what always holds."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate, product
from math import comb, factorial, isnan, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from spls_study.analysis.methods.exact import fisher, holm, independence, rank_test
from spls_study.analysis.methods.intervals import estimate, finite_interval
from spls_study.analysis.methods.survival import kaplan_meier

# Exact tests
JOB = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]


def test_published_p_values() -> None:
    for table, p in (
        ([[3, 1], [1, 3]], 0.4857),  # the examples of R's ?fisher.test
        ([[2, 10], [15, 3]], 0.0005367),
        (JOB, 0.7827),  # Agresti (2002), p. 57
    ):
        assert fisher(np.array(table)) == (pytest.approx(p, rel=1e-4), 0.0)


def tables(rows: list[int], columns: list[int]) -> Iterator[list[list[int]]]:
    """Every table with these margins, row by row."""
    if not rows:
        yield []
        return
    *caps, last = columns
    for cells in product(*(range(min(rows[0], cap) + 1) for cap in caps)):
        row = [*cells, rows[0] - sum(cells)]
        if 0 <= row[-1] <= last:
            for rest in tables(rows[1:], [c - a for c, a in zip(columns, row, strict=True)]):
                yield [row, *rest]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 4), st.integers(2, 3), st.data())
def test_p_is_that_of_all_tables_in_fractions(r: int, c: int, data: st.DataObject) -> None:
    cells = st.lists(st.integers(0, 3), min_size=c, max_size=c)
    table = np.array(data.draw(st.lists(cells, min_size=r, max_size=r)))
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        assert independence(table) is None
        return
    weights = [
        Fraction(1, prod(factorial(a) for row in t for a in row))
        for t in tables(table.sum(axis=1).tolist(), table.sum(axis=0).tolist())
    ]
    observed = Fraction(1, prod(factorial(a) for a in table.ravel().tolist()))
    expected = sum(w for w in weights if w <= observed) / sum(weights)
    p, error = fisher(table)
    assert (p, error) == (pytest.approx(float(expected), rel=1e-8), 0.0)
    assert p == float(f"{p:.9g}")  # what follows would be the processor's


def test_past_the_limit_p_is_drawn_with_its_error() -> None:
    table = np.array([[210, 190, 205, 195, 200], [180, 215, 190, 210, 205], [220, 185, 200, 200, 195]])
    p, error = fisher(table)
    asymptotic = stats.chi2_contingency(table).pvalue
    assert 0.0005 < error < 0.002
    assert abs(p - asymptotic) < 5 * error
    assert fisher(table) == (p, error)


def test_pearson_and_cramer() -> None:
    found = independence(JOB)
    assert found is not None
    assert (found.n, found.statistique) == (96, pytest.approx(5.9655, abs=5e-5))
    assert found.v_cramer == pytest.approx((5.9655 / 96 / 3) ** 0.5, abs=1e-5)
    perfect = independence([[10, 0], [0, 10]])
    assert perfect is not None and perfect.v_cramer == 1.0
    for table in ([[3, 4]], [[3], [4]], [[3, 0], [4, 0]], [[0, 0], [2, 5]]):  # one row or column left is no test
        assert independence(table) is None


def test_holm_leaves_missing_tests_out_of_the_family() -> None:
    adjusted = holm([0.01, 0.04, np.nan, 0.03, 0.005])
    np.testing.assert_allclose(adjusted, [0.03, 0.06, np.nan, 0.06, 0.02])
    assert holm([0.6, 0.9]).tolist() == [1.0, 1.0]
    assert holm([]).size == 0


def test_rank_test() -> None:
    # Of the 20 ways to choose 3 ranks of 6, one is lowest and one is highest: 2/20.
    assert rank_test([1, 2, 3], [4, 5, 6]) == pytest.approx(0.1)
    assert rank_test([1, 1, 2], [3, 3, 4]) == pytest.approx(0.1)
    assert rank_test([5, 5], [5, 5, 5]) == 1.0


# Intervals
def test_every_interval_up_to_40_is_that_of_the_definition() -> None:
    for population in range(1, 41):
        for n in range(1, population + 1):
            everything = comb(population, n)
            at_least: list[list[int]] = []  # for each M, how many samples have x bearers or more
            for bearers in range(population + 1):
                samples = (comb(bearers, k) * comb(population - bearers, n - k) for k in range(n, -1, -1))
                at_least.append([*accumulate(samples, initial=0)][::-1])
            for x in range(n + 1):
                low = [m for m, tail in enumerate(at_least) if 40 * tail[x] > everything]
                high = [m for m, tail in enumerate(at_least) if 40 * (everything - tail[x + 1]) > everything]
                assert finite_interval(x, n, population) == (low[0], high[-1]), (x, n, population)
    assert finite_interval(1, 1, 40) == (2, 40)  # a tail of exactly 1/40 excludes: P(X >= 1 | M) = M / 40


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_a_census_has_no_width(case: tuple[int, int]) -> None:
    population, x = case
    result = estimate(x, population, population)
    share = x / population
    assert result == (share, share, share, share, share)


def test_bounds_let_the_silent_answer_as_they_like_and_an_unknown_population_is_clopper_pearson() -> None:
    result = estimate(6, 10, 16)
    assert (result.borne_min, result.borne_max) == (6 / 16, 12 / 16)
    assert result.borne_min <= result.ic_bas < result.part < result.ic_haut <= result.borne_max
    # 1 - 0.025 ** (1 / 10)
    for x, n, low, high in ((0, 10, 0.0, 0.3085), (10, 100, 0.0490, 0.1762), (10, 10, 0.6915, 1.0)):
        result = estimate(x, n, None)
        assert (result.ic_bas, result.ic_haut) == pytest.approx((low, high), abs=5e-5)
        assert isnan(result.borne_min) and isnan(result.borne_max)
    assert all(map(isnan, estimate(0, 0, 12)))  # nobody answered
    with pytest.raises(ValueError, match="3, 5, 4"):  # more than there are
        finite_interval(3, 5, 4)


# Survival: curves and medians are held against R's in `test_analysis_droits`, plateaus and ends included.
def test_the_interval_is_log_log() -> None:
    # Acute myelogenous leukemia, R's survival::aml; R. G. Miller, Survival Analysis (1997), p. 49.
    # At 9 weeks S = 10/11 and Greenwood's sum is 1/(11·10): S ** exp(±1.96·se / ln S).
    curve = kaplan_meier([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
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
