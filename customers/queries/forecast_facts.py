"""What a forecast is made from: vehicles, readings, the last time each service was done. Few queries a chunk."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import Max

from customers.enums import LineOutcome, VehicleStatus, VisitStatus
from customers.logic.forecast.facts import (
    ChunkFacts,
    DealershipFacts,
    MenuService,
    ReadingFacts,
    VehicleFacts,
)
from customers.logic.forecast.relevance import VehicleRecord
from customers.logic.forecast.similar import as_arrays, shown_driving
from customers.models import OdometerReading, Service, Vehicle, Visit, VisitLine

# The newest vehicles stand for the dealership: enough for every make it sells, at a fixed cost a refresh.
SAMPLE_SIZE = 2_000


def dealership_facts(*, unit: str, today: date) -> DealershipFacts:
    """Return what the forecasts of all vehicles share; distances are told in `unit`."""
    newest = Vehicle.objects.order_by("-id").values_list("id", flat=True)[:SAMPLE_SIZE]
    vehicles = forecastable_vehicles(list(newest))
    readings = readings_until(today, vehicle_ids=[vehicle.id for vehicle in vehicles])
    arrays, _ = as_arrays(vehicles, readings)
    return DealershipFacts(menu=active_menu(), sample=shown_driving(vehicles, arrays), unit=unit)


def chunk_facts(vehicle_ids: Sequence[int], *, today: date) -> ChunkFacts:
    """Return the facts of those of the vehicles that can be reminded, as of today."""
    vehicles = forecastable_vehicles(vehicle_ids)
    ids = [vehicle.id for vehicle in vehicles]
    return ChunkFacts(
        vehicles=vehicles,
        readings=readings_until(today, vehicle_ids=ids),
        records=records_until(today, vehicle_ids=ids),
    )


def forecastable_vehicles(vehicle_ids: Sequence[int]) -> list[VehicleFacts]:
    """Return those of the vehicles that are on the road and not the dealership's own, by id."""
    rows = Vehicle.objects.filter(id__in=vehicle_ids, status=VehicleStatus.ACTIVE, is_internal=False)
    return [VehicleFacts(*row) for row in rows.order_by("id").values_list("id", "make", "year")]


def readings_until(today: date, *, vehicle_ids: Sequence[int]) -> list[ReadingFacts]:
    """Return the vehicles' readings, by vehicle, day and distance; those dated ahead of today are left out."""
    rows = OdometerReading.objects.filter(vehicle_id__in=vehicle_ids, read_on__lte=today)
    fields = ("id", "vehicle_id", "read_on", "distance_km", "quality_reason")
    return [
        ReadingFacts(*row)
        for row in rows.order_by("vehicle_id", "read_on", "distance_km").values_list(*fields)
    ]


def records_until(today: date, *, vehicle_ids: Sequence[int]) -> dict[int, VehicleRecord]:
    """Return by vehicle its last visit and when each service was last performed; void visits do not count.

    A visit counts from the day it was opened, which does not change when the repair order is closed: the
    cycle keeps its identity.
    """
    visits = Visit.objects.filter(vehicle_id__in=vehicle_ids, opened_on__lte=today).exclude(
        status=VisitStatus.VOID
    )
    last_visits = dict(visits.values_list("vehicle_id").annotate(last=Max("opened_on")).order_by())
    performed = VisitLine.objects.filter(
        visit__in=visits, outcome=LineOutcome.PERFORMED, service__isnull=False
    )
    done = (
        performed.values_list("visit__vehicle_id", "service_id")
        .annotate(last=Max("visit__opened_on"))
        .order_by("visit__vehicle_id")
    )
    by_vehicle = {
        vehicle_id: {service_id: last for _, service_id, last in rows}
        for vehicle_id, rows in groupby(done, key=itemgetter(0))
    }
    return {
        vehicle_id: VehicleRecord(last, by_vehicle.get(vehicle_id, {}))
        for vehicle_id, last in last_visits.items()
    }


def active_menu() -> list[MenuService]:
    """Return the services that are forecast, in the order of the menu."""
    fields = ("id", "code", "name", "interval_distance", "interval_unit", "interval_months")
    return [MenuService(*row) for row in Service.objects.filter(is_active=True).values_list(*fields)]
