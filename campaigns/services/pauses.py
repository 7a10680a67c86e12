"""Keeps reminders back while a person has to settle something; each function may be repeated.

They lock the customer before enrolments, as everything that acts for one. The dispatcher locks the customer too, so
that a reminder decided at the same moment is either out before or kept back.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from campaigns.enums import PauseReason
from campaigns.models import Pause
from campaigns.services import endings
from common.tenancy import current_dealership
from customers.enums import VehicleStatus
from customers.models import Customer, Vehicle
from customers.signals import vehicle_status_changed
from dealerships.models import User
from dealerships.services import log


@transaction.atomic
def wait_for_advisor(customer_id: int, *, now: datetime) -> None:
    """Keep all reminders to a customer back until an advisor has answered them."""
    _lock(customer_id)
    _open(customer_id, [None], reason=PauseReason.WAITS_FOR_ADVISOR, now=now)
    endings.pause_customers([customer_id], now=now)


@transaction.atomic
def advisor_spoke(customer_id: int, *, now: datetime) -> None:
    """Let a customer's pause count from now: an advisor has answered them or closed the thread.

    Reminders that begin or go on meanwhile are held as well; where nobody waited, only what was paused anyway.
    """
    _lock(customer_id)
    waited = Pause.objects.filter(customer_id=customer_id, vehicle=None, ended_at=None).update(ended_at=now)
    if waited:
        endings.pause_customers([customer_id], now=now)
    else:
        endings.lengthen_pauses([customer_id], now=now)


@transaction.atomic
def hold_said_sold(customer_id: int, *, vehicle_ids: Collection[int], now: datetime) -> None:
    """Hold reminders for vehicles a customer says they sold, whatever else becomes of the thread."""
    _lock(customer_id)
    _open(customer_id, vehicle_ids, reason=PauseReason.SAID_SOLD, now=now)


@transaction.atomic
def settle_sold(vehicle: Vehicle, *, by: User, now: datetime) -> bool:
    """Take an advisor's word that a vehicle was sold: what it was reminded of ends. False when it was settled."""
    if not _settle(vehicle, now=now):
        return False
    Vehicle.objects.filter(pk=vehicle.pk).update(status=VehicleStatus.SOLD)
    vehicle_status_changed.send(
        sender=Vehicle, dealership_id=current_dealership().pk, vehicle_ids=[vehicle.pk]
    )
    log.record(vehicle, "campaigns.vehicle.sold", at=now, actor=by)
    return True


@transaction.atomic
def settle_kept(vehicle: Vehicle, *, by: User, now: datetime) -> bool:
    """Take an advisor's word that the customer still has it: its reminders go on. False when it was settled."""
    if not _settle(vehicle, now=now):
        return False
    log.record(vehicle, "campaigns.vehicle.kept", at=now, actor=by)
    return True


def _settle(vehicle: Vehicle, *, now: datetime) -> bool:
    if vehicle.customer_id is None:
        return False
    _lock(vehicle.customer_id)
    said = Pause.objects.filter(customer_id=vehicle.customer_id, vehicle=vehicle, ended_at=None)
    return bool(said.update(ended_at=now))


def _open(
    customer_id: int, vehicle_ids: Collection[int | None], *, reason: PauseReason, now: datetime
) -> None:
    Pause.objects.bulk_create(
        [
            Pause(
                dealership=current_dealership(),
                customer_id=customer_id,
                vehicle_id=vehicle_id,
                reason=reason,
                since=now,
            )
            for vehicle_id in vehicle_ids
        ],
        ignore_conflicts=True,
    )


def _lock(customer_id: int) -> None:
    Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
