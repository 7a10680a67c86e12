"""Free times by day, as people look for them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booking.logic.slots import FreeSlot, to_utc
from booking.queries.slots import free_slots, read_schedule

# Days with free times on one page.
DAYS_SHOWN = 3
# A day has no more slots than this: one every five minutes.
SLOTS_A_DAY = 288
# Longer than any horizon.
FAR_AHEAD = timedelta(days=400)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FreeDay:
    on: date
    slots: tuple[FreeSlot, ...]


def next_free_days(from_on: date | None, *, now: datetime) -> list[FreeDay]:
    """Return the next days with free times from a local day on (None: from now), at most three."""
    schedule = read_schedule()
    start = to_utc(datetime.combine(from_on, time(0)), zone=schedule.zone) if from_on else now
    days: list[FreeDay] = []
    while len(days) < DAYS_SHOWN:
        first = free_slots(from_at=start, until=start + FAR_AHEAD, limit=1, now=now, schedule=schedule)
        if not first:
            break
        on = first[0].local_start.date()
        start = to_utc(datetime.combine(on + A_DAY, time(0)), zone=schedule.zone)
        free = free_slots(
            from_at=first[0].starts_at, until=start, limit=SLOTS_A_DAY, now=now, schedule=schedule
        )
        days.append(FreeDay(on, tuple(free)))
    return days


def free_slot_at(starts_at: datetime, *, now: datetime) -> FreeSlot | None:
    """Return the free slot that starts exactly then, or None."""
    found = free_slots(from_at=starts_at, until=starts_at + timedelta(seconds=1), limit=1, now=now)
    return next((slot for slot in found if slot.starts_at == starts_at), None)
