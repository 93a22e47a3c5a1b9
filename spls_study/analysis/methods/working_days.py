"""Working days of metropolitan France: what is computed of a calendar never falls on a Sunday or a public holiday."""

from collections.abc import Iterable
from functools import cache
from typing import Literal

import holidays
import numpy as np
import pandas as pd

BEYOND = 5  # years after the last date of a calendar that its forecasts may reach

Days = np.busdaycalendar


def working_days(dates: Iterable[pd.Timestamp]) -> Days:
    """The days that are worked around these dates: Monday to Friday, but for public holidays."""
    years = [day.year for day in dates if pd.notna(day)] or [2000]
    return _between(min(years), max(years) + BEYOND)


@cache
def _between(first: int, last: int) -> Days:
    return np.busdaycalendar(holidays=sorted(holidays.country_holidays("FR", years=range(first - 1, last + 1))))


def after(days: Days, day: pd.Timestamp, n: int) -> pd.Timestamp:
    """The n-th working day after a day, before it where n is negative; 0: itself, or the next one worked.

    >>> after(working_days([pd.Timestamp("2014-11-10")]), pd.Timestamp("2014-11-10"), 1).date()
    datetime.date(2014, 11, 12)
    """
    # The first working day after a Saturday is Monday, the first before it is Friday.
    roll: Literal["forward", "backward"] = "backward" if n > 0 else "forward"
    return pd.Timestamp(np.busday_offset(day.date(), n, roll=roll, busdaycal=days))


def between(days: Days, first: pd.Timestamp, then: pd.Timestamp) -> int:
    """How many working days from a day to another, the last one left out; negative backwards.

    >>> between(working_days([pd.Timestamp("2014-11-10")]), pd.Timestamp("2014-11-10"), pd.Timestamp("2014-11-13"))
    2
    """
    return int(np.busday_count(first.date(), then.date(), busdaycal=days))
