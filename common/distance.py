"""Distances: kept in kilometres, shown in the unit of the dealership."""

from common.enums import DistanceUnit

KM_PER_MILE = 1.609344  # international mile, exact by definition


def to_km(value: float, unit: str) -> float:
    """Return `value`, read in `unit`, in kilometres."""
    return value * KM_PER_MILE if unit == DistanceUnit.MILES else value


def from_km(distance_km: float, unit: str) -> float:
    """Return a distance in kilometres in `unit`."""
    return distance_km / KM_PER_MILE if unit == DistanceUnit.MILES else distance_km
