"""Times of the clock: "3:30 pm", "at 3", "half past 3", "quarter to 5", "evening 4", "3 y media", "noon", "at 230"."""

from datetime import timedelta

from conversations.logic.understanding.grammar.clock import NOON_HOUR, Clock, clock_of
from conversations.logic.understanding.grammar.parts import PARTS
from conversations.logic.understanding.grammar.rules import Match, rule
from conversations.logic.understanding.grammar.said_times import Relation, SaidTime

HALF_HOUR, QUARTER = 30, 15
HUNDRED = 100


def half_of(match: Match) -> str:
    """Return the half of the day that an am, a pm or a part of the day in the words says."""
    said = match.one("half_day")
    if said:
        return f"{said}m"
    part = match.one("part") or match.one("today_part")
    return PARTS[part][2] if part else ""


def clock_in(match: Match) -> Clock | None:
    """Return the first time of the clock in the words: 3:30, 3, 330, 3 30."""
    half = half_of(match)
    numbers = match.all("time")
    if not numbers:
        return None
    value = numbers[0]
    if isinstance(value, tuple):
        hour, minute = value
        return clock_of(hour, minute, half)
    if value >= HUNDRED:
        return clock_of(value // HUNDRED, value % HUNDRED, half)
    minute = numbers[1] if len(numbers) > 1 else 0
    return clock_of(value, minute, half)


def _exact(match: Match) -> SaidTime | None:
    clock = clock_in(match)
    return SaidTime(Relation.EXACT, clock) if clock else None


def _on_the_fives(match: Match) -> SaidTime | None:
    """Read "at 230", "monday 1530"; "at 1512 main street" is no time of day."""
    return _exact(match) if [*match.all("long_number"), *match.all("year")][0] % 5 == 0 else None


def _hour_with_half(match: Match) -> SaidTime | None:
    """Read "3 pm", "8 at night"; "7 night stay" counts nights."""
    return None if match.text.split()[1:] == ["night"] else _exact(match)


def _two_numbers(match: Match) -> SaidTime | None:
    """Read "6 55 in the morning": the second number is written with two digits, or in words."""
    texts = match.tokens.texts[match.start : match.end]
    minutes = [text for text in texts if text.isdigit()][1:]
    if any(len(text) != 2 for text in minutes):  # noqa: PLR2004 -- 05, 30
        return None
    return _exact(match)


def _past(match: Match) -> SaidTime | None:
    """Read "half past 3", "25 past 1", "3 y media"."""
    return _with_minutes(match, 1)


def _to(match: Match) -> SaidTime | None:
    """Read "quarter to 5", "10 minutes before noon", "las 8 menos cuarto"."""
    return _with_minutes(match, -1)


def _with_minutes(match: Match, direction: int) -> SaidTime | None:
    hour, minutes = _hour_and_minutes(match)
    if hour is None or not 0 < minutes < HALF_HOUR * 2:
        return None
    base = timedelta(hours=hour, minutes=direction * minutes)
    total = int(base.total_seconds()) // 60
    if hour <= NOON_HOUR and total < HALF_HOUR * 2:  # quarter to one is 12:45
        total += NOON_HOUR * 60
    half = "pm" if match.has("noon") and direction > 0 else half_of(match)
    clock = clock_of(total // 60 % 24, total % 60, half)
    if clock and match.has("noon"):
        clock = Clock(clock.hour, clock.minute, "24h")
    return SaidTime(Relation.EXACT, clock) if clock else None


def _hour_and_minutes(match: Match) -> tuple[int | None, int]:
    """Return the hour, and the minutes before or after it; the hour comes last but in "las 3 y media"."""
    numbers = [int(number) for number in match.all("hour")]
    noon = match.one("noon")
    named = (match.all("quarter") or match.all("half") or [None])[0]
    if noon:
        return noon[0], named or (numbers[0] if numbers else 0)
    if named is not None:
        return (numbers[0] if numbers else None), int(named)
    if len(numbers) != 2:  # noqa: PLR2004 -- minutes and an hour
        return None, 0
    is_hour_first = match.has("minus") or match.has("and")
    return (numbers[0], numbers[1]) if is_hour_first else (numbers[1], numbers[0])


def _half_hour(match: Match) -> SaidTime | None:
    """Read the British "half nine"."""
    clock = clock_of(int(match.one("hour")), HALF_HOUR, half_of(match))
    return SaidTime(Relation.EXACT, clock) if clock else None


def _noon(match: Match) -> SaidTime:
    hour, minute = match.one("noon")
    return SaidTime(Relation.EXACT, Clock(hour, minute, "24h"))


def _part(match: Match) -> SaidTime:
    return SaidTime(Relation.PART, part=match.one("part") or match.one("today_part"))


_HOUR = "(?:number | loose_number)"
_IN = "comma? (?:in | at | on | of)?"
_SAYS_HALF = f"(?: half_day | oclock half_day? | {_IN} part | comma? today_part)"
# What a bare number counts when one of these follows it.
_NO_COUNT = "(?! unit | of | hour_unit | minute_unit | day_unit | week | month_unit | year_unit | dash number | opaque | slash_mark | any_month)"
_TIMES = "(?:time | half_day | noon)"
_MINUTES = "(?:quarter | half | number minute_unit? | loose_number minute_unit?)"
RULES = (
    rule("minutes past", f"at? {_MINUTES} (?:past | after) at? {_HOUR} {_SAYS_HALF}? part?", _past),
    rule("minutes past", f"at? {_MINUTES} (?:past | after) noon", _past),
    rule("minutes past", f"at {_HOUR} and (?:quarter | half | number) {_SAYS_HALF}?", _past),
    rule("minutes past", f"{_HOUR} and number {_SAYS_HALF}", _past),
    rule("minutes past", f"{_HOUR} and (?:quarter | half) {_SAYS_HALF}?", _past),
    rule("minutes to", f"at? {_MINUTES} (?:to | till | of | before) at? (?:{_HOUR} {_SAYS_HALF}? part? | noon)", _to),
    rule("minutes to", f"at? {_HOUR} half_day? minus (?:quarter | number) {_SAYS_HALF}?", _to),
    rule("time", f"at? the? clock {_SAYS_HALF}? part?", _exact),
    rule("time", f"at? {_HOUR} {_SAYS_HALF} part?", _hour_with_half),
    rule("time", f"at? dotted {_SAYS_HALF}", _exact),
    rule("time", "at dotted", _exact),
    rule("time", f"at? {_HOUR} number (?: half_day | oclock half_day? | {_IN} part | comma? today_part)", _two_numbers),
    rule("time", f"(?:at | taken | taken at) {_HOUR} number {_NO_COUNT}", _two_numbers),
    rule("time", f"{_HOUR} number (?:on | this)? taken", _two_numbers),
    rule("time", f"at? (?:long_number | year) {_SAYS_HALF}", _exact),
    rule("time", f"(?:at (?:long_number | year) | taken comma? long_number) {_NO_COUNT}", _on_the_fives),
    rule("time", "(?:long_number | year | number) hour_unit (?= $ | stop | comma | for | on)", lambda match: _exact(match) if match.one("time") > NOON_HOUR else None),
    rule("time", f"at the? {_HOUR} {_NO_COUNT}", _exact),
    rule("part of the day and hour", f"part comma? about? (?:at | of)? (?:{_HOUR} | clock | long_number) half_day? {_NO_COUNT}", _exact),
    rule("part of the day and hour", f"part comma? at? {_HOUR} number", _two_numbers),
    rule("part of the day and hour", f"today_part comma? about? at? (?:{_HOUR} | clock) half_day? {_NO_COUNT}", _exact),
    rule("day and hour", f"taken comma? {_HOUR} {_NO_COUNT} (?! word)", _exact),
    rule("hours or", f"{_HOUR} (?= (?:or | and | comma | slash_mark) (?:clock | {_HOUR}) (?:half_day | oclock | {_IN} part | on? taken))", _exact),
    rule("or hour", f"(?<= {_TIMES} or) {_HOUR} {_NO_COUNT}", _exact),
    rule("hour and day", "number (?:on | this)? taken", _exact),
    rule("half hour", f"half {_HOUR} {_SAYS_HALF}? {_NO_COUNT}", _half_hour),
    rule("noon", "at? the? noon", _noon),
    rule("part of the day", "(?:at | in | the | on)* (?:part | today_part)", _part),
)  # fmt: skip
