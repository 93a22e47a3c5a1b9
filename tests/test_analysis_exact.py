from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from spls_study.analysis.methods.exact import fisher, holm, independence, rank_test

JOB = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]


@pytest.mark.parametrize(
    "table, p",
    [  # the examples of R's ?fisher.test
        ([[3, 1], [1, 3]], 0.4857),
        ([[2, 10], [15, 3]], 0.0005367),
        (JOB, 0.7827),  # Agresti (2002), p. 57
    ],
)
def test_published_p_values(table: list[list[int]], p: float) -> None:
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
    assert fisher(table) == (pytest.approx(float(expected), rel=1e-9), 0.0)


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


@pytest.mark.parametrize("table", [[[3, 4]], [[3], [4]], [[3, 0], [4, 0]], [[0, 0], [2, 5]]])
def test_one_row_or_column_left_is_no_test(table: list[list[int]]) -> None:
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
