"""Reads what stands in a URL or form: a sensible value, or None."""

from datetime import UTC, date, datetime

# Nobody books outside these years, and date arithmetic at the ends of the calendar overflows.
YEARS = range(2000, 2200)
LONGEST_ID = len(str(2**63 - 1)) - 1


def read_moment(text: str) -> datetime | None:
    """Return an ISO moment with its offset as UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or moment.year not in YEARS:
        return None
    return moment.astimezone(UTC)


def read_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def read_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None
