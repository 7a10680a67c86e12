"""What the page of opening hours and rules shows."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from booking.logic.public_holidays import public_holidays
from booking.logic.slots import Schedule, day_slots
from booking.models import Appointment
from booking.queries.misfits import booked_while_closed
from booking.queries.slots import read_schedule
from common.tenancy import current_dealership
from dealerships.models import ClosedDay

HOLIDAYS_AHEAD = 365  # days
WEEK = 7


@dataclass(frozen=True, slots=True)
class RulesPage:
    """`slots_on` is how many slots each weekday has; `holidays` are those the dealership is still open on."""

    schedule: Schedule
    today: date
    slots_on: dict[int, int]
    closed: tuple[ClosedDay, ...]
    holidays: tuple[tuple[date, str], ...]
    outside: tuple[Appointment, ...]


def read_rules_page(*, now: datetime) -> RulesPage:
    """Return the rules in force and what follows from them. Queries: 5."""
    schedule = read_schedule()
    today = schedule.today(now)
    closed = ClosedDay.objects.filter(on__gte=today).order_by("on")
    return RulesPage(
        schedule=schedule,
        today=today,
        slots_on=_slots_on(schedule, today),
        closed=tuple(closed),
        holidays=_holidays(schedule, today),
        outside=tuple(booked_while_closed(schedule, now=now)),
    )


def _slots_on(schedule: Schedule, today: date) -> dict[int, int]:
    always = replace(schedule, closed_on=frozenset())
    days = [today + timedelta(days=number) for number in range(WEEK)]
    return {day.weekday(): len(day_slots(always, day)) for day in days}


def _holidays(schedule: Schedule, today: date) -> tuple[tuple[date, str], ...]:
    """Return the public holidays on weekdays the dealership is open on."""
    dealership = current_dealership()
    open_on = {each.weekday for each in schedule.hours}
    found = public_holidays(dealership.country, region=dealership.region, from_on=today, days=HOLIDAYS_AHEAD)
    return tuple((on, name) for on, name in found if on not in schedule.closed_on and on.weekday() in open_on)
