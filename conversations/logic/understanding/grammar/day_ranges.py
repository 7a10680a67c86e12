"""Stretches of days: "next week", "early next week", "the weekend", "monday to wednesday", "in march", "any day"."""

from datetime import date, timedelta

from conversations.logic.understanding.grammar.calendar import (
    Days,
    all_days,
    coming,
    monday_of,
    months_from,
    next_of_month,
    next_of_year,
    safe_date,
)
from conversations.logic.understanding.grammar.rules import Match, rule

SUNDAY, SATURDAY = 6, 5
WEEK = timedelta(days=7)
_NARROWED = {"early": (0, 1), "mid": (1, 3), "end_of": (3, 5), "late": (3, 5)}


def _narrowing(match: Match) -> str:
    return next((kind for kind in _NARROWED if match.has("lateish" if kind == "late" else kind)), "")


def _week(match: Match) -> Days:
    """Return the days of this, next or the following week that are still to come; early, mid and late narrow it."""
    ahead = 0 if match.has("this") else 2 if match.has("after") else 1
    part, today = _narrowing(match), match.today
    monday = monday_of(today) + ahead * WEEK
    first, last = _NARROWED.get(part, (0, 6))
    if part == "late" and not ahead:
        today, first, last = today + timedelta(days=1), 0, 6
    days = all_days(max(today, monday + timedelta(days=first)), monday + timedelta(days=last))
    return Days(days, is_loose=True)


def _week_of(match: Match) -> Days | None:
    """Read "The week of the 18th"."""
    day = int(match.one("day_number"))
    month = match.one("any_month")
    found = next_of_year(month, day, today=match.today) if month else next_of_month(day, today=match.today)
    if found is None:
        return None
    monday = monday_of(found)
    return Days(all_days(max(match.today, monday), monday + timedelta(days=6)), is_loose=True)


def _past_week(match: Match) -> Days:
    monday = monday_of(match.today) - WEEK
    return Days(all_days(monday, monday + timedelta(days=6)), is_loose=True)


def _weekend(match: Match) -> Days:
    today = match.today
    saturday = today - timedelta(days=1) if today.weekday() == SUNDAY else coming(SATURDAY, on_or_after=today)
    if match.has("last"):
        saturday -= WEEK
    ahead = WEEK if match.has("next") else timedelta()
    days = (saturday + ahead, saturday + ahead + timedelta(days=1))
    return Days(tuple(day for day in days if day >= today or match.has("last")), is_loose=True)


def _weekday_range(match: Match) -> Days:
    first, last = (int(weekday) for weekday in match.all("any_weekday"))
    start = coming(first, on_or_after=match.today + timedelta(days=1))
    if match.has("next"):
        start = monday_of(match.today) + WEEK + timedelta(days=first)
    return Days(all_days(start, coming(last, on_or_after=start)), start)


def _day_range(match: Match) -> Days | None:
    """Read "from the 3rd to the 6th", "between the 17th and 21st of may", "aug 18 to aug 26"."""
    numbers = [int(number) for number in match.all("day_number")]
    if len(numbers) != 2:  # noqa: PLR2004 -- a stretch has two ends
        return None
    first, last = numbers
    months = [int(month) for month in match.all("any_month")]
    if months:
        end = next_of_year(months[-1], last, today=match.today)
        start_month = months[0] if len(months) > 1 or first <= last else months[0] - 1 or 12
        start = next_of_year(start_month, first, today=match.today)
    else:
        start, end = (next_of_month(each, today=match.today) for each in (first, last))
    if start is None or end is None:
        return None
    days = all_days(start, end if end >= start else _end_after(start, last))
    return Days(days, start) if days else None


def _end_after(start: date, day: int) -> date:
    return next_of_month(day, today=start) or start


def _month(match: Match) -> Days:
    """Return the days of a month still to come; beginning, middle and end narrow it."""
    month = match.one("any_month")
    first = _first_of(match, month)
    last = months_from(first, 1) - timedelta(days=1)
    part = _narrowing(match)
    if part in {"end_of", "late"}:
        first = last - timedelta(days=6)
    elif part == "early":
        last = first + timedelta(days=6)
    elif part == "mid":
        first, last = first + timedelta(days=9), first + timedelta(days=19)
    return Days(all_days(max(first, match.today), last), is_loose=True)


def _first_of(match: Match, month: int | None) -> date:
    today = match.today
    if month:
        year = match.one("year") or today.year + (month < today.month)
        return safe_date(int(year), int(month), 1) or today.replace(day=1)
    return months_from(today.replace(day=1), 1 if match.has("next") else 0)


_PART = "(?:the? (?:early | mid | lateish | end_of) (?:of | in | on | dash)? the?)?"
_NTH = "(?:ordinal | loose_ordinal | number)"
RULES = (
    rule("week", f"{_PART} in? the? (?:this | next) week | {_PART} week next", _week),
    rule("week", f"{_PART} the? week after next? | {_PART} the next week | {_PART} the week next", _week),
    rule("week of", f"the? week of (?:any_month the? {_NTH} | the? {_NTH} of? any_month?)", _week_of),
    rule("last week", "the? last week", _past_week),
    rule("weekend", "(?:on? (?:the | this | next | last)* | this | next) weekend next?", _weekend),
    rule("weekday range", "(?:from | between)? next? any_weekday (?:span | and) (?:the | next)? any_weekday", _weekday_range),
    rule("day range", f"(?:from | between) the? {_NTH} of? any_month (?:span | and | till) the? {_NTH} (?:of? any_month)? (?! unit)", _day_range),
    rule("day range", f"(?:from | between) the? {_NTH} (?:span | and | till) the? {_NTH} of? any_month", _day_range),
    rule("day range", "(?:from | between) the? ordinal (?:span | and | till) the? ordinal (?! unit)", _day_range),
    rule("day range", "(?:from | between)? the? ordinal (?:of? any_month)? (?:span | till) the? ordinal (?:of? any_month)?", _day_range),
    rule("day range", "(?:from | between)? the? (?:number | ordinal) of? any_month (?:span | till) the? (?:number | ordinal) of? any_month", _day_range),
    rule("day range", f"(?:from | between)? any_month the? {_NTH} (?:span | till | and) (?:any_month the?)? {_NTH} (?! half_day | clock)", _day_range),
    rule("day range", "the? number dash number of? any_month", _day_range),
    rule("month", f"{_PART} (?:in | till)? (?:the? next month_unit | this month_unit | month_unit next)", _month),
    rule("month", f"{_PART} (?:the | this | next)? (?:(?<= early) | (?<= mid) | (?<= lateish) | (?<= end_of) | (?<= of)) any_month year? (?! day_number)", _month),
    rule("month", "(?:in | before | after | till | this | from) any_month (?:of? year)? (?! the? day_number)", _month),
    rule("month", f"{_PART} the month_unit", _month),
)  # fmt: skip
