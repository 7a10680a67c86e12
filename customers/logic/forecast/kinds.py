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

# Spread of the logarithm of the days ahead (plus slack) per standard deviation of what its kind drives, sooner
# and later, for a vehicle with no history. Later is wider: nothing keeps a car from standing still.
_SOONER: Final = 0.9
_LATER: Final = 1.3


@dataclass(frozen=True)
class LikelyDriving:
    """The rate to fall back on for each vehicle, and how much sooner or later than by it may be arrived.

    shapes: all (vehicles,); sooner, later: standard deviations of log(days ahead + slack)
    """

    km_per_day: Floats
    sooner: Floats
    later: Floats


def likely_driving(similar_km_per_day: Floats, *, days: Floats, km: Floats) -> LikelyDriving:
    """Return what a vehicle is likely to be driven, given similar vehicles and what it has shown.

    More shown driving never lowers the rate: kinds are weighted by a gamma likelihood, whose ratio between a
    faster and a slower kind only rises with the distance.

    shapes: similar_km_per_day, days, km (vehicles,): distance shown and days it took, faded
    """
    ordinary = similar_km_per_day / MIXED_FACTOR
    seen = observations(days, most=_MOST_OBSERVATIONS)
    shown = km / np.maximum(days, 1e-9) / ordinary
    log_weight = _LOG_PRIOR - seen[:, None] * (_LOG_FACTORS + shown[:, None] * np.exp(-_LOG_FACTORS))
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = weight @ _LOG_FACTORS
    spread = np.sqrt(np.maximum(weight @ _LOG_FACTORS**2 - mean**2, 0.0))
    return LikelyDriving(ordinary * np.exp(mean), _SOONER * spread, _LATER * spread)


def observations(days: Floats, *, most: float) -> Floats:
    """Return for how many observations of its kind the driving shown in so many days counts."""
    seen = _OBSERVATIONS_A_DAY * days
    counted: Floats = seen / (1.0 + seen / most)
    return counted


def _log_prior() -> Floats:
    slower, faster = np.minimum(_LOG_FACTORS, 0.0), np.maximum(_LOG_FACTORS - _LOG_MUCH, 0.0)
    logarithms: Floats = -0.5 * ((slower / _SLOWER_SPREAD) ** 2 + (faster / _FASTER_SPREAD) ** 2)
    return logarithms


_LOG_PRIOR: Final = _log_prior()
# The mean of all kinds as a multiple of the ordinary one: where nothing is known, the rate of similar vehicles.
MIXED_FACTOR: Final = float(np.exp(np.exp(_LOG_PRIOR) @ _LOG_FACTORS / np.exp(_LOG_PRIOR).sum()))
