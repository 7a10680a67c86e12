"""Days named in a text: which dates they may be, which one is said first, and what they rule out."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from conversations.logic.understanding.grammar import (
    asides,
    day_ranges,
    month_days,
    named_days,
    negation,
    nth_days,
    relative_days,
    weekdays,
)
from conversations.logic.understanding.grammar.calendar import Days, all_days, months_from
from conversations.logic.understanding.grammar.needs import letters_of, shape_pattern
from conversations.logic.understanding.grammar.rules import Found, Match, find
from conversations.logic.understanding.kinds import KINDS
from conversations.logic.understanding.tokens import Tokens

# "After tuesday" is open to the right; nobody who says so means more than the next fortnight.
OPEN_RANGE_DAYS = 14
# Words before and after a day that say what it is about.
WINDOW = 5
# Words that "two weeks after the" may take before the day it counts from.
MOST_COUNTED = 5
_COUNTS = letters_of("count")
_LINKS = frozenset(KINDS[kind] for kind in ("from", "after", "before", "the"))

RULES = (
    *month_days.RULES,
    *weekdays.RULES,
    *relative_days.RULES,
    *named_days.RULES,
    *nth_days.RULES,
    *day_ranges.RULES,
)
_AFTER = re.compile(
    r"\b(?:after|past|starting|from|since|later than|not before|no earlier than|not earlier than|not until|not till|not til|desde|despues de|despues del|a partir de|a partir del)(?: on)?(?: the| el)?$",
    re.ASCII,
)
_FROM_THAT_DAY = re.compile(
    r"(?:starting|from|before|until|till|til|desde|partir de|partir del)(?: on)?(?: the| el)?$", re.ASCII
)
_BEFORE = re.compile(
    r"\b(?:before|by|prior to|no later than|not later than|not after|earlier than|latest on|antes de|antes del|until|till|til|hasta|hasta el|up to|through)(?: on)?(?: the| el)?$",
    re.ASCII,
)
_EXCLUSIVE = re.compile(
    r"(?:before|prior to|earlier than|antes de|antes del)(?: on)?(?: the| el)?$", re.ASCII
)
_END_ONLY = re.compile(
    r"\b(?:until|till|til|hasta|hasta el|up to|leaving|departing|depart|ending|ends|returning)(?: on| from| town| at)?(?: the| el)?$",
    re.ASCII,
)
_NOT_UNTIL = re.compile(r"\bnot (?:until|till|til|before)(?: on)?(?: the| el)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class DayItem:
    """One expression of days in its place in the text; `is_aside`: it is told of, not wished for."""

    days: tuple[date, ...]
    said: date | None
    start: int
    end: int
    rule: str
    is_loose: bool = False
    is_negated: bool = False
    is_aside: bool = False
    is_end: bool = False


def find_days(tokens: Tokens, *, now: datetime, is_day_first: bool) -> list[DayItem]:
    """Return the days named in a text, in the order they stand there.

    A past date rolls forward unless its words say otherwise; "not tuesday" comes out negated, "after tuesday" as the days
    after it.
    """
    found = find(RULES, Match(tokens, 0, len(tokens.texts), now, is_day_first))
    return _spread_negation([_in_place(each, tokens, now.date()) for each in found], tokens)


_UNIT_DAYS = {KINDS["day_unit"]: 1, KINDS["week"]: 7, KINDS["month_unit"]: 0}
_COUNTED_FROM = shape_pattern(
    "(?:count of? (?:day_unit | week | month_unit) | the? day_unit) (?:from | after | before) the? $"
)


def _counted_from(item: DayItem, tokens: Tokens) -> DayItem:
    """Read "2 days after christmas", "a week before the 5th", "4 months from tomorrow"."""
    start = next(at for at in range(item.start, item.end + 1) if tokens.shape[at : at + 1] not in _LINKS)
    match = _COUNTED_FROM.search(tokens.shape, max(0, start - MOST_COUNTED), start)
    if match is None or item.said is None:
        return item
    count = next((tokens.values[at] for at in range(match.start(), start) if tokens.shape[at] in _COUNTS), 1)
    days = next(_UNIT_DAYS[letter] for letter in match[0] if letter in _UNIT_DAYS)
    sign = -1 if KINDS["before"] in match[0] else 1
    day = item.said + timedelta(days=sign * count * days) if days else months_from(item.said, sign * count)
    return replace(item, days=(day,), said=day, start=match.start())


def _in_place(found: Found[Days], tokens: Tokens, today: date) -> DayItem:
    texts, said = tokens.texts, found.item
    before = " ".join(texts[max(0, found.start - WINDOW) : _first_day_word(found, tokens)])
    after = " ".join(texts[found.end : found.end + WINDOW])
    item = DayItem(
        said.dates, said.said, found.start, found.end, found.rule, said.is_loose, is_end=said.is_end
    )
    if (counted := _counted_from(item, tokens)) is not item:
        return counted
    words = " ".join(texts[found.start : found.end])
    if asides.is_pleasantry(before, words) or asides.is_recurring(before, after):
        return replace(item, is_aside=True)
    if (
        "range" not in found.rule
        and _AFTER.search(before)
        and not (_BEFORE.search(before) and not _NOT_UNTIL.search(before))
    ):
        return _open_after(item, before)
    if _BEFORE.search(before):
        last = item.days[0] - timedelta(days=1 if _EXCLUSIVE.search(before) else 0) if item.days else today
        return replace(
            item,
            days=all_days(today, last),
            rule="before a day",
            is_loose=True,
            is_end=bool(_END_ONLY.search(before)),
        )
    if _END_ONLY.search(before):
        return replace(item, is_aside=True)
    return replace(item, is_negated=negation.is_day_ruled_out(before, after))


def _first_day_word(found: Found[Days], tokens: Tokens) -> int:
    """Return where the day itself begins: the words that bind it ("on", "after the") belong to what stands before."""
    start = found.start
    while start < found.end and tokens.texts[start] in _BINDING:
        start += 1
    return start if start < found.end else found.start


_BINDING = frozenset("on the for el los from between in after before till until since hasta desde".split())


def _open_after(item: DayItem, before: str) -> DayItem:
    if not item.days:
        return item
    first = item.days[-1] + timedelta(days=0 if _FROM_THAT_DAY.search(before) else 1)
    days = all_days(first, first + timedelta(days=OPEN_RANGE_DAYS - 1))
    return replace(item, days=days, rule="after a day", is_loose=True)


def _spread_negation(items: list[DayItem], tokens: Tokens) -> list[DayItem]:
    """Rule out both days of "not tuesday or wednesday"."""
    spread: list[DayItem] = []
    for item in items:
        between = " ".join(tokens.texts[spread[-1].end : item.start]) if spread else ""
        goes_on = spread and spread[-1].is_negated and negation.joins(between)
        spread.append(replace(item, is_negated=True) if goes_on else item)
    return spread
