"""The rate to expect of each vehicle of a chunk, from a sample of the dealership's vehicles."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Floats, Ints
from customers.logic.forecast.driving import learn_driving
from customers.logic.forecast.driving_calendar import day_number
from customers.logic.forecast.facts import (
    ChunkFacts,
    DealershipFacts,
    ReadingFacts,
    SampleVehicle,
    VehicleFacts,
)
from customers.logic.forecast.prior import (
    NATIONAL_KM_PER_DAY,
    UNKNOWN_AGE,
    FleetExperience,
    age_band,
    similar_vehicles_prior,
)
from customers.logic.forecast.quality import judge
from customers.logic.forecast.readings import Readings, sort_readings

# A vehicle tells how its kind is driven when it was watched for a quarter of a year...
_LEAST_DAYS: Final = 90
# ...and drove between a twentieth of the national mean and ten times as much; else its readings are wrong.
_PLAUSIBLE: Final = (0.05, 10.0)


def as_arrays(vehicles: Sequence[VehicleFacts], readings: Sequence[ReadingFacts]) -> tuple[Readings, Ints]:
    """Return the readings as arrays, vehicles numbered as given, and the place of each in what was given."""
    places = {vehicle.id: place for place, vehicle in enumerate(vehicles)}
    return sort_readings(
        np.array([places[reading.vehicle_id] for reading in readings], dtype=np.int64),
        np.array([day_number(reading.read_on) for reading in readings], dtype=np.int64),
        np.array([reading.km for reading in readings], dtype=np.float64),
        vehicle_count=len(vehicles),
    )


def shown_driving(vehicles: Sequence[VehicleFacts], readings: Readings) -> list[SampleVehicle]:
    """Return the vehicles that were watched long enough to tell how their kind is driven, and how much.

    Judges the readings itself, so that it does not matter whether they have been judged before.
    """
    judgement = judge(readings)
    good = readings.select(judgement.is_good)
    driving = learn_driving(
        good,
        starts_anew=judgement.starts_anew[judgement.is_good],
        prior_km_per_day=np.full(len(vehicles), NATIONAL_KM_PER_DAY),
    )
    least, most = (share * NATIONAL_KM_PER_DAY for share in _PLAUSIBLE)
    return [
        SampleVehicle(vehicle.make, vehicle.year, rate)
        for vehicle, rate, evidence in zip(
            vehicles, driving.km_per_day.tolist(), driving.evidence_days.tolist(), strict=True
        )
        if evidence >= _LEAST_DAYS and least <= rate <= most
    ]


def prior_rates(chunk: ChunkFacts, dealership: DealershipFacts, *, today: date) -> Floats:
    """Return the distance a day to expect of each vehicle of the chunk before it has shown anything."""
    makes, sample_makes = _numbered(
        (vehicle.make for vehicle in chunk.vehicles), (vehicle.make for vehicle in dealership.sample)
    )
    experience = FleetExperience(
        km_per_day=np.array([vehicle.km_per_day for vehicle in dealership.sample], dtype=np.float64),
        make=sample_makes,
        age_band=_age_bands((vehicle.year for vehicle in dealership.sample), today),
    )
    bands = _age_bands((vehicle.year for vehicle in chunk.vehicles), today)
    return similar_vehicles_prior(experience, make=makes, band=bands)


def _age_bands(years: Iterable[int | None], today: date) -> Ints:
    ages = [max(today.year - year, 0) if year else UNKNOWN_AGE for year in years]
    return age_band(np.array(ages, dtype=np.int64))


def _numbered(*groups: Iterable[str]) -> tuple[Ints, ...]:
    """Return the makes as numbers, the same for the same make however it is written."""
    numbers: dict[str, int] = {}
    return tuple(
        np.array(
            [numbers.setdefault(name.casefold().strip(), len(numbers)) for name in group], dtype=np.int64
        )
        for group in groups
    )
