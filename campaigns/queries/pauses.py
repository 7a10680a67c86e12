"""What keeps reminders back until an advisor has settled it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from campaigns.models import Pause


@dataclass(frozen=True, slots=True)
class Paused:
    """Who waits for an advisor, and which owners say that they sold which of their vehicles."""

    waiting: frozenset[int]
    said_sold: frozenset[tuple[int, int]]  # (customer, vehicle)


@dataclass(frozen=True, slots=True)
class SaidSold:
    """A vehicle whose owner says that they sold it."""

    vehicle_id: int
    vehicle: str
    since: datetime


def read_paused(customer_ids: Collection[int] | None = None) -> Paused:
    """Return what is paused in the dealership, or for some of its customers. Queries: 1.

    All of them is a handful: an advisor ends each.
    """
    found = Pause.objects.filter(ended_at=None)
    if customer_ids is not None:
        found = found.filter(customer_id__any_of=list(customer_ids))
    rows = list(found.values_list("customer_id", "vehicle_id"))
    return Paused(
        waiting=frozenset(customer for customer, vehicle in rows if vehicle is None),
        said_sold=frozenset((customer, vehicle) for customer, vehicle in rows if vehicle is not None),
    )


def said_sold_by(customer_id: int) -> list[SaidSold]:
    """Return the vehicles a customer says they sold and that are still theirs here, the first said first."""
    found = Pause.objects.filter(
        customer_id=customer_id, ended_at=None, vehicle__customer_id=F("customer_id")
    ).select_related("vehicle")
    return [
        SaidSold(pause.vehicle.pk, str(pause.vehicle), pause.since)
        for pause in found.order_by("since", "pk")
        if pause.vehicle is not None
    ]
