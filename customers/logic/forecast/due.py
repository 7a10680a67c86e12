"""When a service is due: its distance or its months since it was last done, whichever comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Bools, Floats, Ints
from customers.logic.forecast.arrival import arrive, odometer_on
from customers.logic.forecast.driving import Driving
from customers.logic.forecast.driving_calendar import LAST_DAY, add_months

SOON_DAYS: Final = 30
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9

_NEVER: Final = LAST_DAY


@dataclass(frozen=True)
class ServiceCycles:
    """Services of vehicles with the day each cycle began and the limits that end it.

    shapes: all (services,); cycle_day in days since 1970-01-01; interval_km NaN and interval_months 0 where
    the service has no such limit (it has one of both)
    """

    vehicle: Ints
    cycle_day: Ints
    interval_km: Floats
    interval_months: Ints


@dataclass(frozen=True)
class DueDates:
    """When services are due, as days since 1970-01-01, and which limit is expected to come first.

    shapes: all (services,); low <= due <= high; probability_soon in 0..1
    """

    low: Ints
    due: Ints
    high: Ints
    probability_soon: Floats
    is_by_distance: Bools


def forecast_due(driving: Driving, cycles: ServiceCycles, *, today: int) -> DueDates:
    """Return when each service is due, at 10, 50 and 90 %, and how likely within 30 days of today.

    The distance starts from what the odometer showed, or by the readings around it must have shown, on the
    day the cycle began. The months are a fixed day; that day caps every quantile.
    """
    has_distance = ~np.isnan(cycles.interval_km)
    by_months = np.where(
        cycles.interval_months > 0, add_months(cycles.cycle_day, cycles.interval_months), _NEVER
    )
    started_km = odometer_on(driving, vehicle=cycles.vehicle, day=cycles.cycle_day)
    # A service without a distance limit is asked about its start, and the answer is not used.
    arrivals = arrive(
        driving, vehicle=cycles.vehicle, km=started_km + np.where(has_distance, cycles.interval_km, 0.0)
    )

    def first_limit(by_distance: Ints) -> Ints:
        return np.where(has_distance, np.minimum(by_distance, by_months), by_months)

    middle = np.rint(arrivals.quantile(MIDDLE)).astype(np.int64)
    low, high = whole_days_around(middle, arrivals.quantile(LOW), arrivals.quantile(HIGH))
    soon = np.full(len(cycles.vehicle), today + SOON_DAYS)
    probability = np.where(has_distance, arrivals.probability_by(soon), 0.0)
    return DueDates(
        low=first_limit(low),
        due=first_limit(middle),
        high=first_limit(high),
        probability_soon=np.where(by_months <= soon, 1.0, probability),
        is_by_distance=has_distance & (middle < by_months),
    )


def whole_days_around(middle: Ints, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """Return a range of days as whole days that hold the share the range stands for, with the middle inside.

    An event falls on a whole day, from half a day before it to half a day after: rounded outwards, a range of
    ten days would be one of eleven or twelve, and the 80 % range of a car read weekly would hold 90 %.
    """
    return (
        np.minimum(np.ceil(low).astype(np.int64), middle),
        np.maximum(np.floor(high).astype(np.int64), middle),
    )
