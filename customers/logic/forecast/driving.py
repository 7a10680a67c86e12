"""How much each vehicle is driven: what its readings say, recent ones first, with what the prior says."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats
from customers.logic.forecast.driving_calendar import to_driving_days
from customers.logic.forecast.kinds import LikelyDriving, likely_driving
from customers.logic.forecast.likely_wait import Asked, likely_wait
from customers.logic.forecast.prior import NATIONAL_KM_PER_DAY
from customers.logic.forecast.readings import Readings

# The prior counts as if the vehicle had driven at that rate for so many days before its first reading.
# Small: one interval of a month already outweighs it. source: docs/forecast.md, "How the constants were set"
PRIOR_DAYS: Final = 12.0
# A day of driving counts for 1/e as much after so many days: habits change, the last two years matter most.
MEMORY_DAYS: Final = 600.0
# Any event can be late by a few days in the workshop, however near it is.
SLACK_DAYS: Final = 6.0
# How far the length of an interval usually strays from what the other intervals of its vehicle say (spread of
# its logarithm): less for vehicles that are driven much, whose days even out. It counts for so many intervals
# against the vehicle's own; a single one that strays farther than anything usual counts as straying so far.
USUAL_STRAY: Final = 0.4
STRAY_FALL: Final = 0.45  # power of the rate over the nation's
STRAY_RATES: Final = (0.35, 4.5)  # rates over the nation's beyond which it changes no more
STRAY_INTERVALS: Final = 0.5
MOST_STRAY: Final = 1.0
# No vehicle is expected to stand still for ever: the least rate, as a share of the prior's.
_LEAST_SHARE: Final = 0.02


@dataclass(frozen=True)
class Driving:
    """The driving of vehicles 0..n-1, per driving day (free of seasons).

    `usual` is what its kind of vehicle is driven and how sure that is. `evidence_days` is the weight of the
    rate in days, PRIOR_DAYS where nothing was read. `unsteadiness` is how much more its intervals stray from
    what the others say than usual: 1 is usual at the nation's rate. `clock` are the good readings since the
    odometer last started anew, `clock_days` their driving days: where each vehicle's odometer has been.

    shapes: all of the first four (vehicles,); clock_days (len(clock),)
    """

    km_per_day: Floats
    usual: LikelyDriving
    evidence_days: Floats
    unsteadiness: Floats
    clock: Readings
    clock_days: Floats


def learn_driving(
    readings: Readings, *, starts_anew: Bools, prior_km_per_day: Floats, asked: Asked | None = None
) -> Driving:
    """Return each vehicle's rate from its good readings.

    The rate is distance over days, both weighted by recency, so that an interval of two days between test
    and retest counts as two days, whatever happened on them. `asked` is what a question gives away, where one
    is asked about each vehicle; a service's interval gives away nothing.
    """
    days = to_driving_days(readings.day)
    is_interval = readings.same_vehicle() & ~starts_anew[1:]
    spent = np.where(is_interval, np.diff(days), 0.0)
    driven = np.where(is_interval, np.diff(readings.km), 0.0)
    first, last = _ends(readings, days)
    age = days[1:] - last[readings.vehicle[1:]]
    fade = np.exp(age / MEMORY_DAYS)
    prior_days = PRIOR_DAYS * np.exp((first - last) / MEMORY_DAYS)
    shown_days, shown_km = _sums(readings, fade * spent), _sums(readings, fade * driven)
    usual = (
        likely_driving(prior_km_per_day, days=shown_days, km=shown_km)
        if asked is None
        else likely_wait(prior_km_per_day, days=shown_days, km=shown_km, asked=asked, slack_days=SLACK_DAYS)
    )
    evidence = prior_days + shown_days
    least = _LEAST_SHARE * prior_km_per_day
    rate = np.maximum((prior_days * usual.km_per_day + shown_km) / evidence, least)
    # Each interval against what the others say: one cannot stray from a rate that it made itself.
    of = readings.vehicle[1:]
    other_days = np.maximum(shown_days[of] - fade * spent, 0.0)
    other_km = np.maximum(shown_km[of] - fade * driven, 0.0) + prior_days[of] * usual.km_per_day[of]
    others = np.maximum(other_km / (other_days + prior_days[of]), least[of])
    weight = np.where(spent > 0, other_days / (other_days + PRIOR_DAYS), 0.0)
    unsteadiness = _unsteadiness(readings, weight, _stray(spent, driven / others), rate)
    is_current = _since_last_start(readings, starts_anew)
    clock = readings.select(is_current)
    return Driving(rate, usual, evidence, unsteadiness, clock, days[is_current])


def _stray(spent: Floats, expected: Floats) -> Floats:
    """Return the logarithm by which each interval took longer than expected, within what is usual at most."""
    stray: Floats = np.log((spent + SLACK_DAYS) / (expected + SLACK_DAYS))
    return np.clip(stray, -MOST_STRAY, MOST_STRAY)


def _unsteadiness(readings: Readings, weight: Floats, stray: Floats, rate: Floats) -> Floats:
    """Return how far intervals of each vehicle stray: its own, with what is usual at its rate, against USUAL_STRAY."""
    usual = np.clip(rate / NATIONAL_KM_PER_DAY, *STRAY_RATES) ** -STRAY_FALL
    own, count = _sums(readings, weight * (stray / USUAL_STRAY) ** 2), _sums(readings, weight)
    shown: Floats = np.sqrt((own + STRAY_INTERVALS * usual**2) / (count + STRAY_INTERVALS))
    return shown


def _sums(readings: Readings, of_intervals: Floats) -> Floats:
    """Return the sum over each vehicle's intervals."""
    return np.bincount(readings.vehicle[1:], weights=of_intervals, minlength=readings.vehicle_count).astype(
        np.float64
    )


def _ends(readings: Readings, days: Floats) -> tuple[Floats, Floats]:
    """Return each vehicle's first and last day; zero without readings."""
    first, last = np.zeros(readings.vehicle_count), np.zeros(readings.vehicle_count)
    last[readings.vehicle] = days  # of repeated places the last assignment stays
    first[readings.vehicle[::-1]] = days[::-1]
    return first, last


def _since_last_start(readings: Readings, starts_anew: Bools) -> Bools:
    """Return which readings belong to the odometer's present run."""
    if not starts_anew.any():
        return np.ones(len(readings), dtype=np.bool_)
    number = np.cumsum(starts_anew)
    newest = np.zeros(readings.vehicle_count, dtype=np.int64)
    newest[readings.vehicle] = number
    current: Bools = number == newest[readings.vehicle]
    return current
