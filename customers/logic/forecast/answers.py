"""When odometers reach the values asked about: the whole way from raw readings to dates, for many questions."""

from dataclasses import dataclass

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats, Ints
from customers.logic.forecast.arrival import Arrivals, arrive
from customers.logic.forecast.driving import learn_driving
from customers.logic.forecast.due import HIGH, LOW, MIDDLE, whole_days_around
from customers.logic.forecast.likely_wait import Asked
from customers.logic.forecast.prior import NATIONAL_KM_PER_DAY
from customers.logic.forecast.quality import judge
from customers.logic.forecast.readings import sort_readings


@dataclass(frozen=True)
class Questions:
    """One question a vehicle: when does its odometer reach `asked_km`? Readings in any order, typos and all.

    shapes: vehicle, day, km (readings,), vehicle counting from 0; asked_km (vehicles,)
    """

    vehicle: Ints
    day: Ints
    km: Floats
    asked_km: Floats


@dataclass(frozen=True)
class Answers:
    """The day each odometer is reached, at 10, 50 and 90 %; nothing is known where no reading was usable.

    shapes: all (questions,); days since 1970-01-01
    """

    low: Ints
    median: Ints
    high: Ints
    is_known: Bools


def answer(questions: Questions) -> Answers:
    """Return when each odometer is reached, by the vehicle's readings and the national prior."""
    known, arrivals = arrivals_of(questions)
    median = np.rint(arrivals.quantile(MIDDLE)).astype(np.int64)
    low, high = whole_days_around(median, arrivals.quantile(LOW), arrivals.quantile(HIGH))
    return Answers(_spread_out(low, known), _spread_out(median, known), _spread_out(high, known), known)


def _spread_out(values: Ints, places: Bools) -> Ints:
    """Return the values at the marked places, zero elsewhere."""
    whole = np.zeros(len(places), dtype=np.int64)
    whole[places] = values
    return whole


def arrivals_of(questions: Questions) -> tuple[Bools, Arrivals]:
    """Return which questions can be answered, and for these the full distributions."""
    count = len(questions.asked_km)
    readings, _ = sort_readings(questions.vehicle, questions.day, questions.km, vehicle_count=count)
    judgement = judge(readings, asked_km=questions.asked_km)
    good = readings.select(judgement.is_good)
    latest = np.zeros(count)
    latest[good.vehicle] = good.km  # of repeated places the last assignment stays
    driving = learn_driving(
        good,
        starts_anew=judgement.starts_anew[judgement.is_good],
        prior_km_per_day=np.full(count, NATIONAL_KM_PER_DAY),
        asked=Asked(odometer_km=latest, ahead_km=questions.asked_km - latest),
    )
    known = good.counts() > 0
    return known, arrive(driving, vehicle=np.flatnonzero(known), km=questions.asked_km[known])
