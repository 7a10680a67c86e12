import numpy as np
import pytest

from common.distance import KM_PER_MILE
from customers.logic.forecast.prior import (
    NATIONAL_KM_PER_DAY,
    UNKNOWN_AGE,
    FleetExperience,
    age_band,
    national_prior,
    similar_vehicles_prior,
)

pytestmark = pytest.mark.logic

NO_MAKE = np.array([0])


def _experience(
    rates: list[float], makes: list[int] | None = None, band: int = UNKNOWN_AGE
) -> FleetExperience:
    return FleetExperience(
        km_per_day=np.array(rates, dtype=np.float64),
        make=np.array(makes or [0] * len(rates), dtype=np.int64),
        age_band=np.full(len(rates), band),
    )


def test_age_band_edges():
    assert age_band(np.array([-1, 0, 5, 6, 9, 10, 40])).tolist() == [-1, 0, 0, 1, 1, 2, 2]


def test_national_prior_falls_with_age():
    per_year = national_prior(np.array([UNKNOWN_AGE, 0, 1, 2])) * 365.25 / KM_PER_MILE

    np.testing.assert_allclose(per_year, [11_218, 12_000, 10_200, 7_800], atol=1)


def test_similar_vehicles_prior_without_experience_is_the_nations():
    prior = similar_vehicles_prior(_experience([]), make=np.array([0, 3]), band=np.array([UNKNOWN_AGE, 2]))

    np.testing.assert_allclose(prior, national_prior(np.array([UNKNOWN_AGE, 2])))


def test_similar_vehicles_prior_many_cars_decide_it():
    rates = 30 + np.random.default_rng(1).normal(0, 5, 400)

    prior = similar_vehicles_prior(_experience(rates.tolist()), make=NO_MAKE, band=np.array([UNKNOWN_AGE]))

    assert prior[0] == pytest.approx(30, rel=0.02)


def test_similar_vehicles_prior_two_cars_move_it_little():
    prior = similar_vehicles_prior(_experience([30.0, 60.0]), make=NO_MAKE, band=np.array([UNKNOWN_AGE]))

    assert prior[0] == pytest.approx(NATIONAL_KM_PER_DAY, rel=0.05)


def test_similar_vehicles_prior_makes_differ_where_their_cars_do():
    rng = np.random.default_rng(2)
    rates = np.concatenate([rng.normal(30, 4, 100), rng.normal(60, 4, 100)])
    experience = _experience(rates.tolist(), [0] * 100 + [1] * 100)

    low, high, unseen = similar_vehicles_prior(
        experience, make=np.array([0, 1, 2]), band=np.full(3, UNKNOWN_AGE)
    )

    assert (low, high) == (pytest.approx(30, rel=0.05), pytest.approx(60, rel=0.05))
    assert unseen == pytest.approx(45, rel=0.05)


def test_similar_vehicles_prior_age_counts_where_it_is_known():
    rng = np.random.default_rng(3)
    experience = _experience(rng.normal(40, 4, 200).tolist(), band=2)

    unknown, old = similar_vehicles_prior(experience, make=np.array([0, 0]), band=np.array([UNKNOWN_AGE, 2]))

    assert old == pytest.approx(40, rel=0.05)
    assert unknown > old  # its age is unknown: younger on average
