import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.forecast.kinds import LikelyDriving
from customers.logic.forecast.likely_wait import Asked, likely_wait
from customers.logic.forecast.prior import NATIONAL_KM_PER_DAY

pytestmark = pytest.mark.logic

SLACK = 6.0


def _wait(odometer: float, ahead: float, *, days: float = 0.0, km: float = 0.0) -> LikelyDriving:
    return likely_wait(
        np.array([NATIONAL_KM_PER_DAY]),
        days=np.array([days]),
        km=np.array([km]),
        asked=Asked(odometer_km=np.array([odometer]), ahead_km=np.array([ahead])),
        slack_days=SLACK,
    )


def _days(odometer: float, ahead: float, **shown: float) -> float:
    return ahead / float(_wait(odometer, ahead, **shown).km_per_day[0])


def test_likely_wait_tells_a_yearly_inspection_from_a_fleet():
    assert _days(25_000, 6_000) > 120  # 50 km a day
    assert _days(150_000, 45_000) < 420  # 107 km a day


def test_likely_wait_range_holds_the_yearly_visit_and_the_fleet_car():
    """15,000 km ahead are a year of a private car or four months of a fleet's: nothing tells which."""
    wait = _wait(40_000, 15_000)
    middle = 15_000 / wait.km_per_day[0]
    low, high = (
        (middle + SLACK) * np.exp(z * spread[0]) - SLACK
        for z, spread in ((-1.2816, wait.sooner), (1.2816, wait.later))
    )

    assert low < 130 < middle < 365 < high


def test_likely_wait_follows_what_was_shown():
    unknown = _days(30_000, 5_000)

    assert _days(30_000, 5_000, days=300.0, km=3_000.0) > 1.3 * unknown
    assert _days(30_000, 5_000, days=300.0, km=36_000.0) < 0.8 * unknown


def test_likely_wait_is_surer_the_more_was_shown():
    unknown, known = _wait(30_000, 5_000), _wait(30_000, 5_000, days=600.0, km=30_000.0)

    assert known.sooner[0] < unknown.sooner[0]
    assert known.later[0] < unknown.later[0]


def test_likely_wait_below_the_least_distance_is_that_of_the_least():
    for little in (-5.0, 0.0, 10.0):
        assert _wait(0.0, little) == _wait(1.0, 50.0)


def test_likely_wait_of_many_is_the_wait_of_each():
    rng = np.random.default_rng(1)
    odometer, ahead = rng.uniform(0, 300_000, 4_500), rng.uniform(1, 50_000, 4_500)
    none, similar = np.zeros(4_500), np.full(4_500, NATIONAL_KM_PER_DAY)

    together = likely_wait(similar, days=none, km=none, asked=Asked(odometer, ahead), slack_days=SLACK)

    for number in (0, 499, 500, 4_499):
        alone = _wait(odometer[number], ahead[number])
        assert together.km_per_day[number] == pytest.approx(alone.km_per_day[0])
        assert together.later[number] == pytest.approx(alone.later[0])


@given(st.floats(0, 1e6), st.floats(1, 1e6), st.floats(0, 2_000), st.floats(0, 3e5), st.floats(0, 1))
def test_likely_wait_never_shortens_for_a_lower_reading(odometer, ahead, days, km, share):
    less = share * min(odometer, km)

    assert _days(odometer - less, ahead + less, days=days, km=km - less) >= _days(
        odometer, ahead, days=days, km=km
    ) * (1 - 1e-9)


@given(st.floats(0, 1e6), st.floats(50, 1e6), st.floats(0, 2_000), st.floats(0, 3e5))
def test_likely_wait_is_within_what_is_possible(odometer, ahead, days, km):
    wait = _wait(odometer, ahead, days=days, km=km)

    assert 0.4 < ahead / wait.km_per_day[0] < 40 * 366
    assert 0 < wait.sooner[0] < 10
    assert 0 < wait.later[0] < 10
