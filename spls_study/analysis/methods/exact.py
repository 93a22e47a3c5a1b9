"""Exact tests of independence for small tables, and the correction of a family of tests.

Fisher's test for r × c (Freeman and Halton, Biometrika 38, 1951): p is the probability, given the margins, of the
tables no likelier than the one observed. Tables whose probabilities agree within 1e-7 in relative value are tied, as
in R's `fisher.test`.
"""

from itertools import accumulate
from math import log1p
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
from scipy.special import gammaln

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
LIMIT = 3_000_000  # exact while half of the columns has no more partial tables: 2 s at most
DRAWS = 99_999
SEED = 2014
TIE = log1p(1e-7)
SAME_LOG = 1e-9  # logs that agree so far are those of one product, but for rounding


class Outcome(NamedTuple):
    """Pearson's χ², Fisher's p with its Monte Carlo standard error (0 when exact), Cramér's V."""

    n: int
    statistique: float
    p: float
    erreur: float
    v_cramer: float


def independence(table: npt.ArrayLike) -> Outcome | None:
    """Test a table of counts; None when one row or one column is left without the empty ones."""
    counts = np.asarray(table, dtype=np.int64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return None
    p, error = fisher(counts)
    n = int(counts.sum())
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = float(((counts - expected) ** 2 / expected).sum())
    return Outcome(n, chi2, p, error, (chi2 / n / (min(counts.shape) - 1)) ** 0.5)


def fisher(counts: Counts) -> tuple[float, float]:
    """Fisher's p of a table without empty row or column, and the standard error of p.

    The two halves of the columns are enumerated apart, then joined where their row sums meet (the error is 0); past
    LIMIT partial tables p is drawn, DRAWS times from one seed. Nine significant figures: the last ones of a number
    depend on the processor, whose exponentials differ.
    """
    plans = [(*_halves(table), table) for table in (counts, counts.T)]
    _, ways, halves, counts = min(plans, key=lambda plan: plan[0])
    rows = counts.sum(axis=1)
    scale = float(_log_multinomial(rows[None, :])[0])
    observed = float(_log_multinomial(counts.T).sum()) - scale
    left, right = (_fill(counts, half, ways) for half in halves)
    if left is None or right is None:
        return _drawn(counts, observed)
    meetings = _numbered(np.concatenate([left.sums, rows - right.sums])[:, :-1])
    left_keys, right_keys = np.split(meetings, [len(left.sums)])
    order = np.lexsort((right.logs, right_keys))
    right_keys, right_logs = right_keys[order], right.logs[order] - scale
    right_masses = np.exp(right_logs) * right.times[order]
    p = 0.0
    order = np.argsort(left_keys, kind="stable")
    keys, starts = np.unique(left_keys[order], return_index=True)
    for key, group in zip(keys, np.split(order, starts[1:]), strict=True):
        a, b = np.searchsorted(right_keys, [key, key + 1])
        masses = np.concatenate([[0.0], np.cumsum(right_masses[a:b])])
        allowed = np.searchsorted(right_logs[a:b], observed + TIE - left.logs[group], side="right")
        p += float((np.exp(left.logs[group]) * left.times[group]) @ masses[allowed])
    return float(f"{min(p, 1.0):.9g}"), 0.0


def holm(p: npt.ArrayLike) -> Floats:
    """Holm's adjusted p-values (Scandinavian Journal of Statistics 6, 1979); nan stays out."""
    values = np.asarray(p, dtype=float)
    adjusted = np.full(values.shape, np.nan)
    order = np.argsort(values, kind="stable")[: int((~np.isnan(values)).sum())]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * factors), 1.0)
    return adjusted


def rank_test(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Two-sided Mann-Whitney p: exact, or by seeded permutations when there are ties."""
    values = np.concatenate([np.asarray(a, float), np.asarray(b, float)])
    method: Any = "exact"
    if len(np.unique(values)) < len(values):
        method = scipy.stats.PermutationMethod(n_resamples=DRAWS // 10, rng=np.random.default_rng(SEED))
    return float(scipy.stats.mannwhitneyu(a, b, method=method).pvalue)


def _halves(counts: Counts) -> tuple[int, list[int], tuple[list[int], list[int]]]:
    """Columns in two groups that can be filled in about as many ways, the greatest columns first.

    Upper bounds of the larger group's fillings and of each column's, then the groups.
    """
    caps, ways = counts.sum(axis=1).tolist(), []
    for total in counts.sum(axis=0).tolist():
        coefficients = [1] + [0] * total
        for cap in caps:
            sums = [0, *accumulate(coefficients)]
            coefficients = [sums[k + 1] - sums[max(0, k - cap)] for k in range(total + 1)]
        ways.append(coefficients[-1])
    halves: tuple[list[int], list[int]] = ([], [])
    sizes = [1, 1]
    for j in np.argsort(-counts.sum(axis=0), kind="stable").tolist():
        smaller = sizes.index(min(sizes))
        halves[smaller].append(j)
        sizes[smaller] *= ways[j]
    return max(sizes), ways, halves


class _Fillings(NamedTuple):
    """Fillings of some columns, those of one weight together.

    Row sums (k × r), log of the product of the columns' multinomials (k), how many (k).
    """

    sums: Counts
    logs: Floats
    times: Floats


def _fill(counts: Counts, columns: list[int], ways: list[int]) -> _Fillings | None:
    """All fillings of these columns under the row totals; None when they are too many."""
    rows = counts.sum(axis=1)
    filled = _Fillings(np.zeros((1, len(rows)), dtype=np.int64), np.zeros(1), np.ones(1))
    for j in columns:
        if len(filled.logs) * ways[j] > LIMIT:
            return None
        column = _compositions(int(counts[:, j].sum()), rows)
        sums = (filled.sums[:, None, :] + column).reshape(-1, len(rows))
        logs = (filled.logs[:, None] + _log_multinomial(column)).ravel()
        times = np.repeat(filled.times, len(column))
        keep = (sums <= rows).all(axis=1)
        sums, logs, times = sums[keep], logs[keep], times[keep]
        # All sums of a filling make one total: the last is known of the others.
        same = np.unique(np.rint(logs / SAME_LOG), return_inverse=True)[1]
        _, first, group = np.unique(
            _numbered(np.column_stack([sums[:, :-1], same])), return_index=True, return_inverse=True
        )
        filled = _Fillings(sums[first], logs[first], np.bincount(group, times).astype(float))
    return filled


def _compositions(total: int, caps: Counts) -> Counts:
    """Every way to write `total` as a sum of len(caps) terms, each at most its cap."""
    found = np.zeros((1, 0), dtype=np.int64)
    for i, cap in enumerate(caps[:-1]):
        terms = np.arange(min(cap, total) + 1)
        grown = np.column_stack([np.repeat(found, len(terms), axis=0), np.tile(terms, len(found))])
        left = total - grown.sum(axis=1)
        found = grown[(left >= 0) & (left <= caps[i + 1 :].sum())]
    return np.column_stack([found, total - found.sum(axis=1)])


def _numbered(vectors: Counts) -> Counts:
    """A number for each row, the same for equal rows, in their order."""
    numbers: Counts = vectors[:, 0]
    for column in vectors.T[1:]:
        numbers = np.unique(numbers * (column.max() + 1) + column, return_inverse=True)[1]
    return numbers


def _log_multinomial(counts: Counts) -> Floats:
    return np.asarray(gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1))


def _drawn(counts: Counts, observed: float) -> tuple[float, float]:
    tables = scipy.stats.random_table(counts.sum(axis=1), counts.sum(axis=0))
    drawn = tables.rvs(size=DRAWS, random_state=np.random.default_rng(SEED))
    hits = int((tables.logpmf(drawn) <= observed + TIE).sum())
    p = (hits + 1) / (DRAWS + 1)
    return p, (p * (1 - p) / (DRAWS + 1)) ** 0.5
