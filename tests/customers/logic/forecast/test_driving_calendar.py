from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.forecast.driving_calendar import (
    FIRST_DAY,
    LAST_DAY,
    add_months,
    date_of,
    day_number,
    from_driving_days,
    to_driving_days,
)

pytestmark = pytest.mark.logic


def _driven(first: date, last: date) -> float:
    a, b = to_driving_days(np.array([day_number(first), day_number(last)]))
    return float(b - a)


def test_to_driving_days_whole_years_count_alike():
    assert _driven(date(2023, 1, 1), date(2024, 1, 1)) == pytest.approx(365.25)
    assert _driven(date(2024, 1, 1), date(2025, 1, 1)) == pytest.approx(365.25)  # a leap year


def test_to_driving_days_august_holds_more_driving_than_january():
    january = _driven(date(2023, 1, 1), date(2023, 2, 1))
    august = _driven(date(2023, 8, 1), date(2023, 9, 1))

    assert august / january == pytest.approx(0.0923 / 0.0728)


@given(st.integers(FIRST_DAY, LAST_DAY))
def test_from_driving_days_is_the_inverse(day: int):
    back = from_driving_days(to_driving_days(np.array([day])))

    assert back[0] == pytest.approx(day, abs=0.1)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2023, 1, 15), 0, date(2023, 1, 15)),
        (date(1969, 11, 30), 3, date(1970, 2, 28)),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_months_last(start: date, months: int, expected: date):
    later = add_months(np.array([day_number(start)]), np.array([months]))

    assert date_of(int(later[0])) == expected
