"""Days of a month: "december 5th", "the 5th", "el 5 de diciembre", "monday the 23rd", "11/24"."""

from datetime import date

from conversations.logic.understanding.grammar.calendar import (
    MONTHS_A_YEAR,
    Days,
    add_months,
    coming,
    full_year,
    next_of_month,
    next_of_year,
    one_day,
    safe_date,
)
from conversations.logic.understanding.grammar.rules import Match, rule

LAST_DAY, SMALLEST_YEAR, NOON_HOUR = 31, 100, 12
# How far ahead a "friday the 31st" is looked for.
MONTHS_SEARCHED = 14


def _in_month(match: Match) -> Days | None:
    """Read a day and a month; with a year exactly that date, even when it is over, else the next one."""
    day, month = int(match.one("day_number")), int(match.one("any_month"))
    year = match.one("year")
    found = safe_date(year, month, day) if year else next_of_year(month, day, today=match.today)
    return _beside_weekday(found, match)


def _in_short_year(match: Match) -> Days | None:
    """Read "22 aug 18", where the year has two digits."""
    day, year = (int(number) for number in match.all("day_number"))
    return _beside_weekday(safe_date(full_year(year), int(match.one("any_month")), day), match)


def _beside_weekday(day: date | None, match: Match) -> Days | None:
    """Where a weekday beside the date does not agree with it, either may be the slip."""
    weekday = match.one("any_weekday")
    if day is None or weekday is None or day.weekday() == weekday or match.has("year"):
        return one_day(day)
    return Days(tuple(sorted({day, coming(weekday, on_or_after=match.today)})), day)


def _of_month(match: Match) -> Days | None:
    """Read "the 5th", "the 5th of this month", "the 5th of next month"."""
    day = int(match.one("day_number"))
    if match.has("this") and match.has("month_unit"):
        return one_day(safe_date(match.today.year, match.today.month, day))
    if match.has("next"):
        return one_day(safe_date(*add_months(match.today.year, match.today.month, 1), day))
    if match.has("last"):
        return one_day(safe_date(*add_months(match.today.year, match.today.month, -1), day))
    return one_day(next_of_month(day, today=match.today))


def _weekday_and_number(match: Match) -> Days | None:
    """Read "friday the 31st": the next month in which they agree is said, the next such day and friday are meant."""
    weekday, day = int(match.one("any_weekday")), int(match.one("day_number"))
    first = next_of_month(day, today=match.today)
    if first is None:
        return None
    if first.weekday() == weekday:
        return one_day(first)
    agreeing = _agreeing(weekday, day, match.today)
    return Days(tuple(sorted({first, coming(weekday, on_or_after=match.today)})), agreeing or first)


def _weekday_and_late_number(match: Match) -> Days | None:
    """Read "monday 23", which is a day; "monday 9" is an hour."""
    return _weekday_and_number(match) if int(match.one("number")) > NOON_HOUR else None


def _agreeing(weekday: int, day: int, today: date) -> date | None:
    months = (add_months(today.year, today.month, ahead) for ahead in range(MONTHS_SEARCHED))
    dates = (safe_date(*month, day) for month in months)
    return next((found for found in dates if found and found >= today and found.weekday() == weekday), None)


def _plain_number(match: Match) -> Days | None:
    """Read "on the 5", "the 24": a number that can be no hour, or stands where a day stands."""
    day = int(match.one("day_number"))
    is_said = match.has("on") or match.has("for") or match.has("day_unit")
    if not 1 <= day <= LAST_DAY or not (is_said or (day > NOON_HOUR and match.text[-1].isdigit())):
        return None
    return _of_month(match)


def _numeric(match: Match) -> Days | None:
    """Read 11/24 in the order of the dealership's country, in the other order where only that is a date."""
    parts: tuple[int, ...] = match.one("slash_date")
    if parts[0] >= SMALLEST_YEAR:
        return _beside_weekday(safe_date(*parts), match)
    one, two = parts[0], parts[1]
    orders = ((two, one), (one, two)) if match.is_day_first else ((one, two), (two, one))
    found = (_numeric_in(order, parts[2:], match.today) for order in orders)
    day = next((each for each in found if each), None)
    return _beside_weekday(day, match)


def _numeric_in(order: tuple[int, int], year: tuple[int, ...], today: date) -> date | None:
    month, day = order
    if year:
        return safe_date(full_year(year[0]), month, day)
    return next_of_year(month, day, today=today) if month <= MONTHS_A_YEAR else None


_DAY = "(?:any_weekday (?:comma | stop)? (?:on? the)?)?"
_AFTER = "(?: comma? (?:of | in | this)? year (?! half_day) | this year_unit)?"
_NO_TIME = "(?! half_day | oclock | part | ish)"
_COUNTED = "(?! unit | hour_unit | minute_unit | day_unit | week | month_unit | year_unit | word | of | dash)"
RULES = (
    rule("month and day", f"{_DAY} any_month (?:stop | dash | comma)? the? day_number (?! unit) {_NO_TIME} {_AFTER} (?:comma? weekday)?", _in_month),
    rule("day and month", f"{_DAY} the? (?:day_unit)? day_number day_unit? (?:comma | stop)? (?:of | dash)? the? any_month stop? {_AFTER} (?:comma? weekday)?", _in_month),
    rule("day and month", f"{_DAY} day_number (?:any_month comma? | dash any_month dash) number {_NO_TIME}", _in_short_year),
    rule("day, month and year", "number dash any_month dash year | any_month dash number dash year | any_month slash_mark number | number slash_mark any_month (?:slash_mark year)?", _in_month),
    rule("year, month and day", "year comma? any_month day_number", _in_month),
    rule("day of month", "(?:on | for)? the? (?:day_unit)? (?<! a) ordinal (?:day_unit)? (?! unit)", _of_month),
    rule("day of month", "(?:on | for)? the? day_number day_unit? (?:of | in) (?:the | this | next | last)+ month_unit next?", _of_month),
    rule("day of month", f"(?:on | for) the loose_ordinal (?! word | unit | hour | part | week | day_unit | opaque) {_NO_TIME}", _of_month),
    rule("day of month", "(?:the | from | between) loose_ordinal (?= comma? (?:at | of | span | and) | stop | $)", _of_month),
    rule("day of month", f"(?:on | for)? the (?:day_unit)? number {_COUNTED} {_NO_TIME}", _plain_number),
    rule("weekday and day", "any_weekday comma? (?:on? the)? (?:day_unit)? (?:ordinal | loose_ordinal) (?:of this month_unit)?", _weekday_and_number),
    rule("weekday and day", f"any_weekday comma? the (?:day_unit)? number {_NO_TIME}", _weekday_and_number),
    rule("weekday and day", f"any_weekday number (?! number) {_COUNTED} {_NO_TIME}", _weekday_and_late_number),
    rule("date", f"{_DAY} (?:comma | on | the | this)* slash_date (?! unit) (?:comma? weekday)?", _numeric),
)  # fmt: skip
