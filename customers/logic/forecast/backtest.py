"""Rolling-origin back-test: at every past reading, ask when the next one's odometer will be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.answers import Questions, arrivals_of
from customers.logic.forecast.arrays import Bools, Floats, Ints
from customers.logic.forecast.arrival import FARTHEST_DAYS
from customers.logic.forecast.due import MIDDLE, whole_days_around
from customers.logic.forecast.quality import judge
from customers.logic.forecast.readings import sort_readings
from customers.logic.forecast.usual_methods import USUAL_METHODS, History

OURS: Final = "Anticipate"
RANGES: Final = (0.5, 0.8, 0.9)
_LONG_SILENCE_DAYS: Final = 365


@dataclass(frozen=True)
class VehicleHistory:
    """A vehicle's readings as recorded, by date, and whether it is a fleet's."""

    readings: History
    is_fleet: bool = False


@dataclass(frozen=True)
class Origin:
    """A past moment: what was known then, and when the next reading came with which odometer."""

    known: History
    next_day: int
    next_km: float
    is_fleet: bool

    @property
    def days(self) -> int:
        return len({day for day, _ in self.known})


@dataclass(frozen=True)
class Slice:
    """The outcome over a part of the origins: errors in days by method, ours first, and our coverage."""

    name: str
    origins: int
    mean_error: Mapping[str, float]
    median_error: Mapping[str, float]
    p90_error: Mapping[str, float]
    coverage: Mapping[float, float]


def rolling_origins(histories: Sequence[VehicleHistory]) -> list[Origin]:
    """Return a question for each date with a later reading that is higher.

    What comes next is taken for true only where hindsight finds the reading good; what was known is left
    as it was recorded, typing errors included. Further readings of the same day are no question.
    """
    return [origin for history in histories for origin in _origins(history)]


def _origins(history: VehicleHistory) -> list[Origin]:
    readings = sorted(history.readings)
    good = _good_in_hindsight(readings)
    origins, shown_km = [], -1.0
    for end, (day, km) in enumerate(readings):
        if not good[end]:
            continue
        if end and day > readings[end - 1][0] and km > shown_km >= 0:
            origins.append(Origin(readings[:end], day, km, history.is_fleet))
        shown_km = km
    return origins


def _good_in_hindsight(readings: History) -> Bools:
    day = np.array([day for day, _ in readings], dtype=np.int64)
    km = np.array([km for _, km in readings], dtype=np.float64)
    ordered, place = sort_readings(np.zeros(len(readings), dtype=np.int64), day, km, vehicle_count=1)
    good = np.zeros(len(readings), dtype=np.bool_)
    good[place] = judge(ordered).is_good
    return good


def backtest(origins: Sequence[Origin]) -> list[Slice]:
    """Return the errors and the coverage over all origins and over each slice that has any."""
    known, arrivals = arrivals_of(_questions(origins))
    asked = [origin for origin, is_known in zip(origins, known, strict=True) if is_known]
    actual = np.array([origin.next_day for origin in asked], dtype=np.int64)
    last = np.array([origin.known[-1][0] for origin in asked], dtype=np.int64)
    middle = np.rint(arrivals.quantile(MIDDLE)).astype(np.int64)
    errors = {OURS: np.abs(middle - actual).astype(np.float64)}
    for name, rate_of in USUAL_METHODS.items():
        ahead = [(o.next_km - o.known[-1][1]) / rate_of(_one_a_day(o.known)) for o in asked]
        errors[name] = np.abs(np.rint(last + np.minimum(ahead, FARTHEST_DAYS)) - actual)
    covered = {}
    for level in RANGES:
        edges = (arrivals.quantile(MIDDLE + side * level / 2) for side in (-1, 1))
        low, high = whole_days_around(middle, *edges)
        covered[level] = (low <= actual) & (actual <= high)
    return [
        _slice(name, members, errors, covered)
        for name, members in _members(asked, actual - last).items()
        if members.any()
    ]


def _one_a_day(known: History) -> History:
    """Return the last reading of each day: a retest or a second line of one visit is no second visit."""
    return list(dict(known).items())


def _questions(origins: Sequence[Origin]) -> Questions:
    return Questions(
        vehicle=np.array([i for i, o in enumerate(origins) for _ in o.known], dtype=np.int64),
        day=np.array([day for o in origins for day, _ in o.known], dtype=np.int64),
        km=np.array([km for o in origins for _, km in o.known], dtype=np.float64),
        asked_km=np.array([o.next_km for o in origins], dtype=np.float64),
    )


def _members(origins: Sequence[Origin], silence: Ints) -> dict[str, Bools]:
    """Return which origins belong to each slice."""
    days = np.array([origin.days for origin in origins])
    is_fleet = np.array([origin.is_fleet for origin in origins], dtype=np.bool_)
    return {
        "All": np.ones(len(origins), dtype=np.bool_),
        "1 reading": days == 1,
        "2 readings": days == 2,  # noqa: PLR2004 -- as the slice's name says
        "3 or more": days > 2,  # noqa: PLR2004 -- as the slice's name says
        "Private": ~is_fleet,
        "Fleet": is_fleet,
        "Silent over a year": silence > _LONG_SILENCE_DAYS,
    }


def _slice(name: str, members: Bools, errors: Mapping[str, Floats], covered: Mapping[float, Bools]) -> Slice:
    mine = {method: error[members] for method, error in errors.items()}
    return Slice(
        name=name,
        origins=int(members.sum()),
        mean_error={method: float(error.mean()) for method, error in mine.items()},
        median_error={method: float(np.median(error)) for method, error in mine.items()},
        p90_error={method: float(np.quantile(error, 0.9)) for method, error in mine.items()},
        coverage={level: float(inside[members].mean()) for level, inside in covered.items()},
    )
