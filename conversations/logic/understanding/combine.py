"""The days and times of a text put together: what is wished, what is ruled out, what was said first."""

import re
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeVar

from conversations.logic.understanding.days import DayItem, find_days
from conversations.logic.understanding.grammar import asides
from conversations.logic.understanding.grammar.said_times import Relation
from conversations.logic.understanding.kinds import KINDS
from conversations.logic.understanding.meaning import Context, Hours, TimeWish, Wish
from conversations.logic.understanding.times import TimeItem, find_times, first_time, half_beside, settle
from conversations.logic.understanding.tokens import Tokens

# Opening hours as most service departments have them; for am and pm where a dealership's own are not given.
USUAL_HOURS = tuple(Hours(weekday, time(7, 30), time(18)) for weekday in range(7))

_CORRECTION = re.compile(
    r"\b(?:actually|no wait|wait no|wait|sorry|i mean|i meant|scratch that|correction|or rather|make (?:it|that)|mejor|perdon|digo|no i said)\b",
    re.ASCII,
)
_CHANGE = re.compile(
    r"\b(?:change|changing|move|moving|switch|resched\w*|push|shift|amend|instead of|rather than|cambiar?|mover)\b",
    re.ASCII,
)
_NOT_WANTED = re.compile(
    r"\b(?:instead of|rather than|en vez de|en lugar de)(?: the| at| on| for| el| las)*$", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Said:
    """All the days and times of a text, and what they come to."""

    wishes: tuple[Wish, ...] = ()
    excluded: frozenset[date] = frozenset()
    on: date | None = None
    at: time | None = None
    rules: tuple[str, ...] = ()
    # How many days and times are wished for beside each other: more than one of a kind is a choice or a story.
    days: int = 0
    times: int = 0
    has_guessed_half: bool = False


NOTHING = Said()
Placed = TypeVar("Placed", DayItem, TimeItem)


def read_when(tokens: Tokens, *, context: Context, bare: TimeItem | None = None) -> Said:
    """Return the days and times of a text and what they mean together.

    `bare`: the whole text taken for an hour, where the question allows that.
    """
    days = find_days(tokens, now=context.now, is_day_first=context.is_day_first)
    times = find_times(tokens, days, now=context.now)
    if bare is not None and not days and not times:
        times = [bare]
    if not days and not times:
        return NOTHING
    days, times = _corrected(tokens, *_without_asides(tokens, days, times))
    days = _moved_to(days, " ".join(tokens.texts))
    return _together(days, times, context)


def _without_asides(
    tokens: Tokens, days: list[DayItem], times: list[TimeItem]
) -> tuple[list[DayItem], list[TimeItem]]:
    """Leave out what a sentence about the weather, a calendar or opening hours says, and what recurs."""
    other = [
        span for span in _sentences(tokens) if asides.is_other_topic(" ".join(tokens.texts[slice(*span)]))
    ]

    def is_aside(item: DayItem | TimeItem) -> bool:
        return any(start <= item.start < end for start, end in other)

    return (
        [item for item in days if not item.is_aside and not is_aside(item)],
        [item for item in times if not is_aside(item)],
    )


def _sentences(tokens: Tokens) -> list[tuple[int, int]]:
    """Return where each sentence begins and ends."""
    stops = [at for at, letter in enumerate(tokens.shape) if letter == KINDS["stop"]]
    starts = [0, *(stop + 1 for stop in stops)]
    return list(zip(starts, [*stops, len(tokens.texts)], strict=True))


def _corrected(
    tokens: Tokens, days: list[DayItem], times: list[TimeItem]
) -> tuple[list[DayItem], list[TimeItem]]:
    """After "actually" or "no wait" what was said before holds only where nothing new is said."""
    if len(days) + len(times) < 2:  # noqa: PLR2004 -- nothing to choose from
        return days, times
    text = " ".join(tokens.texts)
    for match in reversed(list(_CORRECTION.finditer(text))):
        said_from = text[: match.end()].count(" ")
        later_days = [item for item in days if item.start >= said_from]
        later_times = [item for item in times if item.start >= said_from]
        if later_days or later_times:
            days, times = later_days or days, later_times or times
            break
    return _changed(tokens, text, days), _changed(tokens, text, times)


def _changed(tokens: Tokens, text: str, items: list[Placed]) -> list[Placed]:
    """Of "change it from 3 to 4" and "4 instead of 3" keep what is wanted."""
    if len(items) < 2:  # noqa: PLR2004 -- nothing to choose from
        return items
    wanted = [
        item
        for item in items
        if not _NOT_WANTED.search(" ".join(tokens.texts[max(0, item.start - 4) : item.start]))
    ]
    before_last = tokens.texts[max(0, items[-1].start - 1)]
    if _CHANGE.search(text) and before_last in {"to", "a"}:
        return items[-1:]
    return wanted or items


def _moved_to(days: list[DayItem], text: str) -> list[DayItem]:
    """Read "move it from monday to wednesday" as wednesday, not as the days between."""
    if not _CHANGE.search(text):
        return days
    return [
        replace(item, days=item.days[-1:], said=item.days[-1]) if "range" in item.rule and item.days else item
        for item in days
    ]


def _together(days: list[DayItem], times: list[TimeItem], context: Context) -> Said:
    excluded = frozenset(day for item in days if item.is_negated for day in item.days)
    wanted = [item for item in days if not item.is_negated]
    pairs = _pairs(wanted, times) or [(wanted, times)]
    wishes = [_wish(*pair, excluded=excluded, context=context) for pair in pairs]
    clocks = [item for item in times if not item.is_part and not item.is_negated]
    return Said(
        tuple(wish for wish in wishes if wish.days or wish.times),
        excluded,
        _said_date(wanted, clocks),
        _said_time(clocks, times, context),
        (*(item.rule for item in days), *(item.rule for item in times)),
        len(wanted),
        len(clocks),
        any(_is_half_guessed(item, times) for item in clocks),
    )


def _pairs(days: list[DayItem], times: list[TimeItem]) -> list[tuple[list[DayItem], list[TimeItem]]]:
    """Return the pairs of "tuesday at 3 or wednesday at 4", which are two wishes; none where days share their times."""
    if len(days) < 2 or len(days) != len(times):  # noqa: PLR2004 -- two of each make pairs
        return []
    order = sorted([(item.start, 0) for item in days] + [(item.start, 1) for item in times])
    kinds = [kind for _, kind in order]
    if kinds not in ([0, 1] * len(days), [1, 0] * len(days)):
        return []
    return [([day], [moment]) for day, moment in zip(days, times, strict=True)]


def _wish(days: list[DayItem], times: list[TimeItem], *, excluded: frozenset[date], context: Context) -> Wish:
    dates = {day for item in days for day in item.days} - excluded
    times = [item for item in times if item.said.moment is None or item.said.moment >= context.now]
    dates |= {item.said.moment.date() for item in times if item.said.moment is not None}
    if not days and times and context.topic is not None:
        dates = {context.topic.date()}
    hours = tuple(
        stretch for stretch in context.hours if any(day.weekday() == stretch.weekday for day in dates)
    )
    wished = settle(times, hours=hours or context.hours or USUAL_HOURS)
    return Wish(
        tuple(day for day in sorted(dates) if _is_to_come(day, wished, context)),
        wished,
        is_loose=any(item.is_loose for item in days),
    )


def _is_to_come(day: date, wished: tuple[TimeWish, ...], context: Context) -> bool:
    """Leave out today when its wished time or its opening hours are over: "tuesday at 9" said at noon is next week's."""
    if day != context.now.date():
        return day > context.now.date()
    now = context.now.time()
    if wished:
        return any(moment.latest > now for moment in wished)
    closing = [stretch.closes_at for stretch in context.hours if stretch.weekday == day.weekday()]
    return not context.hours or any(closes_at > now for closes_at in closing)


def _said_date(wanted: list[DayItem], clocks: list[TimeItem]) -> date | None:
    """Return the day named first; where it ends, or a whole week, is none."""
    for item in wanted:
        if item.said is not None and not item.is_end:
            return item.said
    moment = next((item.said.moment for item in clocks if item.said.moment is not None), None)
    return moment.date() if moment and not wanted else None


def _said_time(clocks: list[TimeItem], times: list[TimeItem], context: Context) -> time | None:
    half = half_beside([item for item in times if item.is_part])
    hours = context.hours or USUAL_HOURS
    return next((found for item in clocks if (found := first_time(item, half=half, hours=hours))), None)


def _is_half_guessed(item: TimeItem, times: list[TimeItem]) -> bool:
    """Return whether only opening hours say which half of the day is meant."""
    clock = item.said.first
    has_part = any(each.is_part for each in times)
    return (
        clock is not None
        and not clock.is_settled
        and not has_part
        and item.said.relation is not Relation.MOMENT
    )
