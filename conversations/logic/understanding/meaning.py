"""What goes into understanding a reply, and what comes out of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from conversations.enums import Intent


@dataclass(frozen=True, slots=True)
class Hours:
    """One stretch of opening hours on a weekday (0 = Monday), in local wall time."""

    weekday: int
    opens_at: time
    closes_at: time


class Fact(StrEnum):
    """What else a text tells or asks; an advisor sees it, and the data may change by it."""

    WAIT = "wait"
    DROP_OFF = "drop_off"
    LOANER = "loaner"
    SHUTTLE = "shuttle"
    TOW = "tow"
    MOVED = "moved"
    NEW_CONTACT = "new_contact"
    DECEASED = "deceased"
    CALL_ME = "call_me"
    RUNNING_LATE = "running_late"
    ASKS_PRICE = "asks_price"
    ASKS_DURATION = "asks_duration"
    ASKS_HOURS = "asks_hours"
    ASKS_ADDRESS = "asks_address"
    ASKS_WHAT = "asks_what"


TRANSPORT = frozenset({Fact.WAIT, Fact.DROP_OFF, Fact.LOANER, Fact.SHUTTLE, Fact.TOW})


@dataclass(frozen=True, slots=True)
class Mileage:
    """An odometer reading as told; `unit` is "mi", "km", or "" where it was not said."""

    value: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when a reply arrives; all times are naive wall times of the dealership.

    `offered` are the times last offered, in the order they were numbered. `topic` is the one time being talked
    about (a booked appointment, or the only day offered): "make it 4" means 4 o'clock on that day. `prompt` is
    what we said last, in words, where it is known.
    """

    now: datetime
    hours: tuple[Hours, ...] = ()
    offered: tuple[datetime, ...] = ()
    topic: datetime | None = None
    is_day_first: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class TimeWish:
    """A wished stretch of the day, both ends included; `wanted` is the time actually named, if one was."""

    earliest: time
    latest: time
    wanted: time | None = None

    def fits(self, moment: time) -> bool:
        return self.earliest <= moment <= self.latest


@dataclass(frozen=True, slots=True)
class Wish:
    """Days and times that go together: any of the days, at any of the times; nothing named means any.

    `is_loose`: said in a way that fixes no day ("in two weeks"), so that it is never booked without asking.
    """

    days: tuple[date, ...] = ()
    times: tuple[TimeWish, ...] = ()
    is_loose: bool = False

    def fits(self, moment: datetime) -> bool:
        return (not self.days or moment.date() in self.days) and (
            not self.times or any(wished.fits(moment.time()) for wished in self.times)
        )


# Inside `Understanding` the words `date` and `time` are its properties.
Day = date
Clock = time


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a reply means.

    `choice` is the index in `Context.offered` of the time picked. `confidence` is 0..1; below
    `dialogue.ACT_ALONE` a person decides. `rules` names what matched, `doubts` what the confidence lost by, for the
    advisor who asks why. `said_on` and `said_at` are the day and time named first of all, whether they can be
    wished for or not ("yesterday").
    """

    intents: tuple[Intent, ...]
    wishes: tuple[Wish, ...] = ()
    excluded_days: frozenset[date] = field(default_factory=frozenset)
    choice: int | None = None
    confidence: float = 0.0
    rules: tuple[str, ...] = ()
    said_on: Day | None = None
    said_at: Clock | None = None
    facts: frozenset[Fact] = frozenset()
    mileage: Mileage | None = None
    doubts: tuple[str, ...] = ()
    heard: frozenset[str] = frozenset()

    @property
    def transport(self) -> tuple[Fact, ...]:
        """How the customer wishes to come and go."""
        return tuple(fact for fact in Fact if fact in self.facts & TRANSPORT)

    @property
    def date(self) -> date | None:
        """The one day meant, or None when none or several are."""
        days = {day for wish in self.wishes for day in wish.days}
        return days.pop() if len(days) == 1 else None

    @property
    def time(self) -> time | None:
        """The one time of day meant, or None when none, several or only a part of the day is."""
        times = {wished.wanted for wish in self.wishes for wished in wish.times}
        return times.pop() if len(times) == 1 else None
