"""How long a vehicle is likely to take to an odometer that is asked about, while its own readings say little.

Whoever asks gives two things away: the odometer today (150,000 km on the clock is likelier in a car that is
driven much) and how far ahead is asked (odometers are asked about that were or will be read at a visit, and
visits have a rhythm). Each wait on a fixed scale is weighted by how well it explains these and the driving
shown so far; middle and range are those of the whole distribution.

A lower last reading never shortens the wait. Lowering it asks for more distance ahead, shows a lower odometer
and less driving; each of the three shifts weight to longer waits only, because the logarithm of every factor
but the rhythm is concave in the logarithm of the rate, and the rhythm does not depend on the readings at all.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Floats
from customers.logic.forecast.driving_calendar import DAYS_PER_YEAR
from customers.logic.forecast.kinds import LikelyDriving, observations
from customers.logic.forecast.normal import normal_quantile

# source of all constants: docs/forecast.md, "How the constants were set"
# Whose vehicle it is, is unknown. Rates between the nation's and the fleets' are equally likely, slower and
# faster ones less and less. One hill without a valley: see above.
_LOG_MUCH: Final = math.log(3.6)
_SLOWER_SPREAD: Final = 0.65  # of the logarithm of the rate
_FASTER_SPREAD: Final = 0.6

# The odometer was driven in the car's life: four years, seldom much more; fewer are a little less likely only,
# the car may be new.
_LOG_AGE_DAYS: Final = math.log(4.0 * DAYS_PER_YEAR)
_OLDER_SPREAD: Final = 0.85
_NEWER_SLOPE: Final = 0.8

# The distance asked about was or will be read at a visit: some come yearly, the others sooner or later, anyhow.
_YEARLY_SHARE: Final = 0.18
_YEARLY_SPREAD: Final = 0.3
_VISIT_DAYS: Final = 25.0
_VISIT_SPREAD: Final = 2.2
_LEAST_RHYTHM: Final = 1e-6  # nothing is impossible

# Less than among a dealership's vehicles (`kinds`): what the question gives away speaks of the kind too.
_MOST_OBSERVATIONS: Final = 1.0

_LEAST_KM: Final = 50.0  # less says nothing
_LATER_STRETCH: Final = 1.1  # the ten real vehicles' arrivals lie a little farther out
_LOG_STEP: Final = 0.25
_LOG_DAYS: Final = np.arange(math.log(0.5), math.log(40 * DAYS_PER_YEAR), _LOG_STEP)
_DAYS: Final = np.exp(_LOG_DAYS)
_ROWS: Final = 500  # at a time: their tables stay in the processor's cache
_EDGE: Final = 0.9


@dataclass(frozen=True)
class Asked:
    """What the questions give away: the latest odometer and how much farther the one asked about lies.

    shapes: both (vehicles,)
    """

    odometer_km: Floats
    ahead_km: Floats


def likely_wait(
    similar_km_per_day: Floats, *, days: Floats, km: Floats, asked: Asked, slack_days: float
) -> LikelyDriving:
    """Return the rate that leads to the likely wait, and how much sooner or later it may end.

    The spreads are those of the logarithm of the wait plus `slack_days`.

    shapes: similar_km_per_day, days, km (vehicles,): distance shown and days it took, faded
    """
    ahead = np.maximum(asked.ahead_km, _LEAST_KM)
    low, middle, high = np.empty((3, len(ahead)))
    for start in range(0, len(ahead), _ROWS):
        rows = slice(start, start + _ROWS)
        odometer = np.maximum(asked.odometer_km[rows], _LEAST_KM)
        weight = _weights(similar_km_per_day[rows], days[rows], km[rows], odometer, ahead[rows])
        below = np.cumsum(weight, axis=1)
        below /= below[:, -1:]
        number = below + np.arange(len(below))[:, None]
        low[rows], middle[rows], high[rows] = (
            _quantile(below, number, share) for share in (1.0 - _EDGE, 0.5, _EDGE)
        )
    z = normal_quantile(_EDGE)
    sooner = np.log((middle + slack_days) / (low + slack_days)) / z
    later = _LATER_STRETCH * np.log((high + slack_days) / (middle + slack_days)) / z
    return LikelyDriving(ahead / middle, sooner, later)


def _weights(similar: Floats, days: Floats, km: Floats, odometer: Floats, ahead: Floats) -> Floats:
    """Return how likely each wait is, but for a factor each vehicle's waits share.

    The rate of a wait is the distance ahead over it. Whatever is linear in the logarithm of the wait is added
    up before it is spread over the table: this is where a forecast's time goes.
    """
    fastest = np.log(ahead / similar)  # logarithm of the rate of a wait of one day, one for similar vehicles
    seen = observations(days, most=_MOST_OBSERVATIONS)
    # The gamma likelihood of `kinds.likely_driving`: -seen * (log rate + shown / rate).
    log_weight = seen[:, None] * _LOG_DAYS
    log_weight += _LOG_RHYTHM + _NEWER_SLOPE * _LOG_DAYS
    log_weight -= (seen * km / (np.maximum(days, 1e-9) * ahead))[:, None] * _DAYS
    log_weight -= _beyond(_LOG_DAYS - fastest[:, None], _SLOWER_SPREAD)
    log_weight -= _beyond((fastest - _LOG_MUCH)[:, None] - _LOG_DAYS, _FASTER_SPREAD)
    age = (np.log(odometer / ahead) - _LOG_AGE_DAYS)[:, None] + _LOG_DAYS
    log_weight -= _NEWER_SLOPE * np.maximum(age, 0.0)
    log_weight -= _beyond(age, _OLDER_SPREAD)
    log_weight -= log_weight.max(axis=1, keepdims=True)
    return np.exp(log_weight, out=log_weight)


def _beyond(logarithm: Floats, spread: float) -> Floats:
    """Return what lies above zero as half a square in units of its spread; overwrites what it is given."""
    np.maximum(logarithm, 0.0, out=logarithm)
    logarithm *= logarithm
    logarithm *= 0.5 / spread**2
    return logarithm


def _quantile(below: Floats, number: Floats, probability: float) -> Floats:
    """Return the wait below which this share of each row lies, by the straight line between the marks.

    One search serves all rows: `number` gives each a stretch of the number line of its own.
    """
    rows = np.arange(len(below))
    mark = np.searchsorted(number.ravel(), rows + probability) - rows * len(_LOG_DAYS)
    before = np.where(mark > 0, below[rows, mark - 1], 0.0)
    share = (probability - before) / (below[rows, mark] - before)
    days: Floats = np.exp(_LOG_DAYS[mark] + _LOG_STEP * (np.clip(share, 0.0, 1.0) - 0.5))
    return days


def _log_rhythm() -> Floats:
    yearly = _YEARLY_SHARE * _bell(math.log(DAYS_PER_YEAR), _YEARLY_SPREAD)
    anyhow = (1.0 - _YEARLY_SHARE) * _bell(math.log(_VISIT_DAYS), _VISIT_SPREAD)
    return np.log(yearly + anyhow + _LEAST_RHYTHM)


def _bell(middle: float, spread: float) -> Floats:
    """Return the normal density at each wait, but for a factor all share."""
    density: Floats = np.exp(-0.5 * ((_LOG_DAYS - middle) / spread) ** 2) / spread
    return density


_LOG_RHYTHM: Final = _log_rhythm()
