"""What to do with a reply that was understood: book, ask one question, close, or hand over to an advisor. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking.logic.slots import FreeSlot
from conversations.enums import Intent, WaitingReason
from conversations.logic.understanding import Understanding, Wish

# A reading less sure than this is for a person.
ACT_ALONE = 0.7
# Questions we ask in a row before a person takes over: more would only tire the customer.
MAX_QUESTIONS = 3
# Offered at once: what one text holds and one look takes in.
MAX_OFFERED = 3
# Free times are looked for this far past the wished day, and this far ahead where none was wished.
SEARCH_PAST, SEARCH_AHEAD = timedelta(days=8), timedelta(days=21)


class Question(StrEnum):
    """What is asked with the offered times."""

    WHICH = "which"  # all of these fit what the customer said
    TAKEN = "taken"  # what they said is not free; these are close
    WHEN = "when"  # they named no time
    MOVE = "move"  # they have an appointment: move it to this one?


class Farewell(StrEnum):
    DECLINED = "declined"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class State:
    """Where the conversation stands; times are wall times of the dealership."""

    now: datetime
    horizon_on: date
    offered: tuple[FreeSlot, ...] = ()
    booked: datetime | None = None
    questions_asked: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """Book this slot, or move the customer's appointment to it."""

    slot: FreeSlot


@dataclass(frozen=True, slots=True)
class Ask:
    question: Question
    offered: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Cancel the customer's appointment."""


@dataclass(frozen=True, slots=True)
class Close:
    """Say goodbye; nothing is open."""

    farewell: Farewell


@dataclass(frozen=True, slots=True)
class SayHelp:
    """Say who we are and how to stop."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A thank-you or an OK to a confirmation: an answer would only be noise."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Have an advisor answer; no automatic message."""

    reason: WaitingReason


Move = Book | Ask | CancelBooking | Close | SayHelp | Ignore | HandOver

_FOR_A_PERSON: tuple[tuple[Intent, WaitingReason], ...] = (
    (Intent.COMPLAINT, WaitingReason.ASKED_FOR_PERSON),
    (Intent.HUMAN, WaitingReason.ASKED_FOR_PERSON),
    (Intent.WRONG_PERSON, WaitingReason.FACTS_CHANGED),
    (Intent.SOLD_VEHICLE, WaitingReason.FACTS_CHANGED),
    (Intent.ALREADY_DONE, WaitingReason.FACTS_CHANGED),
    (Intent.QUESTION, WaitingReason.ASKED_QUESTION),
)


def decide(understanding: Understanding, *, state: State, free: Sequence[FreeSlot]) -> Move:
    """Return the one thing to do about a reply.

    In this order: what only a person can deal with; what is not sure; an offered time picked; a cancellation; a wished day or
    time; another time; no and not now; yes; thanks. `free` are the free slots up to `search_end`, sorted.
    """
    for intent, reason in _FOR_A_PERSON:
        if intent in understanding.intents:
            return HandOver(reason)
    if understanding.confidence < ACT_ALONE:
        return HandOver(WaitingReason.NOT_UNDERSTOOD)
    if understanding.choice is not None:
        return Book(state.offered[understanding.choice])
    return _answer(understanding, state, [slot for slot in free if _is_allowed(slot, understanding)])


def search_end(understanding: Understanding, *, state: State) -> datetime:
    """Return until when (local wall time) free slots are needed to decide."""
    days = [day for wish in understanding.wishes for day in wish.days]
    last = datetime.combine(max(days, default=state.now.date()), state.now.time())
    return max(last + SEARCH_PAST, state.now + SEARCH_AHEAD)


def _is_allowed(slot: FreeSlot, understanding: Understanding) -> bool:
    return slot.local_start.date() not in understanding.excluded_days


def _answer(understanding: Understanding, state: State, free: Sequence[FreeSlot]) -> Move:
    said = set(understanding.intents)
    if Intent.CANCEL in said and not _names_other_time(understanding, state):
        return CancelBooking() if state.booked else Close(Farewell.DECLINED)
    if understanding.wishes:
        return _answer_wish(understanding, state, free)
    if said & {Intent.RESCHEDULE, Intent.OTHER_TIME, Intent.PROPOSE}:
        return _ask(Question.WHEN, spread(_not_offered(free, state)), state)
    if Intent.HELP in said:
        return SayHelp()
    return _answer_short(said, state, free)


def _answer_short(said: set[Intent], state: State, free: Sequence[FreeSlot]) -> Move:
    """Answer a bare no, not now, yes or thanks."""
    if Intent.DECLINE in said or Intent.LATER in said:
        return _say_goodbye(said, state)
    if Intent.ACCEPT in said:
        return _answer_yes(state, free)
    return Ignore() if Intent.THANKS in said else HandOver(WaitingReason.NOT_UNDERSTOOD)


def _names_other_time(understanding: Understanding, state: State) -> bool:
    """Tell "cancel tuesday, can I come friday?", which wants friday, from "cancel my tuesday appointment"."""
    booked = state.booked
    return bool(understanding.wishes) and not (
        booked and any(wish.fits(booked) for wish in understanding.wishes)
    )


def _say_goodbye(said: set[Intent], state: State) -> Move:
    """Say goodbye, unless there is an appointment: a bare no to that may mean anything, and an advisor asks."""
    if state.booked:
        return HandOver(WaitingReason.NOT_UNDERSTOOD)
    return Close(Farewell.DECLINED if Intent.DECLINE in said else Farewell.LATER)


def _answer_yes(state: State, free: Sequence[FreeSlot]) -> Move:
    if len(state.offered) == 1:
        return Book(state.offered[0])
    if state.offered:
        return _ask(Question.WHICH, state.offered, state)
    return Ignore() if state.booked else _ask(Question.WHEN, spread(free), state)


def _answer_wish(understanding: Understanding, state: State, free: Sequence[FreeSlot]) -> Move:
    wishes = understanding.wishes
    if all(wish.days and wish.days[0] > state.horizon_on for wish in wishes):
        return HandOver(WaitingReason.NO_FREE_SLOT)
    fitting = [slot for slot in free if any(wish.fits(slot.local_start) for wish in wishes)]
    named = _named_moment(wishes)
    if named is not None and (slot := next((s for s in fitting if s.local_start == named), None)):
        return _take(slot, understanding, state)
    target = named or _first_moment(wishes, state)
    if fitting:
        close = _closest(fitting, target) if named else spread(fitting)
        return _ask(Question.WHICH, close, state)
    return _ask(Question.TAKEN, _closest(free, target), state)


def _take(slot: FreeSlot, understanding: Understanding, state: State) -> Move:
    """One who has an appointment and names another time may want a second one: that is asked first."""
    if state.booked in {None, slot.local_start} or Intent.RESCHEDULE in understanding.intents:
        return Book(slot)
    return _ask(Question.MOVE, (slot,), state)


def _named_moment(wishes: tuple[Wish, ...]) -> datetime | None:
    """Return the one moment a wish names: one day, one time, nothing loose about either."""
    if len(wishes) != 1 or wishes[0].is_loose:
        return None
    (wish,) = wishes
    if len(wish.days) != 1 or len(wish.times) != 1 or wish.times[0].wanted is None:
        return None
    return datetime.combine(wish.days[0], wish.times[0].wanted)


def _first_moment(wishes: tuple[Wish, ...], state: State) -> datetime:
    days = [wish.days[0] for wish in wishes if wish.days]
    times = [wished.wanted or wished.earliest for wish in wishes for wished in wish.times]
    noon = state.now.time().replace(hour=12, minute=0)
    return datetime.combine(min(days, default=state.now.date()), min(times, default=noon))


def _ask(question: Question, offered: Sequence[FreeSlot], state: State) -> Move:
    if not offered:
        return HandOver(WaitingReason.NO_FREE_SLOT)
    if state.questions_asked >= MAX_QUESTIONS:
        return HandOver(WaitingReason.MANY_QUESTIONS)
    return Ask(question, tuple(offered))


def _not_offered(free: Sequence[FreeSlot], state: State) -> list[FreeSlot]:
    """Leave out what was offered and did not suit, unless there is nothing else."""
    before = {slot.starts_at for slot in state.offered}
    return [slot for slot in free if slot.starts_at not in before] or list(free)


def _closest(free: Iterable[FreeSlot], target: datetime) -> list[FreeSlot]:
    by_distance = sorted(free, key=lambda slot: (abs(slot.local_start - target), slot.local_start < target))
    return sorted(by_distance[:MAX_OFFERED], key=lambda slot: slot.starts_at)


def spread(free: Sequence[FreeSlot]) -> list[FreeSlot]:
    """Return up to three slots that differ: of three days, each at another time of day, else spread over the day."""
    days: dict[date, list[FreeSlot]] = {}
    for slot in free:
        days.setdefault(slot.local_start.date(), []).append(slot)
    if len(days) >= MAX_OFFERED:
        first_days = list(days.values())[:MAX_OFFERED]
        return [slots[len(slots) * index // MAX_OFFERED] for index, slots in enumerate(first_days)]
    if len(free) <= MAX_OFFERED:
        return list(free)
    return [free[0], free[len(free) // 2], free[-1]]
