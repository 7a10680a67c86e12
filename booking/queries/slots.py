"""Which times are free at the dealership in scope."""

from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db.models import Count

from booking.enums import AppointmentStatus
from booking.logic.grids import Stay, cars_reaching_in, off_grid
from booking.logic.slots import (
    LONGEST_SLOT,
    FreeSlot,
    Schedule,
    SlotRules,
    Usage,
    WeeklyHours,
    bookable_slots,
    keep_free,
    nearest,
)
from booking.models import Appointment, BookingRules, CapacitySlot
from common import clock
from common.tenancy import current_dealership
from dealerships.models import ClosedDay, OpeningHours

# Where a wished time is taken, others are looked for this close to it first.
NEAR = timedelta(days=3)
# Free slots are looked up in stretches this long: the next three are nearly always in the first one.
STRETCH = timedelta(days=7)


def read_schedule() -> Schedule:
    """Return what decides which slots the dealership in scope has. Three queries."""
    dealership = current_dealership()
    rules = BookingRules.objects.first() or BookingRules()
    return Schedule(
        zone_name=dealership.time_zone,
        hours=tuple(
            WeeklyHours(*row) for row in OpeningHours.objects.values_list("weekday", "opens_at", "closes_at")
        ),
        closed_on=frozenset(ClosedDay.objects.values_list("on", flat=True)),
        rules=SlotRules(rules.slot_minutes, rules.capacity_per_slot, rules.lead_minutes, rules.horizon_days),
    )


def free_slots(
    *,
    from_at: datetime,
    until: datetime,
    limit: int,
    now: datetime | None = None,
    schedule: Schedule | None = None,
) -> list[FreeSlot]:
    """Return the first `limit` slots in [from_at, until) that may be booked now and have a place left, sorted.

    A reader may have booked one of them a moment later: only `services.appointments.book` decides.
    """
    now = now or clock.now()
    schedule = schedule or read_schedule()
    until = min(until, now + timedelta(days=schedule.rules.horizon_days + 2))
    found: list[FreeSlot] = []
    stretch_from = max(from_at, now)
    while stretch_from < until and len(found) < limit:
        stretch_until = min(stretch_from + STRETCH, until)
        found += islice(_free_between(schedule, stretch_from, stretch_until, now=now), limit - len(found))
        stretch_from = stretch_until
    return found


def _free_between(schedule: Schedule, from_at: datetime, until: datetime, *, now: datetime) -> list[FreeSlot]:
    taken = CapacitySlot.objects.filter(starts_at__gte=from_at, starts_at__lt=until)
    usage = {
        starts_at: Usage(capacity, used)
        for starts_at, capacity, used in taken.values_list("starts_at", "capacity", "used")
    }
    slots = list(bookable_slots(schedule, from_at=from_at, until=until, now=now))
    # The last slot may begin just before `until`: what is booked during it counts too.
    stays = booked_stays(from_at, until=until + timedelta(minutes=schedule.rules.slot_minutes))
    others = off_grid(stays, slots=slots)
    reaching_in = partial(cars_reaching_in, stays=others)
    return list(
        keep_free(slots, usage=usage, capacity=schedule.rules.capacity_per_slot, reaching_in=reaching_in)
    )


def booked_stays(from_at: datetime, *, until: datetime, but_not: int = 0) -> list[Stay]:
    """Return when cars are booked in within [from_at, until), those that begin before it and reach in included.

    `but_not` is the id of an appointment to leave out.
    """
    longest = timedelta(minutes=LONGEST_SLOT)
    taken = Appointment.objects.filter(
        starts_at__gt=from_at - longest,
        starts_at__lt=until,
        ends_at__gt=from_at,
        status__in=AppointmentStatus.taking_place(),
    ).exclude(pk=but_not)
    return [Stay(*row) for row in taken.values_list("starts_at", "ends_at").annotate(cars=Count("pk"))]


def alternatives_near(moment: datetime, *, now: datetime, limit: int = 3) -> list[FreeSlot]:
    """Return up to `limit` free slots closest to a moment; the next free ones when none is within days of it."""
    schedule = read_schedule()
    many = 10_000
    close = free_slots(from_at=moment - NEAR, until=moment + NEAR, limit=many, now=now, schedule=schedule)
    if len(close) >= limit:
        return nearest(close, to=moment, limit=limit)
    later = free_slots(from_at=now, until=now + timedelta(days=3650), limit=many, now=now, schedule=schedule)
    return nearest(later, to=moment, limit=limit)
