"""The only clock: everything that needs the time asks here or is given it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Return the present moment, aware and in UTC.

    On a demo installation the clock can be set ahead (`advance`); there the offset is added, in every
    process of the installation alike. Elsewhere it is the system's clock.

    source: docs/decisions/0006-demo-clock.md
    """
    present = datetime.now(tz=UTC)
    return present + demo_offset() if settings.DEMO else present


def today(zone_name: str) -> date:
    """Return the calendar date it is now in the named IANA zone."""
    return now().astimezone(ZoneInfo(zone_name)).date()


def demo_offset() -> timedelta:
    """Return how far the demo clock runs ahead; zero when it was never advanced."""
    try:
        return timedelta(seconds=float(json.loads(_offset_file().read_text())["ahead_seconds"]))
    except FileNotFoundError:
        return timedelta()


def advance(by: timedelta) -> datetime:
    """Set the demo clock ahead by `by` and return the new present moment.

    Only forward, as time goes: what has been sent "tomorrow" cannot become not yet sent. Not for two callers at once:
    `insights.services.demo_clock` holds a lock around it.

    raises: ValueError outside a demo installation or for a negative step
    """
    if not settings.DEMO:
        raise ValueError("The clock can be advanced on a demo installation only (DEMO=true).")
    if by < timedelta():
        raise ValueError("The demo clock runs forward only.")
    ahead = demo_offset() + by
    target = _offset_file()
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps({"ahead_seconds": ahead.total_seconds()}))
    partial.replace(target)  # atomic: another process never reads half a file
    return now()


def _offset_file() -> Path:
    return Path(settings.VAR_DIR) / "demo-clock.json"
