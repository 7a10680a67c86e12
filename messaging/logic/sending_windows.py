"""When something may be sent: the arithmetic of allowed hours in every zone the recipient may be in.

It is exact: a moment is allowed when the wall clock it shows, in every zone, lies inside the hours of the date it
shows. So a spring-forward hour that does not exist allows nothing, an autumn hour that comes twice counts both
times, and a rule that takes effect does so at midnight there. Which hours hold stands in `law`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from messaging.logic.law import ClosedDay, OpenDay, SendingHours
from messaging.logic.rules import Rule

LOOK_AHEAD = timedelta(days=30)  # no rule closes for so long; beyond it the zones have no hour in common
SEARCH_STEP = timedelta(hours=1)  # no zone changes its offset twice within an hour
DAY = timedelta(days=1)
MIDNIGHT = time(0)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a moment is not allowed: the rule, and the zone in which it holds then."""

    rule: Rule
    zone_name: str


def next_allowed(at: datetime, *, hours: SendingHours | None, zone_names: Iterable[str]) -> datetime | None:
    """The earliest moment not before `at` that the hours allow in every one of the zones; None if there is none.

    shapes: `at` aware; the answer is in UTC, and equal to `at` when it is allowed now
    """
    if hours is None:
        return at.astimezone(UTC)
    return _next_in_all(at.astimezone(UTC), hours, tuple(zone_names))


def what_closes(at: datetime, *, hours: SendingHours | None, zone_names: Iterable[str]) -> Closing | None:
    """Return the rule that forbids a moment, in the zone that forbids it the longest; None: it is allowed."""
    if hours is None:
        return None
    return _what_closes(at.astimezone(UTC), hours, tuple(zone_names))


@lru_cache(maxsize=2_000)
def _what_closes(moment: datetime, hours: SendingHours, zones: tuple[str, ...]) -> Closing | None:
    waits = [(_next_in_zone(moment, hours=hours, zone_name=name), name) for name in zones]
    longest = max(waits, key=lambda wait: wait[0], default=(moment, ""))
    if longest[0] <= moment:
        return None
    rule = _closing_rule(moment, hours=hours, zone_name=longest[1])
    return Closing(rule, longest[1]) if rule else None


def _closing_rule(moment: datetime, *, hours: SendingHours, zone_name: str) -> Rule | None:
    local = moment.astimezone(ZoneInfo(zone_name))
    match hours.on(local.date()):
        case OpenDay(span, opened_by, closed_by):
            return opened_by if local.time() < span.opens else closed_by
        case ClosedDay(closed_by):
            return closed_by
    return None


def closes_at(at: datetime, *, hours: SendingHours | None, zone_names: Iterable[str]) -> datetime | None:
    """When the hours that `at` lies in end, in the first of the zones where they do; None if nothing ends them.

    What is handed over now and queued at a provider must not leave after that. For a moment outside the hours (an
    answer to a customer who wrote at night) there is no such end.
    """
    if hours is None:
        return None
    return _closes_in_all(at.astimezone(UTC), hours, tuple(zone_names))


@lru_cache(maxsize=2_000)
def _closes_in_all(moment: datetime, hours: SendingHours, zones: tuple[str, ...]) -> datetime | None:
    ends = [_end_in_zone(moment, hours=hours, zone_name=name) for name in zones]
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def _end_in_zone(moment: datetime, *, hours: SendingHours, zone_name: str) -> datetime | None:
    on = moment.astimezone(ZoneInfo(zone_name)).date()
    stretches = _open_on(on, hours=hours, zone_name=zone_name)
    end = next((end for start, end in stretches if start <= moment < end), None)
    return end and _go_on(end, hours=hours, zone_name=zone_name)


def _go_on(end: datetime, *, hours: SendingHours, zone_name: str) -> datetime:
    """Return when hours that end at midnight really end: the next day may begin with them."""
    for _ in range(LOOK_AHEAD.days):
        on = end.astimezone(ZoneInfo(zone_name)).date()
        stretches = _open_on(on, hours=hours, zone_name=zone_name)
        further = next((later for start, later in stretches if start <= end < later), None)
        if further is None:
            break
        end = further
    return end


@lru_cache(maxsize=2_000)
def _next_in_all(moment: datetime, hours: SendingHours, zones: tuple[str, ...]) -> datetime | None:
    """Cached, because a batch asks the same for each of its messages."""
    if not zones:
        raise ValueError("quiet hours need at least one zone")
    last = moment + LOOK_AHEAD
    while moment <= last:
        later = moment
        for name in zones:
            later = _next_in_zone(later, hours=hours, zone_name=name)
        if later == moment:
            return moment
        moment = later
    return None


def _next_in_zone(moment: datetime, *, hours: SendingHours, zone_name: str) -> datetime:
    day = moment.astimezone(ZoneInfo(zone_name)).date()
    for ahead in range(LOOK_AHEAD.days + 2):
        for start, end in _open_on(day + timedelta(days=ahead), hours=hours, zone_name=zone_name):
            if moment < end:
                return max(moment, start)
    return moment + LOOK_AHEAD * 2


def _open_on(on: date, *, hours: SendingHours, zone_name: str) -> Sequence[Interval]:
    match hours.on(on):
        case OpenDay(span):
            return open_intervals(zone_name, on, span.opens, span.closes)
        case ClosedDay():
            return ()
    return open_intervals(zone_name, on, MIDNIGHT, MIDNIGHT)  # no rule is in force yet, or any more


@lru_cache(maxsize=20_000)
def open_intervals(zone_name: str, on: date, opens: time, closes: time) -> tuple[Interval, ...]:
    """The stretches of UTC in which the zone's wall clock shows that date and an hour in [opens, closes).

    Closing at 00:00 is midnight at the end of the day.
    """
    closing_on = on + DAY if closes == MIDNIGHT else on
    found = []
    for start, end in _steady_stretches(zone_name, on):
        offset = start.astimezone(ZoneInfo(zone_name)).utcoffset() or timedelta()
        first = datetime.combine(on, opens, tzinfo=UTC) - offset
        last = datetime.combine(closing_on, closes, tzinfo=UTC) - offset
        if max(start, first) < min(end, last):
            found.append((max(start, first), min(end, last)))
    return tuple(found)


@lru_cache(maxsize=20_000)
def _steady_stretches(zone_name: str, on: date) -> tuple[Interval, ...]:
    """The UTC days around a local date, cut where the zone changes its offset."""
    zone = ZoneInfo(zone_name)
    start = datetime.combine(on, time(), tzinfo=UTC) - DAY
    end = start + 3 * DAY
    cuts, here = [start], start
    while here < end:
        there = here + SEARCH_STEP
        if _offset(here, zone) != _offset(there, zone):
            cuts.append(_change_between(here, there, zone))
        here = there
    return tuple(zip(cuts, [*cuts[1:], end], strict=True))


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the later offset."""
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
