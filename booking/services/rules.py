"""How a dealership takes bookings."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from booking.logic.slots import SlotRules
from booking.models import BookingRules, CapacitySlot
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import hours, log
from dealerships.services.hours import OpenStretch

RULES = ("slot_minutes", "capacity_per_slot", "lead_minutes", "horizon_days")


def add_defaults() -> BookingRules:
    """Give the dealership in scope the usual rules where it has none. Idempotent."""
    rules, _ = BookingRules.objects.get_or_create(dealership=current_dealership())
    return rules


@transaction.atomic
def change(
    rules: SlotRules, *, weekly: Sequence[OpenStretch] | None = None, by: User | None, now: datetime
) -> None:
    """Put other rules, and other weekly hours where they are given, in force from now on.

    Bookings under way are waited for, later ones see the new grid of slots: see `services.places`. Coming slots
    somebody booked in already get the new capacity too, but never less than is taken: nobody's appointment is
    cancelled or moved by a rule; it counts in the new slots it reaches into.

    raises: ValidationError for a number out of bounds
    """
    add_defaults()
    row = BookingRules.objects.select_for_update().get()
    for name in RULES:
        setattr(row, name, getattr(rules, name))
    row.full_clean()
    row.save()
    if weekly is not None:
        hours.set_weekly(weekly, by=by, now=now)
    CapacitySlot.objects.filter(starts_at__gt=now).update(
        capacity=Greatest(F("used"), rules.capacity_per_slot)
    )
    log.record(
        row, "booking.rules.changed", at=now, actor=by, **{name: getattr(rules, name) for name in RULES}
    )
