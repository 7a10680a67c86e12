"""When a vehicle's odometer reaches a value: a day with its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats, Ints
from customers.logic.forecast.driving import PRIOR_DAYS, SLACK_DAYS, Driving
from customers.logic.forecast.driving_calendar import from_driving_days, to_driving_days
from customers.logic.forecast.normal import error_function, normal_probability, normal_quantile
from customers.logic.forecast.readings import Readings

# Habits hold for about a year, then drift towards those of similar vehicles (another commute, another owner):
# at t days ahead, exp(-(t/this)^2) of what sets the vehicle apart is left. Without this a car that stood still
# for a year is never due again. source: docs/forecast.md, "How the constants were set"
HABIT_DAYS: Final = 750.0
# Spread of the logarithm of the days ahead (plus slack) for a vehicle as unsteady as usual with a long history,
# sooner and later. Later is wider: nothing keeps a car from standing still.
# source: docs/forecast.md, "How the constants were set"
KNOWN_SPREAD: Final = (0.39, 0.48)
FARTHEST_DAYS: Final = 40 * 365.0
_FARTHEST_KM: Final = 1e8  # whoever asks beyond has mistyped; the arithmetic need not overflow for it

_NEWTON_STEPS: Final = 8
_HALF_ROOT_PI: Final = math.sqrt(math.pi) / 2
_EDGE: Final = 0.95  # the range of days given for a value passed before the first reading
_STRETCH: Final = 8e6  # more than any odometer's kilometres and any calendar's days


@dataclass(frozen=True)
class Arrivals:
    """Days on which odometer values are reached, as distributions: split log-normal ahead of the last reading.

    A value already passed lies between two readings and is spread evenly over the days between them.

    shapes: all (questions,), in driving days; sooner, later: standard deviations of log(days ahead + slack);
    passed_low, passed, passed_high: earliest, middle and latest day where is_passed
    """

    from_days: Floats
    ahead: Floats
    sooner: Floats
    later: Floats
    is_passed: Bools
    passed_low: Floats
    passed: Floats
    passed_high: Floats

    def quantile(self, probability: float) -> Floats:
        """Return the day, with its fraction, before which the value is reached with this probability."""
        z = normal_quantile(probability)
        spread = self.sooner if z < 0 else self.later
        ahead = (self.ahead + SLACK_DAYS) * np.exp(z * spread) - SLACK_DAYS
        day = self.from_days + np.clip(ahead, 0.0, FARTHEST_DAYS)
        if self.is_passed.any():
            day = np.where(self.is_passed, self._passed_quantile(probability), day)
        return from_driving_days(day)

    def probability_by(self, day: Ints) -> Floats:
        """Return how likely each value is reached on or before each day."""
        ahead = to_driving_days(day + 1) - self.from_days
        ratio = np.log(np.maximum(ahead + SLACK_DAYS, 1e-9) / (self.ahead + SLACK_DAYS))
        chance = normal_probability(ratio / np.where(ratio < 0, self.sooner, self.later))
        chance = np.where(ahead < 0, 0.0, chance)
        return np.where(self.is_passed, ahead + self.from_days > self.passed, chance)

    def _passed_quantile(self, probability: float) -> Floats:
        sooner = self.passed_low + (self.passed - self.passed_low) * 2 * probability
        later = self.passed + (self.passed_high - self.passed) * (2 * probability - 1)
        return sooner if probability < 0.5 else later  # noqa: PLR2004 -- the middle


def arrive(driving: Driving, *, vehicle: Ints, km: Floats) -> Arrivals:
    """Return when each vehicle's odometer reaches each value.

    Every vehicle asked about has at least one good reading. Of a value the odometer shows already, the
    answer is when it was passed.

    shapes: vehicle, km (questions,); a vehicle may be asked about many times
    """
    clock, days = driving.clock, driving.clock_days
    end = np.cumsum(clock.counts())[vehicle] - 1
    rate, usual = driving.km_per_day[vehicle], driving.usual.km_per_day[vehicle]
    left = np.minimum(km - clock.km[end], _FARTHEST_KM)
    ahead = _days_to_drive(np.maximum(left, 0.0), rate, usual)
    sooner, later = (spread[vehicle] for spread in _spreads(driving))
    is_passed = left < 0
    passed_low, passed, passed_high = days[end].copy(), days[end].copy(), days[end].copy()
    if is_passed.any():
        asked = np.flatnonzero(is_passed)
        passed_low[asked], passed[asked], passed_high[asked] = _passing(
            driving, vehicle[asked], km[asked], sooner[asked], later[asked]
        )
    return Arrivals(days[end], ahead, sooner, later, is_passed, passed_low, passed, passed_high)


def odometer_on(driving: Driving, *, vehicle: Ints, day: Ints) -> Floats:
    """Return what each vehicle's odometer showed or will show on each day: between readings by the straight line."""
    days = to_driving_days(day)
    before, after = _neighbours(driving.clock, driving.clock_days, vehicle, days)
    shown, shown_on = driving.clock.km, driving.clock_days
    rate = driving.km_per_day[vehicle]
    span = shown_on[after] - shown_on[before]
    slope = np.where(span > 0, (shown[after] - shown[before]) / np.maximum(span, 1e-9), rate)
    return shown[before] + slope * (days - shown_on[before])


def _days_to_drive(km: Floats, rate: Floats, usual: Floats) -> Floats:
    """Return in how many driving days each distance is driven, the rate drifting towards the usual one.

    The rate on day t is usual + (rate-usual)*exp(-(t/HABIT_DAYS)^2); Newton's method on its integral, from
    the smaller of the two plain quotients. The integral is concave for a fast driver, convex for a slow one:
    it closes in from one side and never oscillates, so that a fixed small number of steps will do.
    """
    t = km / np.maximum(rate, usual)
    gap = rate - usual
    for _ in range(_NEWTON_STEPS):
        x = t / HABIT_DAYS
        driven = usual * t + gap * HABIT_DAYS * _HALF_ROOT_PI * error_function(x)
        t = np.clip(t + (km - driven) / (usual + gap * np.exp(-x * x)), 0.0, 10 * FARTHEST_DAYS)
    return t


def _spreads(driving: Driving) -> tuple[Floats, Floats]:
    """Return the standard deviations sooner and later, between those of no and of a long history.

    What the kind's rate adds to the vehicle's own weighs `unknown`, its variance that squared.
    """
    unknown = np.clip(PRIOR_DAYS / driving.evidence_days, 0.0, 1.0)
    sooner, later = (
        np.sqrt((known * driving.unsteadiness) ** 2 * (1.0 - unknown) + (none * unknown) ** 2)
        for known, none in zip(KNOWN_SPREAD, (driving.usual.sooner, driving.usual.later), strict=True)
    )
    return sooner, later


def _passing(
    driving: Driving, vehicle: Ints, km: Floats, sooner: Floats, later: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return between which days, and most likely when, each value already shown was passed."""
    clock, days = driving.clock, driving.clock_days
    before, after = _neighbours(clock, clock.km, vehicle, km)
    span = clock.km[after] - clock.km[before]
    share = np.where(span > 0, (km - clock.km[before]) / np.maximum(span, 1e-9), 0.0)
    between = days[before] + share * (days[after] - days[before])
    # Before the first reading: back from it at the vehicle's rate.
    back = (clock.km[before] - km) / driving.km_per_day[vehicle]
    is_older = back > 0
    z = normal_quantile(_EDGE)
    older = [
        days[before] - np.minimum(back * stretch, FARTHEST_DAYS)
        for stretch in (np.exp(z * later), 1.0, np.exp(-z * sooner))
    ]
    known = [days[before], between, days[after]]
    low, middle, high = (np.where(is_older, old, new) for old, new in zip(older, known, strict=True))
    return low, middle, high


def _neighbours(clock: Readings, by: Floats, vehicle: Ints, value: Floats) -> tuple[Ints, Ints]:
    """Return the readings of each vehicle around a value of `by`, which ascends within a vehicle.

    Both are the first reading where the value lies before it, both the last where it lies after it. One
    search serves all vehicles: each has a stretch of the number line of its own.
    """
    count = clock.counts()
    last = np.cumsum(count) - 1
    first = last - count + 1
    keys = clock.vehicle * _STRETCH + by
    wanted = vehicle * _STRETCH + np.clip(value, -_STRETCH / 4, _STRETCH / 2)
    found = np.searchsorted(keys, wanted, side="left")
    after = np.clip(found, first[vehicle], last[vehicle])
    before = np.clip(found - 1, first[vehicle], last[vehicle])
    return before, after
