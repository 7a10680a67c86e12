"""Arithmetic of dates that several rules share."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_A_YEAR = 12
# 29 February may be eight years away (2096 to 2104).
LONGEST_WAIT_YEARS = 9
# "in 5000 days" is no day anyone means.
FARTHEST_DAYS = 1500
CENTURY, LAST_OF_THIS_CENTURY = 100, 70


@dataclass(frozen=True, slots=True)
class Days:
    """The dates an expression may mean, sorted; `said` is the one it names first of all, which may be over.

    Several dates are an ambiguity or a range. `is_loose`: it names no date that could be booked without asking.
    `is_end`: it is only the end of something ("until friday").
    """

    dates: tuple[date, ...]
    said: date | None = None
    is_loose: bool = False
    is_end: bool = False


def one_day(day: date | None) -> Days | None:
    return Days((day,), day) if day else None


def coming(weekday: int, *, on_or_after: date) -> date:
    return on_or_after + timedelta(days=(weekday - on_or_after.weekday()) % 7)


def all_days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range(max(0, (last - first).days + 1)))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def safe_date(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= MONTHS_A_YEAR and 1 <= year <= date.max.year and 1 <= day <= monthrange(year, month)[1]):  # fmt: skip
        return None
    return date(year, month, day)


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    months = year * MONTHS_A_YEAR + month - 1 + count
    return months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1


def months_from(day: date, count: int) -> date:
    """Return the same day of a month so many months on, or the last day of it."""
    year, month = add_months(day.year, day.month, count)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def next_of_year(month: int, day: int, *, today: date) -> date | None:
    """Return the next such day of the year from today on; 29 February waits for a leap year."""
    for year in range(today.year, today.year + LONGEST_WAIT_YEARS):
        found = safe_date(year, month, day)
        if found and found >= today:
            return found
    return None


def next_of_month(day: int, *, today: date) -> date | None:
    """Return the next such day: of this month if it is still to come, else of the next month that has it."""
    for ahead in range(4):
        found = safe_date(*add_months(today.year, today.month, ahead), day)
        if found and found >= today:
            return found
    return None


def full_year(year: int) -> int:
    """Read 26 as 2026 and 74 as 1974."""
    if year >= CENTURY:
        return year
    return year + (2000 if year < LAST_OF_THIS_CENTURY else 1900)
