import numpy as np
import pytest

from customers.logic.forecast.driving import PRIOR_DAYS, Driving, learn_driving
from customers.logic.forecast.prior import NATIONAL_KM_PER_DAY
from tests.customers.logic.forecast.histories import readings_of

pytestmark = pytest.mark.logic


def _learn(*histories: list[tuple[int, float]], starts: list[bool] | None = None) -> Driving:
    readings = readings_of(*histories)
    return learn_driving(
        readings,
        starts_anew=np.array(starts or [False] * len(readings), dtype=np.bool_),
        prior_km_per_day=np.full(len(histories), NATIONAL_KM_PER_DAY),
    )


def _yearly(*km: float) -> list[tuple[int, float]]:
    return [(365 * number, value) for number, value in enumerate(km)]


def test_learn_driving_without_an_interval_it_is_the_prior():
    driving = _learn([(0, 10_000.0)], [])

    np.testing.assert_allclose(driving.km_per_day, NATIONAL_KM_PER_DAY)
    np.testing.assert_allclose(driving.evidence_days, PRIOR_DAYS)
    np.testing.assert_allclose(driving.unsteadiness, 1.0)


def test_learn_driving_two_yearly_readings_outweigh_the_prior():
    driving = _learn(_yearly(10_000.0, 20_000.0))

    assert driving.km_per_day[0] == pytest.approx(10_000 / 365, rel=0.03)


def test_learn_driving_last_year_weighs_more_than_earlier_ones():
    rising, falling = _learn(
        _yearly(0, 10_000, 20_000, 40_000), _yearly(0, 20_000, 30_000, 40_000)
    ).km_per_day

    assert rising > 40_000 / (3 * 365) > falling


def test_learn_driving_retest_days_later_hardly_counts():
    plain, retested = _learn(
        _yearly(0, 15_000, 30_000), [*_yearly(0, 15_000, 30_000), (732, 30_000.0), (733, 30_300.0)]
    ).km_per_day

    assert retested == pytest.approx(plain, rel=0.02)


def test_learn_driving_seasons_do_not_look_like_habits():
    """From January to July less of a year's driving is done than from July to January."""
    half_years = [(0, 0.0), (182, 182 * 40.0), (365, 365 * 40.0)]

    first, second = _learn(half_years[:2], half_years[1:]).km_per_day

    assert first > 40 > second or first < 40 < second  # the calendar was applied
    assert _learn(half_years).km_per_day[0] == pytest.approx(40, rel=0.03)


def test_learn_driving_car_that_stands_still_keeps_a_little():
    driving = _learn([(365 * number, 50_000.0) for number in range(20)])

    assert driving.km_per_day[0] == pytest.approx(0.02 * NATIONAL_KM_PER_DAY)


def test_learn_driving_exchanged_odometer_leaves_no_interval():
    history = [(0, 90_000.0), (365, 105_000.0), (400, 1_000.0), (765, 16_000.0)]

    driving = _learn(history, starts=[False, False, True, False])

    assert driving.km_per_day[0] == pytest.approx(15_000 / 365, rel=0.03)
    assert driving.clock.km.tolist() == [1_000.0, 16_000.0]


def test_learn_driving_unsteady_vehicles_are_known_as_such():
    steady, unsteady = _learn(
        _yearly(*(15_000 * n for n in range(8))), _yearly(0, 30_000, 31_000, 61_000, 62_000, 92_000, 93_000)
    ).unsteadiness

    assert steady < 1 < unsteady


def test_learn_driving_one_interval_says_nothing_about_steadiness():
    assert _learn(_yearly(0, 18_054.0)).unsteadiness[0] == pytest.approx(1.0, abs=0.01)


def test_learn_driving_vehicles_driven_much_are_steadier_until_they_show_otherwise():
    slow, ordinary, fast, fastest = _learn(
        *(_yearly(0, km) for km in (3_000.0, 18_054.0, 50_000.0, 110_000.0))
    ).unsteadiness

    assert slow > 1.5 * ordinary
    assert fast == pytest.approx(2.77**-0.45, abs=0.03)
    assert fastest == pytest.approx(4.5**-0.45, abs=0.01)  # no steadier than at four and a half times


def test_learn_driving_one_interval_far_off_counts_as_no_more_than_the_most_usual():
    stood, stood_longer = _learn(
        [(0, 0.0), (400, 20_000.0), (800, 20_500.0), (1200, 40_500.0)],
        [(0, 0.0), (400, 20_000.0), (800, 20_001.0), (1200, 40_001.0)],
    ).unsteadiness

    assert stood == pytest.approx(stood_longer, rel=0.02)


def test_learn_driving_interval_of_long_ago_is_no_division_by_nothing():
    driving = _learn([(-18_000, 0.0), (0, 0.0)])

    assert np.isfinite(driving.unsteadiness).all()


def test_learn_driving_lower_readings_only_lower_the_rate():
    lower, higher = _learn(_yearly(0, 15_000, 20_000), _yearly(0, 15_000, 30_000)).km_per_day

    assert lower < higher
