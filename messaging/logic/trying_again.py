"""When something of our own that failed (reading a receipt, telling an app above) is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

# A passing trouble is over in minutes; a bug takes a release, and a release a weekend.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=1),
)
MOST_TRIES = len(WAITS) + 1  # then only when a person says so
SHOWN_FROM = 4  # tries: some twenty minutes of trouble are worth a look


def next_try_at(attempts: int, *, now: datetime) -> datetime | None:
    """Return when to try again after so many failures; None when it is given up."""
    return now + WAITS[attempts - 1] if attempts < MOST_TRIES else None
