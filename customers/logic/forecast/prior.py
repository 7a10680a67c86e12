"""What is known of a vehicle's driving before it has shown anything: similar vehicles, else the nation."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from common.distance import KM_PER_MILE
from customers.logic.forecast.arrays import Floats, Ints
from customers.logic.forecast.driving_calendar import DAYS_PER_YEAR

# Mean distance of a light-duty vehicle in a year, of unknown age.
# source: US Federal Highway Administration, Highway Statistics 2009, Table VM-1M (revised): 18,054 km.
# England: 8,420 mi (13,551 km) in 2009, National Travel Survey: lower. A mean lies above the median; for a
# date, which is a distance divided by it, it is the better middle (docs/forecast.md says what was measured).
NATIONAL_KM_PER_DAY: Final = 18_054.0 / DAYS_PER_YEAR

# Mean miles a year by age of the vehicle: up to five years, six to nine, ten and more.
# source: US Department of Energy, Vehicle Technologies Office, Fact of the Week 1046, from the National
# Household Travel Survey 2017: over 12,000 at one to five years, 10,200 over all, 7,800 over nine years.
NATIONAL_MILES_BY_AGE: Final = (12_000.0, 10_200.0, 7_800.0)
AGE_BAND_STARTS: Final = (6, 10)
UNKNOWN_AGE: Final = -1

_ASSUMED_VARIANCE: Final = 0.3  # of a vehicle's rate over its group's: what the sample histories show
_LEAST_VARIANCE: Final = 1e-4
_FACTOR_RANGE: Final = (0.3, 3.0)  # no dealership's customers are that far from their nation


@dataclass(frozen=True)
class FleetExperience:
    """The driving that vehicles of a dealership have shown.

    shapes: all (vehicles with experience,); make and age_band are group numbers, age_band UNKNOWN_AGE or 0..2
    """

    km_per_day: Floats
    make: Ints
    age_band: Ints


def age_band(age_years: Ints) -> Ints:
    """Return the age band of each age in whole years; UNKNOWN_AGE stays unknown."""
    band = np.searchsorted(np.array(AGE_BAND_STARTS), age_years, side="right")
    return np.where(age_years < 0, UNKNOWN_AGE, band)


def national_prior(band: Ints) -> Floats:
    """Return the national mean rate per day for each age band."""
    by_band = np.array([*NATIONAL_MILES_BY_AGE]) * KM_PER_MILE / DAYS_PER_YEAR
    return np.where(band == UNKNOWN_AGE, NATIONAL_KM_PER_DAY, by_band[np.maximum(band, 0)])


def similar_vehicles_prior(experience: FleetExperience, *, make: Ints, band: Ints) -> Floats:
    """Return the rate to expect of each vehicle, by dealership, then age band, then make.

    Each level corrects the one above by what its vehicles have shown, shrunk by the method of moments: a
    group of three cars moves the expectation little, one of three hundred decides it.

    shapes: make, band and the result (vehicles,); group numbers as in `experience`
    """
    expected = national_prior(experience.age_band)
    wanted = national_prior(band)
    levels = [
        (np.zeros_like(experience.make), np.zeros_like(make)),
        (experience.age_band + 1, band + 1),
        (experience.make, make),
    ]
    for shown_group, wanted_group in levels:
        size = int(max(shown_group.max(initial=0), wanted_group.max(initial=0))) + 1
        factor = _group_factors(experience.km_per_day / expected, shown_group, size=size)
        expected, wanted = expected * factor[shown_group], wanted * factor[wanted_group]
    return wanted


def _group_factors(ratio: Floats, group: Ints, *, size: int) -> Floats:
    """Return by which factor each group's vehicles drive more than expected, shrunk towards one.

    Method of moments: the spread of group means beyond what the spread within groups explains is how much
    groups really differ; a group's own mean weighs as its size times that, against the spread within.
    """
    count = np.bincount(group, minlength=size)
    mean = np.bincount(group, weights=ratio, minlength=size) / np.maximum(count, 1)
    within = _variance_within(ratio, group, mean, count)
    used = count > 0
    between = float(np.sum(count[used] * ((mean[used] - 1.0) ** 2))) / max(int(count.sum()), 1)
    between = max(between - within * used.sum() / max(int(count.sum()), 1), _LEAST_VARIANCE)
    share = count * between / (count * between + within)
    factor: Floats = 1.0 + share * (mean - 1.0)
    return np.clip(factor, *_FACTOR_RANGE)


def _variance_within(ratio: Floats, group: Ints, mean: Floats, count: Ints) -> float:
    freedom = int(count.sum() - (count > 0).sum())
    if freedom <= 0:
        return _ASSUMED_VARIANCE
    return max(float(np.sum((ratio - mean[group]) ** 2)) / freedom, _LEAST_VARIANCE)
