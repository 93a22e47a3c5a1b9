from math import comb, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spls_study.analysis.methods.intervals import estimate, finite_interval


def test_every_interval_up_to_60_is_that_of_the_definition() -> None:
    for population in range(1, 61):
        for n in range(1, population + 1):
            everything = comb(population, n)
            at_least: list[list[int]] = []  # for each M, how many samples have x bearers or more
            for bearers in range(population + 1):
                samples = [comb(bearers, k) * comb(population - bearers, n - k) for k in range(n + 1)]
                at_least.append([sum(samples[k:]) for k in range(n + 2)])
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


def test_bounds_let_the_silent_answer_as_they_like() -> None:
    result = estimate(6, 10, 16)
    assert (result.borne_min, result.borne_max) == (6 / 16, 12 / 16)
    assert result.borne_min <= result.ic_bas < result.part < result.ic_haut <= result.borne_max


@pytest.mark.parametrize(
    "x, n, low, high",
    [
        (0, 10, 0.0, 0.3085),  # 1 - 0.025 ** (1 / 10)
        (10, 100, 0.0490, 0.1762),
        (10, 10, 0.6915, 1.0),
    ],
)
def test_unknown_population_is_clopper_pearson(x: int, n: int, low: float, high: float) -> None:
    result = estimate(x, n, None)
    assert (result.ic_bas, result.ic_haut) == pytest.approx((low, high), abs=5e-5)
    assert isnan(result.borne_min) and isnan(result.borne_max)


def test_nobody_answered_and_a_sample_larger_than_the_population_is_refused() -> None:
    assert all(map(isnan, estimate(0, 0, 12)))
    with pytest.raises(ValueError, match="3, 5, 4"):
        finite_interval(3, 5, 4)
