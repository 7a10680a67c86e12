"""What a rule of the law is: where, for what and from when it holds, what it says, and where that was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from messaging.enums import Evidence, Part, RuleForce, RuleKind

EVERYWHERE = "*"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAYS = (
    7  # a cap looks back a week at most: what is loaded of a person's messages (LOOK_BACK) ends behind it
)
MOST_HOURS = 24 * MOST_DAYS


class BadTerms(ValueError):
    """What a rule says cannot be understood; the text says why, in words for whoever writes it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of one day, `opens` included and `closes` excluded; midnight at the end of the day is 00:00."""

    opens: time
    closes: time

    @property
    def ends_at_midnight(self) -> bool:
        return self.closes == time(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """Allowed hours by weekday, Monday first, in the recipient's local time; None: closed."""

    week: tuple[Span | None, ...]
    keeps_holidays: bool = False  # closed on public holidays


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many in the last `hours`, or on `days` calendar days; counted over the rule's channels or on each."""

    most: int
    hours: int = 0
    days: int = 0
    on_each_channel: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message must contain."""

    needed: frozenset[Part]


Terms = Hours | Cap | Parts


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated row. The newest of a key that has taken effect holds; `terms` None: it ended that day.

    `jurisdiction`: `*`, a country (`US`) or a part of one (`US-FL`). `purpose` empty: every purpose.
    """

    key: str
    kind: str
    jurisdiction: str
    purpose: str
    channels: frozenset[str]
    effective_on: date
    source: str
    terms: Terms | None
    force: str = RuleForce.BINDING
    evidence: str = Evidence.HOUSE
    id: int = 0

    @property
    def hours(self) -> Hours | None:
        return self.terms if isinstance(self.terms, Hours) else None

    def covers(self, place: str) -> bool:
        """Whether the rule holds for somebody in a place."""
        return self.jurisdiction in {EVERYWHERE, place} or place.startswith(f"{self.jurisdiction}-")

    def is_about(self, *, channel: str, purpose: str) -> bool:
        return channel in self.channels and self.purpose in {"", purpose}

    def is_narrower_than(self, other: Rule) -> bool:
        """Whether it is about a part of the other one's place."""
        return self.jurisdiction != other.jurisdiction and other.covers(self.jurisdiction)


def read_terms(kind: str, data: Mapping[str, Any]) -> Terms:
    """Return what a rule says from how it is stored.

    hours: {"week": ["10:00-17:00", ..., ""], "holidays": "closed" or "open"}; cap: {"most": 3, "hours": 24} or {"most": 1,
    "days": 1, "each_channel": true}; parts: {"parts": ["way_out"]}

    raises: BadTerms
    """
    match kind:
        case RuleKind.HOURS:
            return _read_hours(data)
        case RuleKind.CAP:
            return _read_cap(data)
        case RuleKind.PARTS:
            return _read_parts(data)
    raise BadTerms(f"“{kind}” is no kind of rule.")


def write_terms(terms: Terms) -> dict[str, Any]:
    """Return how a rule's words are stored; `read_terms` is its inverse."""
    match terms:
        case Hours(week, keeps_holidays):
            days = [f"{span.opens:%H:%M}-{_closing(span)}" if span else "" for span in week]
            return {"week": days, "holidays": "closed" if keeps_holidays else "open"}
        case Cap(most, hours, days, on_each_channel):
            span = {"hours": hours} if hours else {"days": days}
            return {"most": most, **span, "each_channel": on_each_channel}
        case Parts(needed):
            return {"parts": sorted(needed)}


def _closing(span: Span) -> str:
    return "24:00" if span.ends_at_midnight else f"{span.closes:%H:%M}"


def _read_hours(data: Mapping[str, Any]) -> Hours:
    week, holidays = data.get("week"), data.get("holidays", "open")
    if not isinstance(week, list) or len(week) != len(DAYS):
        raise BadTerms("Hours need seven days, Monday first.")
    if holidays not in {"open", "closed"}:
        raise BadTerms("Holidays are “open” or “closed”.")
    spans = tuple(read_span(text, day=day) for text, day in zip(week, DAYS, strict=True))
    if not any(spans):
        raise BadTerms("At least one day must be open: a rule that forbids a channel is no matter of hours.")
    return Hours(spans, keeps_holidays=holidays == "closed")


def read_span(text: object, *, day: str) -> Span | None:
    """Return the hours of a day from `09:00-20:30`; empty: closed. 24:00 is midnight at its end.

    raises: BadTerms
    """
    if text == "":
        return None
    opens, dash, closes = str(text).replace(" ", "").partition("-")
    try:
        span = Span(_read_time(opens), time(0) if closes == "24:00" else _read_time(closes))
    except ValueError as error:
        raise BadTerms(f"{day}: write hours as 09:00-20:00, or leave the day empty.") from error
    if not dash or (span.opens >= span.closes and closes != "24:00"):
        raise BadTerms(f"{day}: the hours must end after they begin.")
    return span


def _read_time(text: str) -> time:
    hours, _, minutes = text.partition(":")
    return time(int(hours), int(minutes or 0))


def _read_cap(data: Mapping[str, Any]) -> Cap:
    most, hours, days = (_read_count(data, name) for name in ("most", "hours", "days"))
    if most < 1:
        raise BadTerms("A cap allows at least one message.")
    if bool(hours) == bool(days):
        raise BadTerms("A cap counts either over hours or over calendar days.")
    if hours > MOST_HOURS or days > MOST_DAYS:
        raise BadTerms(f"A cap looks back {MOST_DAYS} days at most.")
    return Cap(most, hours, days, on_each_channel=bool(data.get("each_channel", False)))


def _read_count(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadTerms(f"“{name}” must be a whole number.")
    return value


def _read_parts(data: Mapping[str, Any]) -> Parts:
    names = data.get("parts")
    if not isinstance(names, list) or not names:
        raise BadTerms("Name at least one part.")
    if unknown := sorted(str(name) for name in names if name not in set(Part)):
        raise BadTerms(f"There is no part “{unknown[0]}”.")
    return Parts(frozenset(Part(name) for name in names))
