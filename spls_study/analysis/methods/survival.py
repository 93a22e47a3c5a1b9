"""Durations with open cases: Kaplan–Meier curve, quantiles and their interval.

The estimate and the log-log interval are `scipy.stats.ecdf`'s. Quantiles follow the rule of R's survival
(`quantile.survfit`): where the curve is flat exactly at the level asked, the middle of the flat; to the last time seen
when the curve ends there.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

Floats = npt.NDArray[np.float64]
# The curve is a product of fractions: one that is exactly 1/2 may come out a few ulps beside.
TOLERANCE = float(np.sqrt(np.finfo("float64").eps))


@dataclass(frozen=True)
class Curve:
    """Share still open after each distinct time (open cases included), with a 95 % interval."""

    times: Floats
    survival: Floats
    low: Floats
    high: Floats

    def quantile(self, p: float) -> tuple[float, float, float]:
        """Time by which the share `p` is done, with its interval; NaN where it is not reached.

        The interval is read where the level meets the bounds of the curve, as R does.
        """
        return (
            _crossing(self.times, 1 - self.survival, p),
            _crossing(self.times, 1 - self.low, p),
            _crossing(self.times, 1 - self.high, p),
        )


def kaplan_meier(durations: npt.ArrayLike, observed: npt.ArrayLike) -> Curve:
    """Kaplan–Meier estimate with log-log interval.

    E. L. Kaplan and P. Meier, *JASA* 53 (1958); interval: J. D. Kalbfleisch and R. L. Prentice, *The Statistical
    Analysis of Failure Time Data* (1980).

    `durations`: Non-negative durations, any unit; of an open case, up to the date of extraction. `observed`: False for
    an open (censored) case; of equal durations, open ones end last.
    """
    length = np.asarray(durations, dtype="float64")
    done = np.asarray(observed, dtype=bool)
    if not len(length):
        return Curve(length, length, length, length)
    curve = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=length[done], right=length[~done])).sf
    with warnings.catch_warnings():  # the bounds are undefined where the curve is 0 or 1: NaN
        warnings.simplefilter("ignore", RuntimeWarning)
        bounds = curve.confidence_interval(0.95, method="log-log")
    return Curve(
        curve.quantiles.astype("float64"), curve.probabilities, bounds.low.probabilities, bounds.high.probabilities
    )


def _crossing(times: Floats, done: Floats, p: float) -> float:
    reached = np.flatnonzero(done >= p - TOLERANCE)
    if not len(reached):
        return float("nan")
    passed = np.flatnonzero(done >= p + TOLERANCE)
    end = times[passed[0]] if len(passed) else times[-1]
    return float((times[reached[0]] + end) / 2)
