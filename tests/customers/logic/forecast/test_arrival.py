import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.forecast.arrival import Arrivals, arrive, odometer_on
from customers.logic.forecast.driving import Driving, learn_driving
from customers.logic.forecast.prior import NATIONAL_KM_PER_DAY
from tests.customers.logic.forecast.histories import START, readings_of

pytestmark = pytest.mark.logic

YEARLY = [(0, 10_000.0), (365, 25_000.0), (730, 40_000.0)]


def _driving(*histories: list[tuple[int, float]]) -> Driving:
    readings = readings_of(*histories)
    return learn_driving(
        readings,
        starts_anew=np.zeros(len(readings), dtype=np.bool_),
        prior_km_per_day=np.full(len(histories), NATIONAL_KM_PER_DAY),
    )


def _arrivals(history: list[tuple[int, float]], *km: float) -> Arrivals:
    return arrive(_driving(history), vehicle=np.zeros(len(km), dtype=np.int64), km=np.array(km))


def _after_start(days: np.ndarray) -> list[float]:
    return [float(day) - START for day in days]


def test_arrive_a_year_ahead_is_a_year_ahead():
    (median,) = _after_start(_arrivals(YEARLY, 55_000.0).quantile(0.5))

    assert median == pytest.approx(1095, abs=12)


def test_arrive_fast_and_slow_drivers_drift_towards_the_usual():
    slow = [(0, 10_000.0), (365, 12_000.0), (730, 14_000.0)]
    fast = [(0, 10_000.0), (365, 60_000.0), (730, 110_000.0)]

    (slow_day,) = _after_start(_arrivals(slow, 34_000.0).quantile(0.5))  # ten years at its rate
    (fast_day,) = _after_start(_arrivals(fast, 410_000.0).quantile(0.5))  # six years at its rate

    assert slow_day < 730 + 5 * 365
    assert fast_day > 730 + 7.5 * 365


def test_arrive_quantiles_spread_with_the_distance():
    arrivals = _arrivals(YEARLY, 41_000.0, 55_000.0)

    near, far = arrivals.quantile(0.9) - arrivals.quantile(0.1)

    assert 15 < near < far < 600


def test_arrive_at_what_the_odometer_shows_is_now():
    arrivals = _arrivals(YEARLY, 40_000.0)

    assert _after_start(arrivals.quantile(0.1)) == [pytest.approx(730, abs=0.1)]
    assert _after_start(arrivals.quantile(0.5)) == [pytest.approx(730, abs=0.1)]
    assert 730 < _after_start(arrivals.quantile(0.9))[0] < 745


def test_arrive_at_what_was_passed_lies_between_the_readings_around_it():
    arrivals = _arrivals(YEARLY, 25_000.0, 30_000.0)

    assert _after_start(arrivals.quantile(0.5)) == [pytest.approx(365, abs=0.1), pytest.approx(480, abs=25)]
    assert 365 < _after_start(arrivals.quantile(0.1))[1] < _after_start(arrivals.quantile(0.9))[1] < 730


def test_arrive_before_the_first_reading_is_before_it():
    low, median, high = (_after_start(_arrivals(YEARLY, 0.0).quantile(p))[0] for p in (0.1, 0.5, 0.9))

    assert low < median < high < 0
    assert median == pytest.approx(-240, abs=40)


def test_arrive_never_farther_than_forty_years():
    (median,) = _after_start(_arrivals(YEARLY, 1e12).quantile(0.5))

    assert median == pytest.approx(730 + 40 * 365, abs=20)


def test_probability_by_agrees_with_the_quantiles():
    arrivals = _arrivals(YEARLY, 55_000.0)

    for probability in (0.1, 0.5, 0.9):
        day = np.floor(arrivals.quantile(probability)).astype(np.int64)

        assert arrivals.probability_by(day)[0] == pytest.approx(probability, abs=0.01)


def test_probability_by_of_what_was_passed_is_certain():
    arrivals = _arrivals(YEARLY, 30_000.0)

    assert arrivals.probability_by(np.array([START + 730])).tolist() == [1.0]
    assert arrivals.probability_by(np.array([START + 100])).tolist() == [0.0]


def test_probability_by_a_day_before_the_last_reading_is_zero():
    assert _arrivals(YEARLY, 50_000.0).probability_by(np.array([START + 700])).tolist() == [0.0]


def test_arrive_each_vehicle_is_answered_from_its_own_readings():
    driving = _driving(YEARLY, [(100, 5.0)], [(0, 90_000.0), (365, 95_000.0)])

    together = arrive(driving, vehicle=np.array([2, 0, 0]), km=np.array([97_000.0, 55_000.0, 30_000.0]))
    alone = arrive(_driving(YEARLY), vehicle=np.array([0, 0]), km=np.array([55_000.0, 30_000.0]))

    np.testing.assert_allclose(together.quantile(0.5)[1:], alone.quantile(0.5))


def test_odometer_on_runs_through_the_readings_and_on():
    driving = _driving(YEARLY)
    days = START + np.array([-365, 0, 365, 548, 730, 1095])

    shown = odometer_on(driving, vehicle=np.zeros(6, dtype=np.int64), day=days)

    np.testing.assert_allclose(shown, [-5_000, 10_000, 25_000, 32_600, 40_000, 55_000], atol=450)


histories = st.lists(st.tuples(st.integers(0, 400), st.floats(0, 40_000)), min_size=1, max_size=12).map(
    lambda steps: [tuple(total) for total in np.cumsum(np.array(steps), axis=0).tolist()]
)


@given(histories, st.floats(0, 500_000))
def test_quantiles_are_ordered(history, asked):
    arrivals = _arrivals([(int(day), km) for day, km in history], asked)

    days = [arrivals.quantile(p)[0] for p in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)]

    assert days == sorted(days)


@given(histories, st.floats(0, 1), st.floats(0, 200_000))
def test_arrive_is_never_earlier_for_a_lower_last_reading(history, share, ahead):
    history = [(int(day), km) for day, km in history]
    asked = history[-1][1] + ahead
    before = history[-2][1] if len(history) > 1 else 0.0
    lower = [*history[:-1], (history[-1][0], before + share * (history[-1][1] - before))]

    was = _arrivals(history, asked).quantile(0.5)[0]

    assert _arrivals(lower, asked).quantile(0.5)[0] >= was - 0.01


@given(histories, st.floats(0, 100_000), st.floats(0, 100_000))
def test_arrive_is_never_earlier_for_a_farther_odometer(history, near, more):
    arrivals = _arrivals([(int(day), km) for day, km in history], near, near + more)

    for probability in (0.1, 0.5, 0.9):
        first, second = arrivals.quantile(probability)
        assert second >= first - 0.01
