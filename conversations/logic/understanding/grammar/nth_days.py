"""Days counted within a month: "the first friday of july", "last monday of next month", "the last day of the month"."""

from calendar import monthrange
from datetime import date, timedelta

from conversations.logic.understanding.grammar.calendar import Days, add_months, one_day
from conversations.logic.understanding.grammar.rules import Match, rule

FIFTH = 5


def _months(match: Match) -> list[tuple[int, int]]:
    """Return the months that may be meant, the likeliest first: a named one of this year, else of the next."""
    today = match.today
    month, year = match.one("any_month"), match.one("year")
    if month:
        return [(int(year), int(month))] if year else [(today.year, int(month)), (today.year + 1, int(month))]
    ahead = 1 if match.has("next") else -1 if _has_last_month(match) else 0
    return [add_months(today.year, today.month, ahead)]


def _has_last_month(match: Match) -> bool:
    """Return whether it is last month that is counted in, not the last monday."""
    return "last month" in match.text


def _nth_weekday(match: Match) -> Days | None:
    weekday = int(match.one("any_weekday"))
    found = [day for month in _months(match) if (day := _nth(month, weekday, match.one("nth")))]
    return one_day(_next_or_first(found, match.today))


def _nth(month: tuple[int, int], weekday: int, count: int | None) -> date | None:
    """Return the nth such weekday of a month, the last one without a number."""
    first = date(*month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    if count is None:
        last = date(*month, monthrange(*month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    day += timedelta(weeks=int(count) - 1)
    return day if count <= FIFTH and day.month == month[1] else None


def _last_day(match: Match) -> Days | None:
    return one_day(
        _next_or_first([date(*month, monthrange(*month)[1]) for month in _months(match)], match.today)
    )


def _next_or_first(days: list[date], today: date) -> date | None:
    return next((day for day in days if day >= today), days[0] if days else None)


_MONTH = "(?:any_month year? | (?:the | this | next | last)* month_unit next?)"
RULES = (
    rule("nth weekday", f"the? (?:nth | last) any_weekday (?:of | in) {_MONTH}", _nth_weekday),
    rule("last day of a month", f"the? last day_unit (?:of | in) {_MONTH}", _last_day),
)  # fmt: skip
