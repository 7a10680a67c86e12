"""Days of the week: "tuesday", "next friday", "wednesday next week", "a week from monday", "last thursday"."""

from datetime import date, timedelta

from conversations.logic.understanding.grammar.calendar import Days, coming, monday_of, one_day
from conversations.logic.understanding.grammar.rules import Match, rule

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def _weekday(match: Match) -> int:
    return int(match.one("any_weekday"))


def _plain(match: Match) -> Days:
    """Return the coming one; said on that same weekday it may be today or a week from now: both, never a guess."""
    day = coming(_weekday(match), on_or_after=match.today)
    return Days((day, day + WEEK), day + WEEK) if day == match.today else Days((day,), day)


def _this(match: Match) -> Days | None:
    """Nobody calls today "this tuesday": it is the one to come."""
    return one_day(coming(_weekday(match), on_or_after=match.today + DAY))


def _of_this_week(match: Match) -> Days | None:
    """Read "Monday this week" said on a friday is over; nobody wishes it, but it may be told of."""
    return one_day(monday_of(match.today) + timedelta(days=_weekday(match)))


def _next(match: Match) -> Days:
    """Return both where people differ: "next friday" said on a Monday is this week's for half of them."""
    first = coming(_weekday(match), on_or_after=match.today + DAY)
    second = _of_next_week(match.today, _weekday(match))
    return Days(tuple(sorted({first, second})), second)


def _of_next_week(today: date, weekday: int) -> date:
    return monday_of(today) + WEEK + timedelta(days=weekday)


def _next_week(match: Match) -> Days | None:
    return one_day(_of_next_week(match.today, _weekday(match)))


def _last(match: Match) -> Days | None:
    """Read "Last friday" is that of the week before."""
    return one_day(monday_of(match.today) - WEEK + timedelta(days=_weekday(match)))


def _just_past(match: Match) -> Days | None:
    """Read "This past friday" is the one just over."""
    return one_day(coming(_weekday(match), on_or_after=match.today - WEEK))


def _weeks_on(match: Match) -> Days | None:
    """Read "Tuesday in two weeks", "a week from tuesday", "tuesday week": counted from the coming one."""
    count = int(match.one("count") or 1)
    return one_day(coming(_weekday(match), on_or_after=match.today) + count * WEEK)


def _weekdays_ago(match: Match) -> Days | None:
    """Read "Two fridays ago"."""
    last = coming(_weekday(match), on_or_after=match.today - WEEK)
    return one_day(last - (int(match.one("count") or 1) - 1) * WEEK)


def _in_week_ahead(match: Match) -> Days | None:
    """Read "Monday two weeks from now" is the monday of that week."""
    monday = monday_of(match.today) + int(match.one("count") or 1) * WEEK
    return one_day(monday + timedelta(days=_weekday(match)))


def _weekdays_on(match: Match) -> Days | None:
    """Read "Three fridays from now"."""
    count = int(match.one("count") or 1)
    return one_day(coming(_weekday(match), on_or_after=match.today + DAY) + (count - 1) * WEEK)


RULES = (
    rule("weekday", "the? weekday", _plain),
    rule("weekday", "(?:on | this | next | or | and | at | for | till | from | to | dash) loose_weekday", _plain),
    rule("weekday", "loose_weekday (?= at | (?:comma | or | and | dash | to) any_weekday | part | clock | number half_day)", _plain),
    rule("this weekday", "(?:on | the)? (?:this coming? | coming) any_weekday", _this),
    rule("this weekday", "this week comma? on? any_weekday", _of_this_week),
    rule("this weekday", "any_weekday comma? (?:of | in | on)? this week", _of_this_week),
    rule("next weekday", "(?:on | the | this)? next any_weekday", _next),
    rule("next weekday", "the? weekday next", _next),
    rule("weekday next week", "next week comma? on? the? any_weekday", _next_week),
    rule("weekday next week", "the? any_weekday comma? (?:of | in | on | the)* next week", _next_week),
    rule("weekday next week", "week next on? the? any_weekday | the? any_weekday of? word? week next", _next_week),
    rule("last weekday", "(?:on | the)? last any_weekday", _last),
    rule("last weekday", "the? weekday last", _last),
    rule("last weekday", "(?:on | the)? last week on? any_weekday | any_weekday (?:of | from | in)? the? last week", _last),
    rule("past weekday", "(?:this | the) past any_weekday | this weekday last | this last weekday", _just_past),
    rule("weeks from weekday", "count? week (?:from | after) (?:this | the)? any_weekday", _weeks_on),
    rule("weeks from weekday", "the? any_weekday in count week", _weeks_on),
    rule("weeks from weekday", "any_weekday (?:week | after next) (?! this | next | last)", _weeks_on),
    rule("weeks from weekday", "the? any_weekday comma? count week (?:from_now | from now)", _in_week_ahead),
    rule("weekdays ago", "count weekday ago", _weekdays_ago),
    rule("weekdays from now", "(?:in)? count weekday from_now | in count weekday", _weekdays_on),
)  # fmt: skip
