from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.forecast.driving import learn_driving
from customers.logic.forecast.driving_calendar import date_of, day_number
from customers.logic.forecast.due import DueDates, ServiceCycles, forecast_due, whole_days_around
from tests.customers.logic.forecast.histories import START, readings_of

pytestmark = pytest.mark.logic

DAILY_40_KM = [(0, 0.0), (365, 14_600.0), (730, 29_200.0)]


def _due(
    *, since: int, km: float = np.nan, months: int = 0, today: int = START + 730, history=None
) -> DueDates:
    readings = readings_of(history or DAILY_40_KM)
    driving = learn_driving(
        readings, starts_anew=np.zeros(len(readings), dtype=np.bool_), prior_km_per_day=np.array([40.0])
    )
    cycle = ServiceCycles(np.array([0]), np.array([since]), np.array([km]), np.array([months]))
    return forecast_due(driving, cycle, today=today)


def test_forecast_due_takes_the_distance_when_it_comes_first():
    due = _due(since=START + 730, km=4_000.0, months=12)

    assert due.is_by_distance.tolist() == [True]
    assert due.due[0] - (START + 730) == pytest.approx(100, abs=15)
    assert due.low[0] < due.due[0] < due.high[0] <= day_number(date(2022, 12, 31))


def test_forecast_due_takes_the_months_when_they_come_first():
    due = _due(since=START + 730, km=40_000.0, months=6)

    assert due.is_by_distance.tolist() == [False]
    assert date_of(due.due[0]) == date(2022, 6, 30)
    assert due.low[0] <= due.due[0] == due.high[0]


def test_forecast_due_months_only_is_one_day():
    due = _due(since=day_number(date(2020, 2, 29)), months=12)

    assert {date_of(day[0]) for day in (due.low, due.due, due.high)} == {date(2021, 2, 28)}


def test_forecast_due_distance_only_has_no_other_limit():
    due = _due(since=START + 730, km=40_000.0)

    assert due.is_by_distance.tolist() == [True]
    # Somewhat sooner than at its present rate: far ahead it may prove to be a car that is driven much.
    assert due.due[0] - (START + 730) == pytest.approx(955, abs=20)


def test_forecast_due_distance_counts_from_the_odometer_on_the_day_of_the_service():
    between_readings = _due(since=START + 548, km=14_600.0)

    assert between_readings.due[0] - START == pytest.approx(548 + 365, abs=25)


def test_forecast_due_overdue_by_distance_is_in_the_past():
    due = _due(since=START, km=8_000.0, today=START + 740)

    assert due.due[0] - START == pytest.approx(200, abs=25)
    assert due.probability_soon.tolist() == [1.0]


@pytest.mark.parametrize(("today", "soon"), [(149, 0.0), (152, 1.0), (400, 1.0)])
def test_forecast_due_probability_of_a_fixed_day(today, soon):
    since = day_number(date(2022, 1, 1))  # six months later is day 181 from there

    due = _due(since=since, months=6, today=since + today)

    assert due.probability_soon.tolist() == [soon]


def test_forecast_due_probability_rises_towards_the_day():
    chances = [
        _due(since=START + 730, km=4_000.0, today=START + day).probability_soon[0] for day in (730, 780, 830)
    ]

    assert chances == sorted(chances)
    assert chances[0] < 0.1
    assert chances[-1] > 0.5


@given(
    st.lists(st.tuples(st.integers(1, 400), st.floats(1, 30_000)), min_size=1, max_size=8),
    st.integers(0, 900),
    st.floats(500, 100_000),
    st.integers(0, 120),
)
def test_forecast_due_is_ordered_and_never_after_the_months(steps, since, km, months):
    history = [(int(day), value) for day, value in np.cumsum(np.array(steps), axis=0).tolist()]

    due = _due(since=START + since, km=km, months=months, history=history)

    assert due.low[0] <= due.due[0] <= due.high[0]
    assert 0 <= due.probability_soon[0] <= 1
    if months:
        assert due.high[0] <= START + since + months * 31


def test_whole_days_around_hold_no_more_than_the_range_and_always_the_middle():
    low, high = whole_days_around(
        np.array([10, 10, 10]), np.array([7.2, 7.0, 9.8]), np.array([14.9, 15.0, 10.3])
    )

    assert list(zip(low.tolist(), high.tolist(), strict=True)) == [(8, 14), (7, 15), (10, 10)]


def test_whole_days_around_hold_the_share_the_range_stands_for():
    """A car read weekly: rounded outwards, the 80 % range would hold 90 %."""
    rng = np.random.default_rng(1)
    middle, spread = rng.uniform(100, 200, 40_000), 3.0
    low, high = whole_days_around(
        np.rint(middle).astype(np.int64), middle - 1.2816 * spread, middle + 1.2816 * spread
    )

    day = np.rint(rng.normal(middle, spread))

    assert np.mean((low <= day) & (day <= high)) == pytest.approx(0.8, abs=0.01)
