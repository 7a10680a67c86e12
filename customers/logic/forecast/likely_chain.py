"""Which readings of a doubtful history belong together: the best chain a real odometer could have shown.

Each reading has a weight; a chain may only go up, and not faster than a car can drive. The heaviest chain
wins: one typing error among good readings loses against them, whichever of two contradicting ones it is.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats, Ints

# A car on the road all year covers at most about this (120,000 km, 75,000 mi): couriers and taxis stay below.
MOST_KM_PER_DAY: Final = 330.0
# What a few days of a long trip may add between two readings close together.
TRIP_KM: Final = 1500.0
# How many readings in a row may be wrong between two good ones.
REACH: Final = 8

# Weights are in readings: a chain is worth one for each reading in it, less the doubts below.
_RESET_COST: Final = 2.05  # an odometer that starts anew (exchanged, rolled over): three readings must say so
_UNEVEN_COST: Final = (
    0.02  # per factor e below the most a car can drive: of two chains the more even one wins
)
_LATE_START_COST: Final = 0.1  # to leave out the first readings wins nothing over leaving out others
_NEWEST_COST: Final = 0.2  # nothing confirms the newest reading yet, so it never replaces an older one
_OLD_KM: Final = (
    480_000.0  # 300,000 mi: few cars get there, so of two contradicting readings it is the doubtful one
)
_OLD_COST: Final = 0.2
# The odometer that is asked about: a question about 46,000 km makes a reading of 410,000 the doubtful one.
_PASSED_COST: Final = 0.3
_FAR_AHEAD_KM: Final = 80_000.0
_BARRED: Final = -1e9


@dataclass(frozen=True)
class Histories:
    """Readings of doubtful vehicles as rows, padded at the end; `asked_km` is NaN where nothing is asked.

    shapes: day, km, is_reading (vehicles, most readings); asked_km (vehicles,)
    """

    day: Ints
    km: Floats
    is_reading: Bools
    asked_km: Floats


def likely_chain(histories: Histories) -> tuple[Bools, Bools]:
    """Return which readings belong to the likely chain, and which of these start the odometer anew.

    A newest reading that contradicts the one before it is set aside until others confirm it.

    shapes: both (vehicles, most readings)
    """
    weight, before, is_reset = _weigh(histories)
    last = np.argmax(weight + _doubt_of_end(histories), axis=1)
    return _walk_back(last, before, is_reset)


def _weigh(histories: Histories) -> tuple[Floats, Ints, Bools]:
    """Return for each reading the weight of the best chain ending there, its predecessor and whether it resets."""
    is_newest = np.cumsum(histories.is_reading, axis=1) == histories.is_reading.sum(axis=1, keepdims=True)
    own = 1.0 - _OLD_COST * (histories.km > _OLD_KM) - _NEWEST_COST * is_newest
    weight = np.where(histories.is_reading, own, _BARRED)
    before = np.full(histories.km.shape, -1, dtype=np.int64)
    is_reset = np.zeros(histories.km.shape, dtype=np.bool_)
    rows = np.arange(len(histories.km))
    for here in range(1, histories.km.shape[1]):
        window = slice(max(0, here - REACH), here)
        step, reset = _step_weights(histories, window, here)
        joined = weight[:, window] + step
        best = np.argmax(joined, axis=1)
        gain = joined[rows, best]
        joins = (gain > 0) & histories.is_reading[:, here]
        weight[:, here] += np.where(joins, gain, -_LATE_START_COST)
        before[:, here] = np.where(joins, best + window.start, -1)
        is_reset[:, here] = joins & reset[rows, best]
    return weight, before, is_reset


def _step_weights(histories: Histories, window: slice, here: int) -> tuple[Floats, Bools]:
    """Return what going from each reading in the window to this one costs, and whether it means a reset."""
    days = histories.day[:, here, None] - histories.day[:, window]
    driven = histories.km[:, here, None] - histories.km[:, window]
    is_reset = (driven < 0) & (days > 0)
    is_possible = (driven >= 0) & (driven <= MOST_KM_PER_DAY * days + TRIP_KM)
    # The logarithm is concave: the same way in even steps costs less than in a jump and a crawl.
    most = MOST_KM_PER_DAY * np.maximum(days, 0) + TRIP_KM
    unused = np.log(most / (np.maximum(driven, 0.0) + TRIP_KM))
    cost = np.where(is_possible, _UNEVEN_COST * unused, np.where(is_reset, _RESET_COST, -_BARRED))
    return -cost, is_reset


def _doubt_of_end(histories: Histories) -> Floats:
    """Return how unlikely each reading is as the latest, given the odometer that is asked about."""
    ahead = histories.asked_km[:, None] - histories.km
    with np.errstate(invalid="ignore"):  # NaN: nothing was asked, and every comparison is false
        is_doubtful = (ahead < 0) | (ahead > _FAR_AHEAD_KM)
    return np.where(is_doubtful, -_PASSED_COST, 0.0)


def _walk_back(last: Ints, before: Ints, is_reset: Bools) -> tuple[Bools, Bools]:
    """Return the chains that end at `last` as masks."""
    in_chain = np.zeros(before.shape, dtype=np.bool_)
    rows, here = np.arange(len(last)), last
    while len(rows):
        in_chain[rows, here] = True
        here = before[rows, here]
        rows, here = rows[here >= 0], here[here >= 0]
    return in_chain, in_chain & is_reset
