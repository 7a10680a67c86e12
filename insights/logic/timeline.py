"""One stream of everything that happened with a customer, newest first, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from insights.logic.moments import Near, clock_words, day_words

NOON = time(12)  # what has a date and no time stands in the middle of its day


class Kind(StrEnum):
    """What a timeline entry is about; the order decides between entries of one moment."""

    MESSAGE = "message"
    REMINDER = "reminder"
    APPOINTMENT = "appointment"
    VISIT = "visit"
    READING = "reading"
    FORECAST = "forecast"
    CONSENT = "consent"
    IMPORT = "import"
    LOG = "log"

    @property
    def rank(self) -> int:
        return list(Kind).index(self)


class Filter(StrEnum):
    """What the timeline may be narrowed to."""

    ALL = ""
    MESSAGES = "messages"
    REMINDERS = "reminders"
    VISITS = "visits"
    FORECASTS = "forecasts"
    CONSENT = "consent"

    @property
    def label(self) -> str:
        return FILTERS[self][0]

    @property
    def kinds(self) -> frozenset[Kind]:
        return FILTERS[self][1]


FILTERS: dict[Filter, tuple[str, frozenset[Kind]]] = {
    Filter.ALL: ("Everything", frozenset(Kind)),
    Filter.MESSAGES: ("Messages", frozenset({Kind.MESSAGE})),
    Filter.REMINDERS: ("Reminders", frozenset({Kind.REMINDER, Kind.MESSAGE})),
    Filter.VISITS: ("Visits", frozenset({Kind.VISIT, Kind.READING, Kind.APPOINTMENT})),
    Filter.FORECASTS: ("Forecasts", frozenset({Kind.FORECAST})),
    Filter.CONSENT: ("Consent", frozenset({Kind.CONSENT})),
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `quote` is what was written; `state` is (code, words)."""

    kind: Kind
    id: int
    at: datetime
    icon: str
    title: str
    tone: str = "quiet"
    lines: tuple[str, ...] = ()
    warning: str = ""
    subject: str = ""
    quote: str = ""
    is_ours: bool = False
    state: tuple[str, str] | None = None
    touch_id: int | None = None
    has_time: bool = True

    @property
    def order(self) -> tuple[datetime, int, int]:
        return (self.at, -self.kind.rank, self.id)


@dataclass(frozen=True)
class Mark:
    """Where a page ends: the entry after which the next page begins."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        return f"{int(self.at.timestamp() * 1_000_000)}-{self.rank}-{self.id}"


@dataclass(frozen=True)
class DayGroup:
    words: str
    entries: list["ShownEntry"]


@dataclass(frozen=True)
class ShownEntry:
    entry: Entry
    time: str
    exact: str


@dataclass(frozen=True)
class TimelinePage:
    days: list[DayGroup] = field(default_factory=list)
    next: Mark | None = None


def parse_mark(text: str) -> Mark | None:
    """Return the mark a link names, or None for nothing or nonsense."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 18 for part in parts):  # noqa: PLR2004 -- moment, rank, id
        return None
    micros, rank, entry_id = map(int, parts)
    try:
        return Mark(datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=micros), rank, entry_id)
    except OverflowError:
        return None


def at_noon(on: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which an entry with a date but no time stands."""
    return datetime.combine(on, NOON, zone)


def newest(entries: Iterable[Entry], *, size: int, near: Near) -> TimelinePage:
    """Return the first `size` of the entries by day, and where the next page begins if there are more."""
    ordered = sorted(entries, key=lambda entry: entry.order, reverse=True)
    shown = ordered[:size]
    last = shown[-1] if len(ordered) > size else None
    return TimelinePage(
        days=_by_day(shown, near),
        next=Mark(last.at, last.kind.rank, last.id) if last else None,
    )


def _by_day(entries: Sequence[Entry], near: Near) -> list[DayGroup]:
    def local_day(entry: Entry) -> date:
        return entry.at.astimezone(near.zone).date()

    return [
        DayGroup(words=day_words(on, today=near.today), entries=[_shown(entry, near) for entry in group])
        for on, group in groupby(entries, key=local_day)
    ]


def _shown(entry: Entry, near: Near) -> ShownEntry:
    local = entry.at.astimezone(near.zone)
    at = clock_words(entry.at, zone=near.zone, uses_24h=near.uses_24h) if entry.has_time else ""
    return ShownEntry(
        entry=entry, time=at, exact=f"{local:%A} {local.day} {local:%B %Y} {at} {near.zone.key}"
    )
