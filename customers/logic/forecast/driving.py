"""How much each vehicle is driven: what its readings say, recent ones first, with what the prior says."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats
from customers.logic.forecast.driving_calendar import to_driving_days
from customers.logic.forecast.kinds import likely_driving
from customers.logic.forecast.readings import Readings

# The prior counts as if the vehicle had driven at that rate for so many days before its first reading.
# Small: one interval of a month already outweighs it. source: docs/forecast.md, "How the constants were set"
PRIOR_DAYS: Final = 12.0
# A day of driving counts for 1/e as much after so many days: habits change, the last two years matter most.
MEMORY_DAYS: Final = 600.0
# Any event can be late by a few days in the workshop, however near it is.
SLACK_DAYS: Final = 6.0
# How far the length of an interval usually strays from what the rate says (spread of its logarithm), and how
# many intervals that experience counts for against the vehicle's own.
USUAL_STRAY: Final = 0.4
STRAY_INTERVALS: Final = 1.0
STRAY_MEMORY_DAYS: Final = 1400.0
# No vehicle is expected to stand still for ever: the least rate, as a share of the prior's.
_LEAST_SHARE: Final = 0.02


@dataclass(frozen=True)
class Driving:
    """The driving of vehicles 0..n-1, per driving day (free of seasons).

    `usual_km_per_day` is what its kind of vehicle is driven and `usual_spread` how sure that is (standard
    deviation of the logarithm). `evidence_days` is the weight of the rate in days, PRIOR_DAYS where nothing was read. `unsteadiness` says
    how much more its intervals have strayed from the rate than usual: 1 is usual. `clock` are the
    good readings since the odometer last started anew, `clock_days` their driving days: where each
    vehicle's odometer has been.

    shapes: all of the first five (vehicles,); clock_days (len(clock),)
    """

    km_per_day: Floats
    usual_km_per_day: Floats
    usual_spread: Floats
    evidence_days: Floats
    unsteadiness: Floats
    clock: Readings
    clock_days: Floats


def learn_driving(
    readings: Readings, *, starts_anew: Bools, prior_km_per_day: Floats, hints: Floats | None = None
) -> Driving:
    """Return each vehicle's rate from its good readings.

    The rate is distance over days, both weighted by recency, so that an interval of two days between test
    and retest counts as two days, whatever happened on them. Lower readings can only lower it. `hints` are
    those of `kinds.question_hints`, where a question gave any.
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
    usual = likely_driving(prior_km_per_day, days=shown_days, km=shown_km, hints=hints)
    evidence = prior_days + shown_days
    rate = (prior_days * usual.km_per_day + shown_km) / evidence
    rate = np.maximum(rate, _LEAST_SHARE * prior_km_per_day)
    unsteadiness = _unsteadiness(readings, spent, driven / rate[readings.vehicle[1:]], age)
    is_current = _since_last_start(readings, starts_anew)
    clock = readings.select(is_current)
    return Driving(rate, usual.km_per_day, usual.spread, evidence, unsteadiness, clock, days[is_current])


def _unsteadiness(readings: Readings, spent: Floats, expected: Floats, age: Floats) -> Floats:
    """Return how much the intervals of each vehicle stray from its own rate, against what is usual.

    One interval cannot stray from the rate it made, so it counts for nothing.
    """
    stray = np.log((spent + SLACK_DAYS) / (expected + SLACK_DAYS))
    weight = np.where(spent > 0, np.exp(age / STRAY_MEMORY_DAYS), 0.0)
    own = _sums(readings, weight * stray**2)
    count = np.maximum(_sums(readings, weight) - 1.0, 0.0)
    usual = STRAY_INTERVALS * USUAL_STRAY**2
    shown: Floats = np.sqrt((own + usual) / (count + STRAY_INTERVALS)) / USUAL_STRAY
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
