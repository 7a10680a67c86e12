"""One day of the service lane."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booking.enums import AppointmentStatus
from booking.logic.slots import day_slots, to_utc
from booking.models import Appointment, CapacitySlot
from booking.queries.appointments import appointments_on
from booking.queries.slots import read_schedule


@dataclass(frozen=True, slots=True)
class DayBoard:
    """A day's appointments and how full it is."""

    on: date
    today: date
    appointments: tuple[Appointment, ...]
    used: int
    capacity: int

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.capacity)) if self.capacity else 0

    @property
    def is_closed(self) -> bool:
        return self.capacity == 0

    @property
    def before(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.on + timedelta(days=1)


def read_board(on: date | None, *, now: datetime) -> DayBoard:
    """Return a local day (None: today) with its appointments, cancelled ones last. Queries: 5."""
    schedule = read_schedule()
    today = schedule.today(now)
    on = on or today
    from_at = to_utc(datetime.combine(on, time(0)), zone=schedule.zone)
    until = to_utc(datetime.combine(on + timedelta(days=1), time(0)), zone=schedule.zone)
    found = sorted(
        appointments_on(from_at, until=until),
        key=lambda a: (a.status == AppointmentStatus.CANCELLED, a.starts_at),
    )
    slots = CapacitySlot.objects.filter(starts_at__gte=from_at, starts_at__lt=until)
    used = sum(slots.values_list("used", flat=True))
    capacity = len(day_slots(schedule, on)) * schedule.rules.capacity_per_slot
    return DayBoard(on, today, tuple(found), used, max(capacity, used))
