"""Wall clocks: what a local date and time mean in UTC, through both changes of daylight saving time."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=65536)
def to_utc(local_at: datetime, *, zone_name: str) -> datetime:
    """Return the moment, in UTC, at which clocks in the zone show `local_at` (naive).

    A time that clocks skip in spring is taken as the same span after the last time that exists (02:30
    becomes 03:30); of a time that comes twice in autumn it is the first. Both as calendars do it.

    source: RFC 5545 section 3.3.5, form 3
    """
    if local_at.tzinfo is not None:
        raise ValueError("A wall time is naive: it gets its zone here.")
    return local_at.replace(tzinfo=ZoneInfo(zone_name), fold=0).astimezone(UTC)


def to_local(at: datetime, *, zone_name: str) -> datetime:
    """Return what clocks in the zone show (naive) at the moment `at` (aware)."""
    return at.astimezone(ZoneInfo(zone_name)).replace(tzinfo=None)


def next_at(wall_time: time, *, not_before: datetime, zone_name: str) -> datetime:
    """Return the first local time (naive) showing `wall_time` whose moment is not before `not_before`."""
    day: date = to_local(not_before, zone_name=zone_name).date()
    local_at = datetime.combine(day, wall_time)
    if to_utc(local_at, zone_name=zone_name) < not_before:
        local_at += timedelta(days=1)
    return local_at
