"""Taking and giving back the places of a slot: the only code that changes `CapacitySlot.used`.

One grid of slots is in force at a time: whoever books holds the rules as they are (`hold_rules`), whoever changes
them waits for the bookings under way (`services.rules.change`). So a booking is always made in the present grid,
and appointments of earlier grids, which can only become fewer, are read once and counted.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import F

from booking import queries
from booking.logic.grids import cars_reaching_in
from booking.logic.slots import Slot
from booking.models import BookingRules, CapacitySlot
from common.tenancy import current_dealership


def hold_rules() -> None:
    """Keep hours and rules as they are until the transaction ends. Bookings do not wait for each other.

    FOR SHARE, for which Django has no word: `select_for_update` would let one booking of a dealership in at a time.
    """
    with connection.cursor() as cursor:
        table = BookingRules._meta.db_table
        cursor.execute(
            f"SELECT id FROM {table} WHERE dealership_id = %s FOR SHARE",  # noqa: S608 -- our own table's name
            [current_dealership().pk],
        )


def lock(moments: Iterable[datetime], *, capacity: int) -> None:
    """Make sure that the slots exist and lock them, in order of time: two moves across each other never deadlock."""
    wanted = sorted(set(moments))
    CapacitySlot.objects.bulk_create(
        (CapacitySlot(dealership=current_dealership(), starts_at=at, capacity=capacity) for at in wanted),
        ignore_conflicts=True,
    )
    list(CapacitySlot.objects.select_for_update().filter(starts_at__in=wanted).order_by("starts_at"))


def take(slot: Slot, *, capacity: int, moving: int = 0) -> CapacitySlot | None:
    """Take one place of a slot, or return None when there is none left. Inside a transaction that holds the rules.

    `capacity` is that of a slot nobody has booked in yet; where the rules were lowered since, it caps the
    slot's own. Cars of an earlier grid that reach into the slot take their places from it, except the appointment
    that is `moving` here (its id).
    """
    CapacitySlot.objects.bulk_create(
        [CapacitySlot(dealership=current_dealership(), starts_at=slot.starts_at, capacity=capacity)],
        ignore_conflicts=True,
    )
    others = cars_reaching_in(slot, queries.booked_stays(slot.starts_at, until=slot.ends_at, but_not=moving))
    row = CapacitySlot.objects.filter(starts_at=slot.starts_at)
    # One statement: PostgreSQL locks the row, then looks again whether the condition still holds, so that of
    # any number of parallel bookings only as many as there are places count up.
    places_left = row.filter(used__lt=F("capacity")).filter(used__lt=capacity - others)
    if not places_left.update(used=F("used") + 1):
        return None
    return row.get()


def give_back(slot_id: int) -> None:
    """Free one place of a slot. Inside the transaction that ends the appointment."""
    CapacitySlot.objects.filter(pk=slot_id, used__gt=0).update(used=F("used") - 1)
