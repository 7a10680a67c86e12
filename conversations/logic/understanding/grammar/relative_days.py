"""Days counted from today: "tomorrow", "in 3 days", "two weeks from now", "3 days ago", "in 2 weeks and 3 days"."""

from datetime import timedelta

from conversations.logic.understanding.grammar.calendar import FARTHEST_DAYS, Days, months_from, one_day
from conversations.logic.understanding.grammar.rules import Match, rule
from conversations.logic.understanding.kinds import KINDS

LOOSE_COUNTS = {"couple", "few", "several"}
UNTOLD_COUNTS = {"few", "several"}
MONTHS_A_YEAR = 12
_UNITS = {
    KINDS["day_unit"]: "day",
    KINDS["week"]: "week",
    KINDS["month_unit"]: "month",
    KINDS["year_unit"]: "year",
}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def _offset(match: Match) -> Days | None:
    return one_day(match.today + timedelta(days=int(match.one("relative_day"))))


def _today(match: Match) -> Days | None:
    return one_day(match.today)


def _weeks_from(match: Match) -> Days | None:
    weeks = int(match.one("count") or 1)
    return one_day(match.today + timedelta(days=7 * weeks + int(match.one("relative_day"))))


def _ahead(match: Match) -> Days | None:
    return _counted(match, 1)


def _ahead_beside_weekday(match: Match) -> Days | None:
    return one_day(match.today + timedelta(days=int(match.one("count") or 1)))


def _next_day(match: Match) -> Days | None:
    return one_day(match.today + timedelta(days=1))


def _ago(match: Match) -> Days | None:
    return _counted(match, -1)


def _counted(match: Match, direction: int) -> Days | None:
    """Count days, weeks, months and years; weeks and longer name no day that could be booked without asking."""
    day, number, unit_seen = match.today, 1, ""
    for at, letter in enumerate(match.shape):
        value = match.tokens.values[match.start + at]
        unit = _UNITS.get(letter)
        if unit is None:
            number = int(value) if isinstance(value, int) and value > 0 else number
            continue
        if number * _DAYS[unit] > FARTHEST_DAYS:
            return None
        months = {"month": number, "year": number * MONTHS_A_YEAR}.get(unit)
        step = timedelta(days=direction * number * _DAYS[unit])
        day = months_from(day, direction * months) if months else day + step
        unit_seen = unit
    words = set(match.text.split())
    is_loose = unit_seen != "day" or not LOOSE_COUNTS.isdisjoint(words)
    return Days((day,), None if UNTOLD_COUNTS & words else day, is_loose=is_loose)


_UNIT = "(?:day_unit | week | month_unit | year_unit)"
_COUNT = "(?:about? a? (?:number | loose_number | long_number) of? | about? a)"
RULES = (
    rule("today", "late? relative_day", _offset),
    rule("today", "today_part", _today),
    rule("week from today", "count? week (?:from | after) relative_day", _weeks_from),
    rule("days ahead", f"in {_COUNT} {_UNIT} (?:comma? and? {_COUNT} {_UNIT})* (?! ago)", _ahead),
    rule("days ahead", f"{_COUNT} {_UNIT} (?:comma? and? {_COUNT} {_UNIT})* (?:from_now | from now)", _ahead),
    rule("days ahead", f"weekday comma? {_COUNT} day_unit (?:from_now | from now)", _ahead_beside_weekday),
    rule("days ahead", f"{_COUNT} {_UNIT} (?:comma? and? {_COUNT} {_UNIT})* later", _ahead),
    rule("next day", "(?:on? the)? next day_unit", _next_day),
    rule("days ago", f"{_COUNT} {_UNIT} (?:comma? and? {_COUNT} {_UNIT})* ago", _ago),
    rule("days ago", f"ago {_COUNT} {_UNIT}", _ago),
)  # fmt: skip
