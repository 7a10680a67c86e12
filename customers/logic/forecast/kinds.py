"""What kind of driver a vehicle seems to have, while its own readings say little: a distribution over rates.

Most vehicles are driven about as much as similar ones, some (fleets, couriers, field staff) three times as
much. Each kind on a fixed scale of rates is weighted by how well it explains what is known; the weighted mean
is the rate to fall back on, its spread says how little is known.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Floats
from customers.logic.forecast.driving_calendar import DAYS_PER_YEAR

# source of all constants: docs/forecast.md, "How the constants were set"
# Rates between those of similar vehicles and the fleets' are equally likely, slower and faster ones less and
# less. One hill without a valley: from it follows that a lower reading never makes a date earlier.
_LOG_MUCH: Final = math.log(2.8)
_SLOWER_SPREAD: Final = 0.7  # of the logarithm of the rate
_FASTER_SPREAD: Final = 0.35
_LOG_FACTORS: Final = np.linspace(math.log(0.1), math.log(5.3), 12)

# How much the vehicle's own driving says about its kind: a day counts as this many observations, all days
# together as no more than this many, because habits change within a kind and kinds of use within a vehicle.
_OBSERVATIONS_A_DAY: Final = 0.3
_MOST_OBSERVATIONS: Final = 1.5

# What a question gives away. Its odometer was driven in the car's life: four years, seldom much more; fewer
# are a little less likely only, the car may be new.
_LOG_AGE_DAYS: Final = math.log(4.0 * DAYS_PER_YEAR)
_OLDER_SPREAD: Final = 0.7
_NEWER_SLOPE: Final = 0.7
_LEAST_KM: Final = 50.0
# The distance asked about was or will be read at a visit: a third come yearly, the others sooner, anyhow.
_YEARLY_SHARE: Final = 1 / 3
_YEARLY_SPREAD: Final = 0.35
_VISIT_DAYS: Final = 20.0
_VISIT_SPREAD: Final = 1.2


@dataclass(frozen=True)
class LikelyDriving:
    """The rate to fall back on for each vehicle, and the standard deviation of its logarithm.

    shapes: both (vehicles,)
    """

    km_per_day: Floats
    spread: Floats


def likely_driving(
    similar_km_per_day: Floats, *, days: Floats, km: Floats, hints: Floats | None = None
) -> LikelyDriving:
    """Return what a vehicle is likely to be driven, given similar vehicles and what it has shown.

    More shown driving never lowers the rate: kinds are weighted by a gamma likelihood, whose ratio between a
    faster and a slower kind only rises with the distance.

    shapes: similar_km_per_day, days, km (vehicles,): distance shown and days it took, faded; hints as
    `question_hints` returns them
    """
    ordinary = similar_km_per_day / MIXED_FACTOR
    seen = _OBSERVATIONS_A_DAY * days
    seen = seen / (1.0 + seen / _MOST_OBSERVATIONS)
    shown = km / np.maximum(days, 1e-9) / ordinary
    log_weight = _LOG_PRIOR - seen[:, None] * (_LOG_FACTORS + shown[:, None] * np.exp(-_LOG_FACTORS))
    if hints is not None:
        log_weight += hints
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = weight @ _LOG_FACTORS
    variance = np.maximum(weight @ _LOG_FACTORS**2 - mean**2, 0.0)
    return LikelyDriving(ordinary * np.exp(mean), np.sqrt(variance))


def question_hints(similar_km_per_day: Floats, *, odometer_km: Floats, ahead_km: Floats) -> Floats:
    """Return how well each kind explains what a question gives away: the odometer and how far ahead is asked.

    Odometers are asked about that were or will be read at a visit: 30,000 km ahead is asked for those who
    drive much. A service's interval says nothing of the kind, so `due` does without this.

    shapes: (vehicles,) each; result (vehicles, kinds), logarithms
    """
    rate = np.log(similar_km_per_day / MIXED_FACTOR)[:, None] + _LOG_FACTORS
    older = np.log(np.maximum(odometer_km, _LEAST_KM))[:, None] - rate - _LOG_AGE_DAYS
    gap = np.log(np.maximum(ahead_km, _LEAST_KM))[:, None] - rate
    yearly = _YEARLY_SHARE * _bell(gap, math.log(DAYS_PER_YEAR), _YEARLY_SPREAD)
    anyhow = (1.0 - _YEARLY_SHARE) * _bell(gap, math.log(_VISIT_DAYS), _VISIT_SPREAD)
    age = np.where(older > 0, -0.5 * (older / _OLDER_SPREAD) ** 2, _NEWER_SLOPE * older)
    hints: Floats = age + np.log(yearly + anyhow + 1e-6)
    return hints


def _bell(x: Floats, middle: float, spread: float) -> Floats:
    """Return the normal density, but for a factor all share."""
    return np.exp(-0.5 * ((x - middle) / spread) ** 2) / spread


def _log_prior() -> Floats:
    slower, faster = np.minimum(_LOG_FACTORS, 0.0), np.maximum(_LOG_FACTORS - _LOG_MUCH, 0.0)
    logarithms: Floats = -0.5 * ((slower / _SLOWER_SPREAD) ** 2 + (faster / _FASTER_SPREAD) ** 2)
    return logarithms


_LOG_PRIOR: Final = _log_prior()
# The mean of all kinds as a multiple of the ordinary one: where nothing is known, the rate of similar vehicles.
MIXED_FACTOR: Final = float(np.exp(np.exp(_LOG_PRIOR) @ _LOG_FACTORS / np.exp(_LOG_PRIOR).sum()))
