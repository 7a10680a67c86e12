"""Seasons: how much of a year's driving lies between two days.

Days are counted from 1970-01-01. Driving days run beside them: 365.25 a year as well, but a day of August
is longer than a day of January. A rate per driving day is free of seasons.
"""

from datetime import date
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Floats, Ints

DAYS_PER_YEAR: Final = 365.25
EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()

# Share of a year's distance driven in each month, January first.
# source: US Energy Information Administration, Residential Transportation Energy Consumption Survey,
# adjustment of vehicle miles travelled to annual figures. American and old, yet the only open monthly split
# for private cars that we found; countries south of the equator would need it turned by half a year.
MONTH_SHARES: Final = (
    0.0728, 0.0738, 0.0816, 0.0829, 0.0880, 0.0896, 0.0919, 0.0923, 0.0847, 0.0849, 0.0800, 0.0777,
)  # fmt: skip

# Days that readings and questions may have.
FIRST_DAY: Final = date(1900, 1, 1).toordinal() - EPOCH_ORDINAL
LAST_DAY: Final = date(2199, 12, 31).toordinal() - EPOCH_ORDINAL
# Answers may lie farther: the calendar's own ends.
_START: Final = date(1850, 1, 1).toordinal() - EPOCH_ORDINAL
_END: Final = date(2259, 12, 31).toordinal() - EPOCH_ORDINAL


def day_number(on: date) -> int:
    """Return the day as days since 1970-01-01."""
    return on.toordinal() - EPOCH_ORDINAL


def date_of(day: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(int(day) + EPOCH_ORDINAL)


def to_driving_days(day: Ints) -> Floats:
    """Return the driving days from the calendar's first day to each day; days outside 1850-2259 are clipped."""
    return _DRIVEN_UNTIL[np.clip(day, _START, _END) - _START]


def from_driving_days(driven: Floats) -> Floats:
    """Return the day, with its fraction, on which so many driving days have passed; the inverse of the above."""
    inside = np.clip(driven, 0.0, len(_DAY_AT) - 2.0)
    whole = inside.astype(np.int64)
    before, after = _DAY_AT[whole], _DAY_AT[whole + 1]
    day: Floats = before + (after - before) * (inside - whole)
    return day


def add_months(day: Ints, months: Ints) -> Ints:
    """Return the same day of the month so many months later; the month's last day where it has no such day."""
    dates = day.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    target = month + months
    last_of_month = (target + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    later = np.minimum(
        target.astype("datetime64[D]") + (dates - month.astype("datetime64[D]")), last_of_month
    )
    number: Ints = later.astype(np.int64)
    return number


def _driven_until() -> Floats:
    """Return the table of driving days passed before each calendar day."""
    days = np.arange(_START, _END + 1).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
    shares = np.array(MONTH_SHARES) / sum(MONTH_SHARES)
    weight = shares[months.astype(np.int64) % 12] * DAYS_PER_YEAR / length
    return np.concatenate([[0.0], np.cumsum(weight)])


_DRIVEN_UNTIL: Final = _driven_until()
# The inverse as a table too, one entry a driving day: a look-up instead of a search.
_DAY_AT: Final = np.interp(
    np.arange(int(_DRIVEN_UNTIL[-1])),
    _DRIVEN_UNTIL,
    np.arange(_START, _START + len(_DRIVEN_UNTIL), dtype=np.float64),
)
