"""Odometer readings of many vehicles as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Readings:
    """Readings of vehicles 0..vehicle_count-1, in order of vehicle, day and distance.

    shapes: vehicle, day, km of equal length; day in days since 1970-01-01, km as the odometer says
    """

    vehicle: Ints
    day: Ints
    km: Floats
    vehicle_count: int

    def __len__(self) -> int:
        return len(self.vehicle)

    def select(self, wanted: Bools) -> Readings:
        """Return only the wanted readings, of as many vehicles as before."""
        return Readings(self.vehicle[wanted], self.day[wanted], self.km[wanted], self.vehicle_count)

    def counts(self) -> Ints:
        """Return how many readings each vehicle has."""
        return np.bincount(self.vehicle, minlength=self.vehicle_count)

    def same_vehicle(self) -> Bools:
        """Return, for each reading but the first, whether the one before is of the same vehicle."""
        same: Bools = self.vehicle[1:] == self.vehicle[:-1]
        return same


def sort_readings(vehicle: Ints, day: Ints, km: Floats, *, vehicle_count: int) -> tuple[Readings, Ints]:
    """Return the readings in order and, for each, its place in the arrays that were given.

    The place brings verdicts back to the rows: `given[place] = verdict`.
    """
    if _is_sorted(vehicle, day, km):
        return Readings(vehicle, day, km, vehicle_count), np.arange(len(vehicle))
    place = np.lexsort((km, day, vehicle))
    return Readings(vehicle[place], day[place], km[place], vehicle_count), place


def _is_sorted(vehicle: Ints, day: Ints, km: Floats) -> bool:
    """Tell whether nothing need be moved; a dealership's rows mostly come from the database in order."""
    same_vehicle = vehicle[1:] == vehicle[:-1]
    same_day = same_vehicle & (day[1:] == day[:-1])
    ascending = (
        (vehicle[1:] > vehicle[:-1])
        | (same_vehicle & (day[1:] > day[:-1]))
        | (same_day & (km[1:] >= km[:-1]))
    )
    return bool(ascending.all())
