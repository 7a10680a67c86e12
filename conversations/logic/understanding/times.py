"""Times of day named in a text, and what they mean together once opening hours settle the half of the day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time

from conversations.logic.understanding.days import WINDOW, DayItem
from conversations.logic.understanding.grammar import asides, clock_times, negation, time_ranges
from conversations.logic.understanding.grammar.clock import Clock, both_halves, readings, shifted
from conversations.logic.understanding.grammar.parts import DAY_END, DAY_START, PARTS
from conversations.logic.understanding.grammar.rules import Match, find
from conversations.logic.understanding.grammar.said_times import Relation, SaidTime
from conversations.logic.understanding.kinds import KINDS
from conversations.logic.understanding.meaning import Hours, TimeWish
from conversations.logic.understanding.tokens import Tokens

# "Around 3" is up to an hour before or after.
ABOUT_MINUTES = 60

RULES = (*time_ranges.RULES, *clock_times.RULES)


@dataclass(frozen=True, slots=True)
class TimeItem:
    """One expression of time in its place in the text."""

    said: SaidTime
    start: int
    end: int
    rule: str
    is_negated: bool = False

    @property
    def is_part(self) -> bool:
        return self.said.relation is Relation.PART


def find_times(tokens: Tokens, days: list[DayItem], *, now: datetime) -> list[TimeItem]:
    """Return the times named in a text in order; words that name a day are not read again."""
    left = Tokens(tokens.texts, _without(days, tokens.shape), tokens.values)
    found = find(RULES, Match(left, 0, len(tokens.texts), now))
    items = [TimeItem(each.item, each.start, each.end, each.rule) for each in found]
    kept = [item for item in items if not _greets(item, tokens) and not _ends_something(item, tokens)]
    return [replace(item, is_negated=_is_negated(item, tokens)) for item in kept]


def _without(days: list[DayItem], shape: str) -> str:
    """Put the kind "taken" in the place of the days; a part of the day said with one ("tonight") stays."""
    for item in days:
        own = shape[item.start : item.end]
        kept = "".join(each if each == KINDS["today_part"] else KINDS["taken"] for each in own)
        shape = shape[: item.start] + kept + shape[item.end :]
    return shape


def _greets(item: TimeItem, tokens: Tokens) -> bool:
    return item.is_part and asides.is_greeting(" ".join(tokens.texts[max(0, item.start - 2) : item.start]))


def _ends_something(item: TimeItem, tokens: Tokens) -> bool:
    return asides.is_end(" ".join(tokens.texts[max(0, item.start - WINDOW) : item.start + 1]))


def _is_negated(item: TimeItem, tokens: Tokens) -> bool:
    if item.said.relation in {Relation.AFTER, Relation.BEFORE}:
        return False
    return negation.is_time_ruled_out(" ".join(tokens.texts[max(0, item.start - WINDOW) : item.start]))


def settle(items: list[TimeItem], *, hours: tuple[Hours, ...]) -> tuple[TimeWish, ...]:
    """Return what the times mean together: every hour in each half of the day it may be in.

    The half is the one said, else that of the part of the day named beside it, else the one in which the
    dealership is open; when it is open in both, both come out and the customer is asked. A ruled-out part
    of the day leaves the rest of it, a ruled-out hour leaves nothing to go by.
    """
    clocks = _share_half([item for item in items if not item.is_part and not item.is_negated])
    parts = [item for item in items if item.is_part and not item.is_negated]
    if clocks:
        half = half_beside(parts)
        return tuple(dict.fromkeys(wish for item in clocks for wish in _wishes(item.said, half, hours)))
    wished = tuple(TimeWish(*PARTS[item.said.part][:2]) for item in parts)
    return wished or tuple(wish for item in items if item.is_negated for wish in _rest_of_day(item.said))


def half_beside(parts: list[TimeItem]) -> str:
    halves = {PARTS[item.said.part][2] for item in parts if item.said.part} - {""}
    return halves.pop() if len(halves) == 1 else ""


def _share_half(items: list[TimeItem]) -> list[TimeItem]:
    """Say pm for both of "2 or 3pm"."""
    shared: list[TimeItem] = []
    for item in reversed(items):
        following = shared[-1].said.first if shared else None
        first = item.said.first
        if first and following and not first.is_settled and following.half in {"am", "pm"}:
            item = replace(item, said=replace(item.said, first=first.in_half(following.half)))  # noqa: PLW2901
        shared.append(item)
    return shared[::-1]


def _rest_of_day(said: SaidTime) -> Iterator[TimeWish]:
    """Yield the rest of the day after "not in the morning"."""
    if said.relation is not Relation.PART:
        return
    earliest, latest, half = PARTS[said.part]
    if half == "am":
        yield TimeWish(shifted(latest, 1), DAY_END)
    elif earliest > DAY_START:
        yield TimeWish(DAY_START, shifted(earliest, -1))


def _wishes(said: SaidTime, half: str, hours: tuple[Hours, ...]) -> Iterator[TimeWish]:
    if said.moment is not None:
        at = said.moment.time().replace(second=0, microsecond=0)
        yield TimeWish(at, at, at)
    elif said.relation is Relation.BETWEEN:
        yield from _stretch(said, half, hours)
    elif said.first is not None:
        is_end = said.relation is Relation.BEFORE
        for moment in readings(said.first.in_half(half), hours=hours, is_end=is_end):
            yield _wish(said.relation, moment)


def _wish(relation: Relation, moment: time) -> TimeWish:
    if relation is Relation.ABOUT:
        return TimeWish(shifted(moment, -ABOUT_MINUTES), shifted(moment, ABOUT_MINUTES), moment)
    if relation is Relation.AFTER:
        return TimeWish(moment, DAY_END)
    return TimeWish(DAY_START, moment) if relation is Relation.BEFORE else TimeWish(moment, moment, moment)


def _stretch(said: SaidTime, half: str, hours: tuple[Hours, ...]) -> Iterator[TimeWish]:
    """Yield the stretch: "9 to 11am" is in the morning, "11 to 2" goes over noon, the start being the closest before."""
    ends = _ends(said, half, hours)
    if ends is not None:
        yield TimeWish(*ends)


def _ends(said: SaidTime, half: str, hours: tuple[Hours, ...]) -> tuple[time, time] | None:
    if said.first is None or said.last is None:
        return None
    last = readings(said.last.in_half(half), hours=hours, is_end=True)[0]
    firsts = readings(said.first, hours=hours) if said.first.is_settled else both_halves(said.first)
    earlier = [first for first in firsts if first < last]
    return (max(earlier), last) if earlier else None


def first_time(item: TimeItem, *, half: str, hours: tuple[Hours, ...]) -> time | None:
    """Return the one time that an expression names first of all, None for a mere part of the day."""
    said = item.said
    if said.moment is not None:
        return said.moment.time().replace(second=0, microsecond=0)
    if said.first is None:
        return None
    if said.relation is Relation.BETWEEN and (ends := _ends(said, half, hours)):
        return ends[0]
    clock: Clock = said.first.in_half(half)
    return readings(clock, hours=hours, is_end=said.relation is Relation.BEFORE)[0]
