"""How shipping systems estimate a driving rate, for comparison: see docs/forecast.md for who does which.

Each takes a vehicle's readings by date, uncleaned as these systems take them, and returns km a day.
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from statistics import median
from types import MappingProxyType
from typing import Final

from common.distance import KM_PER_MILE
from customers.logic.forecast.driving_calendar import DAYS_PER_YEAR

History = list[tuple[int, float]]  # day, km; by day

NATIONAL_DEFAULT: Final = 13_000 * KM_PER_MILE / DAYS_PER_YEAR  # the default rate of AutoVitals
# Steer maps the last two visits to a class and projects with the class's rate; it names 33 miles a day for
# "normal", the other classes and the edges are guesses.
_CLASSES_MILES_PER_DAY: Final = ((15, 10), (27, 20), (42, 33), (60, 50))
_HIGHEST_CLASS: Final = 75


def national_default(_: History) -> float:
    return NATIONAL_DEFAULT


def last_two(history: History) -> float:
    return _rate(history[-2], history[-1]) if len(history) > 1 else NATIONAL_DEFAULT


def mean_rate(history: History) -> float:
    return _rate(history[0], history[-1]) if len(history) > 1 else NATIONAL_DEFAULT


def theil_sen(history: History) -> float:
    """Return the median of the slopes between all pairs of readings."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(history, 2) if b[0] > a[0]]
    middle = median(slopes) if slopes else 0.0
    return middle if middle > 0 else NATIONAL_DEFAULT


def bucketed(history: History) -> float:
    per_day = last_two(history) / KM_PER_MILE
    classes = (rate for edge, rate in _CLASSES_MILES_PER_DAY if per_day < edge)
    return next(classes, _HIGHEST_CLASS) * KM_PER_MILE


def _rate(first: tuple[int, float], last: tuple[int, float]) -> float:
    days, driven = last[0] - first[0], last[1] - first[1]
    return driven / days if days > 0 and driven > 0 else NATIONAL_DEFAULT


USUAL_METHODS: Final[Mapping[str, Callable[[History], float]]] = MappingProxyType(
    {
        "National default": national_default,
        "Last two": last_two,
        "Mean": mean_rate,
        "Theil-Sen": theil_sen,
        "Bucketed": bucketed,
    }
)
