"""Forecasts of the dealership in scope: computed by chunks of vehicles, written in bulk."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.db import transaction

from common.batches import in_batches
from common.tenancy import current_dealership
from customers.logic.forecast.facts import DealershipFacts
from customers.logic.forecast.vehicles import forecast_vehicles
from customers.models import Vehicle
from customers.queries import forecast_facts
from customers.services import forecast_rows
from customers.signals import forecasts_refreshed

CHUNK_SIZE: Final = 5_000  # vehicles; some tens of megabytes of facts


def refresh(*, vehicle_ids: Sequence[int] | None, today: date) -> int:
    """Compute and store the forecasts of the vehicles, of all for None; returns how many are stored.

    Running twice gives the same rows. In one transaction a chunk: the verdicts on readings, the forecasts
    (those that no longer hold are deleted), `is_next` on each vehicle's earliest, and the signal
    `forecasts_refreshed`. Vehicles sold, scrapped, excluded or the dealership's own have no forecasts.
    """
    dealership = forecast_facts.dealership_facts(unit=current_dealership().distance_unit, today=today)
    return sum(_refresh_chunk(chunk, dealership, today=today) for chunk in _chunks(vehicle_ids))


@transaction.atomic
def _refresh_chunk(vehicle_ids: Sequence[int], dealership: DealershipFacts, *, today: date) -> int:
    _lock(vehicle_ids)
    chunk = forecast_facts.chunk_facts(vehicle_ids, today=today)
    forecast = forecast_vehicles(chunk, dealership, today=today)
    forecast_rows.store_verdicts(forecast.new_verdicts)
    forecast_rows.replace_forecasts(vehicle_ids, forecast.rows, today=today)
    forecasts_refreshed.send(
        sender=refresh, dealership_id=current_dealership().pk, vehicle_ids=list(vehicle_ids)
    )
    return len(forecast.rows)


def _lock(vehicle_ids: Sequence[int]) -> None:
    """Keep a second refresh of the same vehicles out: between the two, a vehicle could get two next services."""
    rows = Vehicle.objects.filter(id__in=vehicle_ids).order_by("id")
    list(rows.select_for_update(no_key=True).values_list("id", flat=True))


def _chunks(vehicle_ids: Sequence[int] | None) -> Iterator[list[int]]:
    """Yield the vehicles in chunks by id, a query each when all are wanted."""
    if vehicle_ids is not None:
        yield from in_batches(sorted(set(vehicle_ids)), size=CHUNK_SIZE)
        return
    last_id = 0
    while chunk := list(_ids_after(last_id)):
        yield chunk
        last_id = chunk[-1]


def _ids_after(last_id: int) -> Sequence[int]:
    ids = Vehicle.objects.filter(id__gt=last_id).order_by("id").values_list("id", flat=True)
    return list(ids[:CHUNK_SIZE])
