"""Moments in the words a person at the desk would use."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = 7
COUNTRIES_WITH_AM_PM = frozenset({"US", "CA", "AU", "NZ", "IN", "PH", "MX"})


def uses_24h(country: str) -> bool:
    """Return whether people of a country read 15:30 rather than 3:30 pm."""
    return country not in COUNTRIES_WITH_AM_PM


@dataclass(frozen=True)
class Near:
    """When and where the reader of a page stands."""

    now: datetime
    zone: ZoneInfo
    uses_24h: bool = False

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def day_starts_at(self, days_ahead: int = 0) -> datetime:
        """Return the moment a local day begins; 0 is today."""
        return datetime.combine(self.today + timedelta(days=days_ahead), time.min, self.zone)


def day_words(on: date, *, today: date) -> str:
    """Return `Today`, `Tomorrow`, `Yesterday`, a weekday within a week, or the date."""
    days = (on - today).days
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
    if days in near:
        return near[days]
    if 0 < days < WEEK:
        return f"{on:%a} {on.day} {on:%b}"
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b %Y}"


def within(words: str) -> str:
    """Return a day's words as they stand within a sentence: `From today, 11:00 am`; weekdays and months keep capitals."""
    first, comma, rest = words.partition(",")
    return f"{first.lower()}{comma}{rest}" if first in {"Today", "Tomorrow", "Yesterday"} else words


def ago_words(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """Return how long ago something was: minutes and hours on the same day, else days, else the date."""
    minutes = int((now - at).total_seconds() // 60)
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    if minutes < 1:
        return "just now"
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return f"{minutes} min ago"
    if days == 0:
        return f"{minutes // 60} h ago"
    if days == 1:
        return "yesterday"
    if days < 2 * WEEK:
        return f"{days} days ago"
    local = at.astimezone(zone)
    return f"{local.day} {local:%b}" if days < 300 else f"{local.day} {local:%b %Y}"  # noqa: PLR2004 -- beyond that the year matters


def clock_words(at: datetime, *, zone: ZoneInfo, uses_24h: bool) -> str:
    """Return the local time of day, as the country writes it."""
    local = at.astimezone(zone)
    if uses_24h:
        return f"{local:%H:%M}"
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 -- noon


def offset_words(days: int) -> str:
    """Return when a step comes: `14 days before the due date`, `on the due date`, `1 day after the due date`."""
    if not days:
        return "on the due date"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} {'before' if days < 0 else 'after'} the due date"


def date_and_time(near: Near) -> str:
    """Return the present moment in full, as in `Saturday 21 November, 3:18 pm`."""
    at = clock_words(near.now, zone=near.zone, uses_24h=near.uses_24h)
    return f"{near.today:%A} {near.today.day} {near.today:%B}, {at}"
