"""Exact intervals and bounds for a share of a small population.

Hypergeometric, equal tails: Buonaccorsi, « A note on confidence intervals for proportions in finite populations », The
American Statistician 41 (1987), 215-218. Unknown population: Clopper and Pearson, Biometrika 26 (1934), 404-413.
"""

from bisect import bisect_left
from functools import lru_cache
from math import comb, nan
from typing import NamedTuple

import scipy

LEVEL = 0.95
TAILS = 40  # each tail is 1/40 = (1 - LEVEL) / 2, kept whole so that a tie stays a tie


class Estimate(NamedTuple):
    """A share from 0 to 1 with its interval and its bounds; nan where undefined."""

    part: float
    ic_bas: float
    ic_haut: float
    borne_min: float
    borne_max: float


def estimate(x: int, n: int, population: int | None) -> Estimate:
    """The share x/n of a question that n of `population` answered, x in this way.

    The interval supposes that not answering has nothing to do with the answer; the bounds, x/N and (x + N - n)/N, do
    not. Without a known population: Clopper-Pearson, no bounds.
    """
    if n == 0:
        return Estimate(nan, nan, nan, nan, nan)
    if population is None:
        interval = scipy.stats.binomtest(x, n).proportion_ci(LEVEL, method="exact")
        return Estimate(x / n, float(interval.low), float(interval.high), nan, nan)
    low, high = finite_interval(x, n, population)
    bounds = x / population, (x + population - n) / population
    return Estimate(x / n, low / population, high / population, *bounds)


def finite_interval(x: int, n: int, population: int) -> tuple[int, int]:
    """The least and greatest number of bearers in the population that the sample allows.

    L = min{M : P(X >= x | N, M, n) > alpha/2}, U = max{M : P(X <= x | N, M, n) > alpha/2}. A census gives L = U = x.

    Raises
    ------
    ValueError
        Unless 0 <= x <= n <= population.
    """
    if not 0 <= x <= n <= population:
        raise ValueError(f"0 <= x <= n <= N attendu, lu : {x}, {n}, {population}")
    # X <= x bearers means n - X >= n - x others: the upper limit is the others' lower limit.
    return _lowest(x, n, population), population - _lowest(n - x, n, population)


@lru_cache(maxsize=4096)
def _lowest(x: int, n: int, population: int) -> int:
    bearers = range(x, population - (n - x))  # the tail grows with M and is 1 at the upper end
    return x + bisect_left(bearers, True, key=lambda m: _tail_exceeds(x, n, m, population))


def _tail_exceeds(x: int, n: int, bearers: int, population: int) -> bool:
    """Whether P(X >= x) > 1/TAILS, in whole numbers, each term from the one before."""
    others = population - bearers
    k = max(x, n - others)
    term = comb(bearers, k) * comb(others, n - k)
    total, needed = 0, comb(population, n)
    while term:
        total += term
        if total * TAILS > needed:
            return True
        term = term * (bearers - k) * (n - k) // ((k + 1) * (others - n + k + 1))
        k += 1
    return False
