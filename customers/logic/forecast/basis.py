"""Why a service is due then, in a sentence for advisors."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from common.distance import from_km
from common.enums import DistanceUnit
from customers.logic.forecast.driving_calendar import DAYS_PER_YEAR

_DAYS_PER_MONTH: Final = DAYS_PER_YEAR / 12
_ROUND_TO: Final = 10  # more digits would pretend to know more


@dataclass(frozen=True)
class DrivingFacts:
    """How a vehicle is driven, on how many days that was read, and in which unit to say it."""

    km_per_day: float
    days_read: int
    set_aside: int
    unit: str


@dataclass(frozen=True)
class ServiceFacts:
    """A service of the menu with its interval as entered; None where it has no such limit."""

    name: str
    interval_distance: int | None
    interval_unit: str
    interval_months: int | None


def driving_words(driving: DrivingFacts) -> str:
    """Return how much the vehicle is driven and how that is known."""
    month = from_km(driving.km_per_day * _DAYS_PER_MONTH, driving.unit)
    rate = f"about {max(round(month / _ROUND_TO), 1) * _ROUND_TO:,} {driving.unit} a month"
    aside = f" ({_count(driving.set_aside, 'reading')} set aside)" if driving.set_aside else ""
    if driving.days_read > 1:
        return f"{rate} over {driving.days_read} visits{aside}"
    known = "one reading so far" if driving.days_read else "no usable reading yet"
    return f"{known}{aside}, similar cars drive {rate}"


def service_words(service: ServiceFacts, *, last_done: date | None, since: date, today: date) -> str:
    """Return the service, its interval and since when it counts: last done, or the last visit without it."""
    limits = []
    if service.interval_distance:
        limits.append(f"{service.interval_distance:,} {DistanceUnit(service.interval_unit).value}")
    if service.interval_months:
        limits.append(_count(service.interval_months, "month"))
    name = service.name if service.name[:2].isupper() else service.name[:1].lower() + service.name[1:]
    start = (
        f"last done {_day(last_done, today)}"
        if last_done
        else f"not on record, last seen {_day(since, today)}"
    )
    return f"{name} every {' or '.join(limits)}, {start}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _day(on: date, today: date) -> str:
    words = f"{on.day} {_MONTHS[on.month - 1]}"
    return words if on.year == today.year else f"{words} {on.year}"


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
