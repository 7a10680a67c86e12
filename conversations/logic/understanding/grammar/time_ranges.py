"""Stretches of the day: "after 3", "not before 10", "between 2 and 4", "9-11am", "10ish", "around noon", "in 2 hours"."""

from collections.abc import Callable
from datetime import timedelta

from conversations.logic.understanding.grammar.clock import NOON_HOUR, Clock, clock_of
from conversations.logic.understanding.grammar.clock_times import clock_in, half_of
from conversations.logic.understanding.grammar.rules import Match, rule
from conversations.logic.understanding.grammar.said_times import Relation, SaidTime
from conversations.logic.understanding.kinds import GROUPS, KINDS

# Minutes that are counted to an hour: "5 to 18" is 17:55, "9 to 18" is a stretch.
FIVES, TEN = {5, 10, 15, 20, 25}, 10
CERTAIN_MINUTES = 15
LONGEST_WAIT_HOURS = 72
_COMING = frozenset(
    "come coming go going meet bring bringing drop stop start leave volvere voy ir llevo".split()
)
_NO_NOW = frozenset("not for until till by as than from before right-not dont".split())
_LETTERS = {kind: KINDS[kind] for kind in ("hour_unit", "minute_unit", "half", "quarter", "and")}


def _related(relation: Relation) -> Callable[[Match], SaidTime | None]:
    def build(match: Match) -> SaidTime | None:
        noon = match.one("noon")
        clock = Clock(noon[0], noon[1], "24h") if noon else clock_in(match)
        return SaidTime(relation, clock) if clock else None

    return build


def _between(match: Match) -> SaidTime | None:
    """Read both ends; a half of the day said once belongs to the last one and, if it fits, to the first."""
    ends = _clocks(match)
    if len(ends) != 2:  # noqa: PLR2004 -- a stretch has two ends
        return None
    return SaidTime(Relation.BETWEEN, ends[0], ends[1])


def _stretch(match: Match) -> SaidTime | None:
    """Read "2-4", "9 to 11am", but "5 to 11 in the evening" and "20 to 2" as minutes before an hour."""
    return _before_hour(match) or _between(match)


def _before_hour(match: Match) -> SaidTime | None:
    numbers = [int(number) for number in match.all("number")]
    is_plain = match.has("to") and not match.has("clock") and len(numbers) == 2  # noqa: PLR2004
    if not is_plain or numbers[0] not in FIVES or match.has("from_"):
        return None
    says_so = match.has("part") or match.has("at") or numbers[1] > NOON_HOUR
    if numbers[0] < CERTAIN_MINUTES and not (says_so or (numbers[0] != TEN and match.has("half_day"))):
        return None
    total = (numbers[1] * 60 - numbers[0]) % (24 * 60)
    if numbers[1] <= NOON_HOUR and total < 60:  # noqa: PLR2004 -- before one is twelve something
        total += NOON_HOUR * 60
    clock = clock_of(total // 60, total % 60, half_of(match))
    return SaidTime(Relation.EXACT, clock) if clock else None


def _clocks(match: Match) -> list[Clock]:
    """Return the two ends: each time with the am or pm that directly follows it."""
    found: list[Clock] = []
    letters = frozenset(KINDS[kind] for kind in GROUPS["time"])
    for at, letter in enumerate(match.shape):
        value = match.tokens.values[match.start + at]
        if letter in letters:
            hour, minute = value if isinstance(value, tuple) else (value, 0)
            if hour >= 100:  # noqa: PLR2004 -- 1530
                hour, minute = divmod(hour, 100)
            clock = clock_of(hour, minute)
            if clock is None:
                return []
            found.append(clock)
        elif letter == KINDS["noon"]:
            found.append(Clock(value[0], value[1], "24h"))
        elif letter == KINDS["half_day"] and found:
            found[-1] = clock_of(found[-1].hour, found[-1].minute, f"{value}m") or found[-1]
        elif letter == KINDS["part"] and found:
            found[-1] = found[-1].in_half(half_of(match))
    return found


def _from_now(match: Match) -> SaidTime | None:
    """Read "in 2 hours", "in half an hour", "in an hour and a half", "20 minutes from now"."""
    minutes, number, is_counted = 0.0, 1.0, False
    for at, letter in enumerate(match.shape):
        value = match.tokens.values[match.start + at]
        if letter in {_LETTERS["half"], _LETTERS["quarter"]}:
            minutes, number = (
                (minutes + value, 1.0) if minutes else (minutes, value / 60 + (number if is_counted else 0))
            )
        elif letter in {_LETTERS["hour_unit"], _LETTERS["minute_unit"]}:
            minutes += number * (60 if letter == _LETTERS["hour_unit"] else 1)
        elif isinstance(value, int) and value:
            number, is_counted = float(value), True
    if not 0 < minutes <= LONGEST_WAIT_HOURS * 60:
        return None
    sign = -1 if match.has("ago") else 1
    return SaidTime(Relation.MOMENT, moment=match.now + sign * timedelta(minutes=minutes))


def _now(match: Match) -> SaidTime | None:
    """Read "can I come now", but neither "not now" nor "for now" nor "now I see"."""
    before = match.tokens.texts[: match.start]
    if not before or before[-1] in _NO_NOW or _COMING.isdisjoint(before):
        return None
    return SaidTime(Relation.MOMENT, moment=match.now)


_HOUR = "(?:number | loose_number)"
_HALF = "(?: half_day | oclock half_day? | (?:comma? (?:in | at))? part | today_part)?"
_AT = f"(?:clock {_HALF} | {_HOUR} {_HALF} | long_number half_day? | year half_day | dotted half_day | noon)"
_NO_COUNT = "(?! unit | of | hour_unit | minute_unit | day_unit | week | month_unit | year_unit | opaque | any_month | slash_mark)"
_LENGTH = "(?:about? half hour_unit | hour and half hour_unit | (?:about? a? (?:number | loose_number) of? | about? a) (?:hour_unit (?:and (?:half | quarter | number minute_unit))? | minute_unit))"
_after, _before, _about = (
    _related(relation) for relation in (Relation.AFTER, Relation.BEFORE, Relation.ABOUT)
)
RULES = (
    rule("between times", f"(?:between | from) at? {_AT} (?:and | span | till | or) at? {_AT} {_NO_COUNT}", _between),
    rule("between times", f"(?:from | of) at? {_AT} (?:a | at) {_AT} {_NO_COUNT}", _between),
    rule("between times", f"at? {_AT} (?:dash | to | till) {_AT} {_NO_COUNT}", _stretch),
    rule("after a time", f"(?:not before | not till | after | past | from) about? at? {_AT} {_NO_COUNT}", _after),
    rule("after a time", f"{_AT} (?:or | and) (?:lateish | after)", _after),
    rule("before a time", f"(?:not after | before | till) about? at? {_AT} {_NO_COUNT}", _before),
    rule("before a time", f"{_AT} or (?:early | before)", _before),
    rule("about a time", f"about at? {_AT} ish? {_NO_COUNT}", _about),
    rule("about a time", f"at? {_AT} dash? ish half_day?", _about),
    rule("time from now", f"in {_LENGTH} (?! ago)", _from_now),
    rule("time from now", f"{_LENGTH} (?:from_now | from now | ago)", _from_now),
    rule("time from now", f"ago {_LENGTH}", _from_now),
    rule("now", "now (?= stop | comma | $)", _now),
)  # fmt: skip
