"""Forecasts a second on one core: due dates of services, and dates of odometers from readings with typos.

Made-up vehicles of a dealership: 1 to 11 readings each, one reading in a hundred with a digit too many. What
is counted is everything from the readings as arrays to low, due, high and probability: sorting, judging,
learning the rate, the range. Reading rows and writing them is measured by the planning benchmark.
"""

import os
import time
from collections.abc import Callable

# One core, as the figure says: numpy's own threads would use the others.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402 -- the threads are decided at its import

from customers.logic.forecast.answers import Questions, answer  # noqa: E402
from customers.logic.forecast.driving import learn_driving  # noqa: E402
from customers.logic.forecast.due import ServiceCycles, forecast_due  # noqa: E402
from customers.logic.forecast.prior import NATIONAL_KM_PER_DAY  # noqa: E402
from customers.logic.forecast.quality import judge  # noqa: E402
from customers.logic.forecast.readings import sort_readings  # noqa: E402
from tools.bench.figure import Figure  # noqa: E402

VEHICLES = 100_000
SERVICES_A_VEHICLE = 2
TARGET_A_SECOND = 100_000
_ROUNDS = 5
_TODAY = 20_500
_TYPING_ERRORS = 0.01


def run() -> list[Figure]:
    questions = _questions(np.random.default_rng(1))
    due = VEHICLES * SERVICES_A_VEHICLE / _best(lambda: _due_dates(questions))
    answers = VEHICLES / _best(lambda: answer(questions))
    return [
        Figure(
            "due dates of services, from readings to range",
            due,
            "a second",
            due / TARGET_A_SECOND,
            "of target",
        ),
        Figure(
            "dates of odometers, from readings to range",
            answers,
            "a second",
            answers / TARGET_A_SECOND,
            "of target",
        ),
    ]


def _best(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest round: the others were disturbed by something."""
    seconds = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _questions(rng: np.random.Generator) -> Questions:
    """Return vehicles that drive 18,000 km a year more or less, seen every few weeks to every year."""
    vehicle = np.repeat(np.arange(VEHICLES), rng.integers(1, 12, VEHICLES))
    is_first = np.append(True, np.diff(vehicle) > 0)
    gap = np.where(is_first, 0, rng.integers(20, 400, len(vehicle)))
    rate = (np.exp(rng.normal(np.log(45), 0.5, VEHICLES)))[vehicle] * np.exp(rng.normal(0, 0.3, len(vehicle)))
    day, km = np.cumsum(gap), np.cumsum(gap * rate)
    starts = np.flatnonzero(is_first)[vehicle]
    day = day - day[starts] + 17_000
    km = km - km[starts] + rng.integers(0, 100_000, VEHICLES)[vehicle]
    is_last = np.append(np.diff(vehicle) > 0, True)
    asked = km[is_last] + 8_000
    return Questions(vehicle, day, np.where(rng.random(len(km)) < _TYPING_ERRORS, km * 10, km), asked)


def _due_dates(questions: Questions) -> None:
    """Forecast an oil change and an inspection for each vehicle, as a nightly refresh does."""
    readings, _ = sort_readings(questions.vehicle, questions.day, questions.km, vehicle_count=VEHICLES)
    judgement = judge(readings)
    good = judgement.is_good
    driving = learn_driving(
        readings.select(good),
        starts_anew=judgement.starts_anew[good],
        prior_km_per_day=np.full(VEHICLES, NATIONAL_KM_PER_DAY),
    )
    vehicle = np.repeat(np.arange(VEHICLES), SERVICES_A_VEHICLE)
    last = np.cumsum(readings.counts()) - 1
    cycles = ServiceCycles(
        vehicle=vehicle,
        cycle_day=readings.day[last][vehicle],
        interval_km=np.tile([8_000.0, np.nan], VEHICLES),
        interval_months=np.tile([6, 12], VEHICLES),
    )
    forecast_due(driving, cycles, today=_TODAY)
