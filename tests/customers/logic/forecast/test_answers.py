import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.forecast.answers import Questions, answer
from customers.logic.forecast.driving_calendar import to_driving_days
from customers.logic.forecast.quality import judge
from customers.logic.forecast.readings import sort_readings
from tests.customers.logic.forecast.histories import START, question

pytestmark = pytest.mark.logic

YEARLY = [(0, 10_000.0), (365, 25_000.0), (730, 40_000.0)]


def _days(history: list[tuple[int, float]], asked: float) -> tuple[int, int, int]:
    found = answer(question(history, asked))
    return tuple(int(day[0]) - START for day in (found.low, found.median, found.high))  # type: ignore[return-value]


def test_answer_takes_readings_in_any_order():
    assert _days(YEARLY[::-1], 50_000.0) == _days(YEARLY, 50_000.0)


def test_answer_typing_error_changes_nothing():
    assert _days([*YEARLY, (900, 470_000.0)], 50_000.0) == _days(YEARLY, 50_000.0)
    assert _days([*YEARLY, (900, 4_700.0)], 50_000.0) == _days(YEARLY, 50_000.0)


def test_answer_repeated_rows_change_nothing():
    assert _days([*YEARLY, *YEARLY], 50_000.0) == _days(YEARLY, 50_000.0)


def test_answer_one_reading_is_wide():
    low, median, high = _days([(0, 10_000.0)], 20_000.0)

    assert median == pytest.approx(266, abs=20)
    assert low < 140
    assert high > 500


def test_answer_farther_questions_about_an_unknown_car_expect_more_driving():
    near, far = _days([(0, 0.0)], 5_000.0)[1], _days([(0, 0.0)], 40_000.0)[1]

    assert near < far < 6 * near  # eight times the distance


def test_answer_one_reading_of_a_high_odometer_expects_more_driving():
    young, old = (_days([(0, km)], km + 15_000.0)[1] for km in (12_000.0, 150_000.0))

    assert old < 0.8 * young


def test_answer_without_a_possible_reading_is_not_known():
    found = answer(
        Questions(
            vehicle=np.array([0, 1, 1]),
            day=np.array([START, START, START + 365]),
            km=np.array([-5.0, 10_000.0, 25_000.0]),
            asked_km=np.array([100.0, 30_000.0]),
        )
    )

    assert found.is_known.tolist() == [False, True]
    assert found.median[1] > START + 365


def test_answer_of_many_is_the_answer_of_each():
    histories = [YEARLY, [(5, 90_000.0)], [*YEARLY, (740, 1.0)], [(0, 3.0), (0, 90_000.0)]]
    together = answer(
        Questions(
            vehicle=np.array([n for n, history in enumerate(histories) for _ in history]),
            day=np.array([START + day for history in histories for day, _ in history]),
            km=np.array([km for history in histories for _, km in history]),
            asked_km=np.full(4, 95_000.0),
        )
    )

    assert [day - START for day in together.median.tolist()] == [
        _days(history, 95_000.0)[1] for history in histories
    ]


readings = st.lists(
    st.tuples(st.integers(-20_000, 20_000), st.one_of(st.floats(0, 300_000), st.floats())),
    min_size=1,
    max_size=20,
)


@given(readings, st.floats(0, 1e7))
def test_answer_of_anything_is_ordered(history, asked):
    found = answer(question(history, asked))

    if found.is_known[0]:
        assert found.low[0] <= found.median[0] <= found.high[0]


@given(st.floats(1, 1e6), st.floats(0.01, 0.999), st.floats(50, 200_000))
def test_answer_to_one_reading_is_never_earlier_for_a_lower_one(km, share, ahead):
    lower, higher = (_days([(0, reading)], km + ahead)[1] for reading in (share * km, km))

    assert lower >= higher


steady = st.tuples(st.integers(2, 10), st.integers(60, 400), st.floats(5, 150))


@given(steady, st.integers(1, 400), st.floats(0.0, 0.99), st.floats(100, 60_000))
def test_answer_is_never_earlier_when_a_reading_below_the_last_arrives(driver, days, share, ahead):
    count, gap, rate = driver
    history = [(gap * number, 20_000 + gap * rate * number) for number in range(count)]
    last_day, last_km = history[-1]
    asked = last_km + ahead

    before = _days(history, asked)[1]
    after = _days([*history, (last_day + days, share * last_km)], asked)[1]

    assert after >= before


@given(steady, st.integers(1, 400), st.floats(0.0, 0.9), st.floats(0.2, 1))
def test_answer_is_not_earlier_when_less_was_driven_than_expected(driver, days, share, ahead):
    """What is expected of some days depends on the season: 90 % of the yearly mean is more than a winter's share."""
    count, gap, rate = driver
    days_read = [gap * number for number in range(count)]
    history = [(day, 20_000 + rate * _driving_days(0, day)) for day in days_read]
    last_day, last_km = history[-1]
    expected = rate * _driving_days(last_day, last_day + days)
    asked = last_km + expected * (1 + ahead)

    before = _days(history, asked)[1]
    after = _days([*history, (last_day + days, last_km + share * expected)], asked)[1]

    assert after >= before


@pytest.mark.parametrize("seed", range(3))
def test_answer_is_never_earlier_for_a_lower_last_reading_whatever_the_history(seed):
    """Ten thousand vehicles at once: chance finds what a few examples do not."""
    rng, count = np.random.default_rng(seed), 10_000
    vehicle = np.repeat(np.arange(count), rng.integers(1, 9, count))
    first = np.flatnonzero(np.diff(vehicle, prepend=-1))
    gap = np.where(
        rng.random(len(vehicle)) < 0.2, rng.integers(1, 5, len(vehicle)), rng.integers(1, 400, len(vehicle))
    )
    rate = np.exp(rng.normal(3.5, 1, count))[vehicle] * np.exp(rng.normal(0, 0.7, len(vehicle)))
    driven = gap * np.minimum(rate, 330)
    driven[first] = np.exp(rng.uniform(0, 12, count))
    day, km = np.cumsum(gap), np.cumsum(driven)
    day, km = START + day - day[first][vehicle], km - (km - driven)[first][vehicle]
    last = np.append(first[1:], len(vehicle)) - 1
    lower = km.copy()
    lower[last] -= rng.random(count) * driven[last]
    asked = km[last] + np.exp(rng.uniform(0, np.log(300_000), count))

    accepted = np.ones(count, dtype=np.bool_)
    for shown in (km, lower):
        readings, _ = sort_readings(vehicle, day, shown, vehicle_count=count)
        accepted[vehicle[~judge(readings, asked_km=asked).is_good]] = False
    was, now = (answer(Questions(vehicle, day, shown, asked)).median for shown in (km, lower))

    assert accepted.mean() > 0.9
    assert (now >= was)[accepted].all()


def _driving_days(first: int, last: int) -> float:
    start, end = to_driving_days(np.array([START + first, START + last]))
    return float(end - start)
