"""Which readings can be trusted, and what is wrong with the others. Nothing is thrown away: it is set aside."""

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from common.distance import KM_PER_MILE
from customers.enums import QuarantineReason
from customers.logic.forecast.arrays import Bools, Codes, Floats, Ints
from customers.logic.forecast.likely_chain import MOST_KM_PER_DAY, TRIP_KM, Histories, likely_chain
from customers.logic.forecast.readings import Readings

# No road car on record has been driven farther than about 5 million km; past 2 million it is a typing error.
MOST_KM: Final = 2_000_000.0

VERDICTS: Final = (
    QuarantineReason.NONE,
    QuarantineReason.IMPOSSIBLE,
    QuarantineReason.EXTRA_DIGIT,
    QuarantineReason.MISSING_DIGIT,
    QuarantineReason.WRONG_UNIT,
    QuarantineReason.BELOW_EARLIER,
    QuarantineReason.ABOVE_LATER,
    QuarantineReason.TOO_FAST,
)
T = TypeVar("T", bound=np.generic)

_GOOD, _IMPOSSIBLE, _EXTRA_DIGIT, _MISSING_DIGIT, _WRONG_UNIT, _BELOW_EARLIER, _ABOVE_LATER, _TOO_FAST = (
    range(8)
)

# The newest reading has none after it to confirm it. It is taken for a mix-up of units when it means driving
# this many times faster than before, at more than this a day, and would be ordinary in the other unit.
_JUMP_FACTOR: Final = 3.0
_JUMP_KM_PER_DAY: Final = 100.0
_ORDINARY_FACTOR: Final = 2.0
_HISTORY_DAYS: Final = 180
_OFTEN_KM_PER_DAY: Final = 100.0  # 36,500 km a year: twice the mean, not rare

_LEAST_SIZE: Final = 6  # histories below 2^6 readings share a table, longer ones one with those half as long


@dataclass(frozen=True)
class Judgement:
    """For each reading its verdict (an index into VERDICTS) and whether the odometer starts anew with it."""

    verdict: Codes
    starts_anew: Bools

    @property
    def is_good(self) -> Bools:
        good: Bools = self.verdict == _GOOD
        return good


def judge(readings: Readings, *, asked_km: Floats | None = None) -> Judgement:
    """Return which readings are good and why the others are set aside.

    A reading is set aside when no real odometer can have shown it together with the others: a digit too many
    or too few, miles for kilometres, lower than before, faster than a car drives. After three readings that
    agree with each other below the earlier ones, the odometer is taken for exchanged or rolled over.

    shapes: asked_km (vehicles,): the odometer a question is about, NaN or None for no question; it only
    decides between readings that contradict each other
    """
    verdict = np.where(_is_impossible(readings.km), _IMPOSSIBLE, _GOOD).astype(np.int8)
    starts_anew = np.zeros(len(readings), dtype=np.bool_)
    doubtful = _doubtful_vehicles(readings, verdict == _GOOD)
    if doubtful.any():
        asked = np.full(readings.vehicle_count, np.nan) if asked_km is None else asked_km
        _judge_doubtful(readings, np.flatnonzero(doubtful[readings.vehicle]), asked, verdict, starts_anew)
    _find_mixed_up_newest(readings, verdict, starts_anew)
    return Judgement(verdict, starts_anew)


def _is_impossible(km: Floats) -> Bools:
    return ~np.isfinite(km) | (km < 0) | (km > MOST_KM)


def _doubtful_vehicles(readings: Readings, is_possible: Bools) -> Bools:
    """Return which vehicles have two successive readings that cannot both be right."""
    vehicles = np.zeros(readings.vehicle_count, dtype=np.bool_)
    vehicles[readings.vehicle[~is_possible]] = True
    # An impossible value becomes NaN, which compares false; its vehicle is marked above.
    days, driven = np.diff(readings.day), np.diff(np.where(is_possible, readings.km, np.nan))
    fits = (driven >= 0) & (driven <= MOST_KM_PER_DAY * days + TRIP_KM)
    vehicles[readings.vehicle[1:][readings.same_vehicle() & ~fits]] = True
    return vehicles


def _judge_doubtful(
    readings: Readings, rows: Ints, asked_km: Floats, verdict: Codes, starts_anew: Bools
) -> None:
    """Write the verdicts of the readings at `rows`, all of doubtful vehicles, by the likely chain of each."""
    rows = rows[verdict[rows] == _GOOD]
    # In tables of vehicles with about as many readings: one long history would pad those of all others.
    size = np.frexp(readings.counts()[readings.vehicle[rows]])[1]
    for wanted in np.unique(np.maximum(size, _LEAST_SIZE)):
        mine = rows[np.maximum(size, _LEAST_SIZE) == wanted]
        _judge_by_chain(readings, mine, asked_km, verdict, starts_anew)


def _judge_by_chain(
    readings: Readings, rows: Ints, asked_km: Floats, verdict: Codes, starts_anew: Bools
) -> None:
    """Write the verdicts of the readings at `rows`, in one table."""
    # The same value twice on one day is one observation: entered twice it must not outvote the others.
    is_repeat = np.zeros(len(rows), dtype=np.bool_)
    vehicle, day, km = readings.vehicle[rows], readings.day[rows], readings.km[rows]
    is_repeat[1:] = (np.diff(vehicle) == 0) & (np.diff(day) == 0) & (np.diff(km) == 0)
    once = rows[~is_repeat]
    number, column, shape = _layout(readings.vehicle[once])
    padded = Histories(
        day=_pad(readings.day[once], number, column, shape),
        km=_pad(readings.km[once], number, column, shape),
        is_reading=_pad(np.ones(len(once), dtype=np.bool_), number, column, shape),
        asked_km=asked_km[np.unique(readings.vehicle[once])],
    )
    in_chain, is_reset = likely_chain(padded)
    starts_anew[once] = is_reset[number, column]
    reason = _reasons(padded, in_chain)
    verdict[rows] = reason[number, column][np.cumsum(~is_repeat) - 1]


def _layout(vehicle: Ints) -> tuple[Ints, Ints, tuple[int, int]]:
    """Return row and column of each reading in a table of one row a vehicle, and the table's shape."""
    _, start, number = np.unique(vehicle, return_index=True, return_inverse=True)
    column = np.arange(len(vehicle)) - start[number]
    return number, column, (len(start), int(column.max(initial=-1)) + 1)


def _pad(values: NDArray[T], number: Ints, column: Ints, shape: tuple[int, int]) -> NDArray[T]:
    table = np.zeros(shape, dtype=values.dtype)
    table[number, column] = values
    return table


def _reasons(histories: Histories, in_chain: Bools) -> Codes:
    """Return why each reading outside the chain was set aside; zero for those inside."""
    lowest, highest = _room(histories, in_chain)
    km = histories.km
    has_later = np.cumsum(in_chain[:, ::-1], axis=1)[:, ::-1] > 0

    def fits(value: Floats) -> Bools:
        inside: Bools = (value >= lowest) & (value <= highest)
        return inside

    reason = np.select(
        [
            in_chain | ~histories.is_reading,
            fits(km / 10),
            fits(km * 10),
            fits(km * KM_PER_MILE) | fits(km / KM_PER_MILE),
            km < lowest,
            has_later,
        ],
        [_GOOD, _EXTRA_DIGIT, _MISSING_DIGIT, _WRONG_UNIT, _BELOW_EARLIER, _ABOVE_LATER],
        _TOO_FAST,
    )
    return reason.astype(np.int8)


def _room(histories: Histories, in_chain: Bools) -> tuple[Floats, Floats]:
    """Return between which distances each reading would have fitted: those of its good neighbours.

    Without a good reading after it, a reading may lie ahead by what is often driven in the days between;
    without one before it, it may lie below by as much.
    """
    before, day_before = (_last_so_far(values, in_chain) for values in (histories.km, histories.day))
    after, day_after = (
        _last_so_far(values[:, ::-1], in_chain[:, ::-1])[:, ::-1] for values in (histories.km, histories.day)
    )
    back = TRIP_KM + _OFTEN_KM_PER_DAY * (day_after - histories.day)
    forth = TRIP_KM + _OFTEN_KM_PER_DAY * (histories.day - day_before)
    lowest = np.where(np.isnan(before), np.maximum(after - back, 0.0), before)
    highest = np.where(np.isnan(after), before + forth, after)
    return lowest, highest


def _last_so_far(values: Floats | Ints, in_chain: Bools) -> Floats:
    """Return for each place the value of the last member of the chain up to there, NaN before the first."""
    member = np.maximum.accumulate(np.where(in_chain, np.arange(in_chain.shape[1]), -1), axis=1)
    found = np.take_along_axis(values, np.maximum(member, 0), axis=1)
    return np.where(member < 0, np.nan, found)


def _find_mixed_up_newest(readings: Readings, verdict: Codes, starts_anew: Bools) -> None:
    """Set aside a vehicle's newest reading where it is plainly of the other unit: see `_JUMP_FACTOR`."""
    good = np.flatnonzero(verdict == _GOOD)
    kept = readings.select(verdict == _GOOD)
    newest = np.flatnonzero(np.append(~kept.same_vehicle(), True)) if len(kept) else np.zeros(0, np.int64)
    counts = kept.counts()[kept.vehicle[newest]]
    newest = newest[counts >= 3]  # noqa: PLR2004 -- two intervals: one to compare with
    oldest = newest - kept.counts()[kept.vehicle[newest]] + 1
    history_days = kept.day[newest - 1] - kept.day[oldest]
    pace = (kept.km[newest - 1] - kept.km[oldest]) / np.maximum(history_days, 1)
    days = np.maximum(kept.day[newest] - kept.day[newest - 1], 1)
    jump = (kept.km[newest] - kept.km[newest - 1]) / days
    in_miles = (kept.km[newest] / KM_PER_MILE - kept.km[newest - 1]) / days
    is_mixed_up = (
        (history_days >= _HISTORY_DAYS)
        & (jump > _JUMP_KM_PER_DAY)
        & (jump > _JUMP_FACTOR * pace)
        & (in_miles >= 0)
        & (in_miles <= _ORDINARY_FACTOR * pace)
    )
    verdict[good[newest[is_mixed_up]]] = _WRONG_UNIT
    starts_anew[good[newest[is_mixed_up]]] = False
