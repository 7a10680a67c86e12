"""When a dealership can take a car: opening hours, closures, slot length, lead time and horizon become slots."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# Shorter, and a day has more slots than anybody can choose from; longer, and one does not fit into a working day.
SHORTEST_SLOT = 5
LONGEST_SLOT = 480
MOST_PLACES = 100
LONGEST_LEAD = 14 * 24 * 60  # minutes
WIDEST_HORIZON = 365  # days


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One stretch a dealership is open on a weekday (0 = Monday); closing at 00:00 means midnight after it."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class SlotRules:
    slot_minutes: int
    capacity_per_slot: int
    lead_minutes: int
    horizon_days: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything about one dealership that decides which slots exist."""

    zone_name: str
    hours: tuple[WeeklyHours, ...]
    closed_on: frozenset[date]
    rules: SlotRules

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of real time in which cars are received; `local_start` is its naive wall time."""

    starts_at: datetime
    ends_at: datetime
    local_start: datetime


@dataclass(frozen=True, slots=True)
class FreeSlot:
    starts_at: datetime
    local_start: datetime
    places: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What the database holds of one slot: its capacity and how many places are taken."""

    capacity: int
    used: int


def to_utc(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """Return the instant of a naive wall time.

    A wall time that comes twice (clocks go back) is the one `wall.fold` says. One that never comes (clocks go
    forward) is the moment the clocks change: opening at 02:30 on that night means opening at the change.
    """
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(fold=0):
        return instant
    return _change_between(
        wall.replace(tzinfo=zone, fold=1).astimezone(UTC),
        wall.replace(tzinfo=zone, fold=0).astimezone(UTC),
        zone=zone,
    )


def _change_between(before: datetime, after: datetime, *, zone: ZoneInfo) -> datetime:
    """Halve the stretch around a change of the clocks until the second it happens in is found."""
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after


def open_stretches(schedule: Schedule, day: date) -> list[tuple[datetime, datetime]]:
    """Return when the dealership is open on a local day, as UTC (from, to), sorted; overlapping hours are merged."""
    if day in schedule.closed_on:
        return []
    stretches: list[tuple[datetime, datetime]] = []
    for opens_at, closes_at in sorted(_walls(schedule, day)):
        opens, closes = to_utc(opens_at, zone=schedule.zone), to_utc(closes_at, zone=schedule.zone)
        if stretches and opens <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(closes, stretches[-1][1]))
        else:
            stretches.append((opens, closes))
    return stretches


def _walls(schedule: Schedule, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield hours as wall times: opening the first time the clock shows it, closing the last time."""
    for hours in schedule.hours:
        if hours.weekday == day.weekday():
            opens = datetime.combine(day, hours.opens_at)
            closes = datetime.combine(day, hours.closes_at)
            if closes <= opens and hours.closes_at == time(0):
                closes += DAY
            if closes > opens:
                yield opens, closes.replace(fold=1)


def day_slots(schedule: Schedule, day: date) -> list[Slot]:
    """Return all slots of a local day, sorted, whether still bookable or not.

    Slots follow real time from opening on: they never overlap and none is lost or doubled when the clocks
    change, and the last one ends before or at closing.
    """
    length = timedelta(minutes=schedule.rules.slot_minutes)
    slots = []
    for opens, closes in open_stretches(schedule, day):
        starts_at = opens
        while starts_at + length <= closes:
            slots.append(_slot(starts_at, length, schedule.zone))
            starts_at += length
    return slots


def _slot(starts_at: datetime, length: timedelta, zone: ZoneInfo) -> Slot:
    return Slot(starts_at, starts_at + length, starts_at.astimezone(zone).replace(tzinfo=None))


def bookable_slots(
    schedule: Schedule, *, from_at: datetime, until: datetime, now: datetime
) -> Iterator[Slot]:
    """Yield the slots that may be booked now and start in [from_at, until), sorted.

    The lead time counts from now; the horizon is the last local day, `horizon_days` after today.
    Whether a place is left in them is not known here: see `keep_free`.
    """
    first_at = max(from_at, now + timedelta(minutes=schedule.rules.lead_minutes))
    day = first_at.astimezone(schedule.zone).date()
    last_day = schedule.today(now) + timedelta(days=schedule.rules.horizon_days)
    while day <= last_day:
        slots = day_slots(schedule, day)
        yield from takewhile(
            lambda slot: slot.starts_at < until, (s for s in slots if s.starts_at >= first_at)
        )
        day += DAY
        if to_utc(datetime.combine(day, time(0)), zone=schedule.zone) >= until:
            return


def find_slot(schedule: Schedule, *, starts_at: datetime, now: datetime) -> Slot | None:
    """Return the bookable slot that starts exactly then, or None when there is none."""
    until = starts_at + timedelta(seconds=1)
    return next(bookable_slots(schedule, from_at=starts_at, until=until, now=now), None)


def keep_free(
    slots: Iterable[Slot],
    *,
    usage: Mapping[datetime, Usage],
    capacity: int,
    reaching_in: Callable[[Slot], int],
) -> Iterator[FreeSlot]:
    """Yield the slots with a place left; a slot nobody has booked in yet has the whole capacity.

    Where the rules were lowered after bookings were taken, the smaller capacity counts. `reaching_in` says how
    many cars of an earlier grid a slot holds (`grids.cars_reaching_in`).
    """
    for slot in slots:
        taken = usage.get(slot.starts_at, Usage(capacity, 0))
        places = min(taken.capacity, capacity) - taken.used - reaching_in(slot)
        if places > 0:
            yield FreeSlot(slot.starts_at, slot.local_start, places)


def nearest(free: Sequence[FreeSlot], *, to: datetime, limit: int) -> list[FreeSlot]:
    """Return up to `limit` free slots closest to a moment, in order of time; of two equally close the later one."""
    closest = sorted(free, key=lambda slot: (abs(slot.starts_at - to), slot.starts_at < to))
    return sorted(closest[:limit], key=lambda slot: slot.starts_at)
