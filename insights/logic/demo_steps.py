"""At which moments a demo clock that is set ahead has to stop."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

NIGHT = time(2, 1)  # just after the night's work may begin, in local time
SHORTEST = timedelta(minutes=1)  # what was due already and stayed so must not hold the clock


def next_stop(
    now: datetime, *, until: datetime, due: Iterable[datetime], zone_names: Iterable[str]
) -> datetime:
    """Return the next moment after `now` at which something is due, at most `until`.

    That is the earliest of what is due, and the next night of each zone; always at least a minute ahead.
    """
    nights = [_next_night(now, ZoneInfo(name)) for name in zone_names]
    later = [at for at in (*due, *nights) if at >= now + SHORTEST]
    return min([*later, until])


def _next_night(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    tonight = datetime.combine(local.date(), NIGHT, zone)
    if tonight > now:
        return tonight
    return datetime.combine(local.date() + timedelta(days=1), NIGHT, zone)
