"""Days with names of their own: "christmas", "labor day", "the day after thanksgiving"."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from conversations.logic.understanding.grammar.calendar import Days, one_day
from conversations.logic.understanding.grammar.rules import Match, rule

MONDAY, THURSDAY, SUNDAY = 0, 3, 6


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(count: int, weekday: int, month: int) -> Callable[[int], date]:
    """Return the finder of the nth such weekday of a month; -1 is the last one."""

    def find(year: int) -> date:
        if count < 0:
            last = date(year, month, monthrange(year, month)[1])
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))

    return find


def _easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


_NAMED: dict[str, Callable[[int], date]] = {
    "christmas": _fixed(12, 25),
    "christmas eve": _fixed(12, 24),
    "new year": _fixed(1, 1),
    "new year's eve": _fixed(12, 31),
    "halloween": _fixed(10, 31),
    "valentine's day": _fixed(2, 14),
    "independence day": _fixed(7, 4),
    "veterans day": _fixed(11, 11),
    "juneteenth": _fixed(6, 19),
    "st patrick's day": _fixed(3, 17),
    "cinco de mayo": _fixed(5, 5),
    "thanksgiving": _nth(4, THURSDAY, 11),
    "black friday": lambda year: _nth(4, THURSDAY, 11)(year) + timedelta(days=1),
    "labor day": _nth(1, MONDAY, 9),
    "memorial day": _nth(-1, MONDAY, 5),
    "columbus day": _nth(2, MONDAY, 10),
    "martin luther king day": _nth(3, MONDAY, 1),
    "presidents day": _nth(3, MONDAY, 2),
    "mother's day": _nth(2, SUNDAY, 5),
    "father's day": _nth(3, SUNDAY, 6),
    "easter": _easter,
}


def _named(match: Match) -> Days | None:
    find = _NAMED[match.one("holiday")]
    year = match.one("year")
    if year:
        return one_day(find(int(year)))
    if match.has("last"):
        return one_day(max(day for back in (0, 1) if (day := find(match.today.year - back)) < match.today))
    return one_day(min(day for ahead in (0, 1) if (day := find(match.today.year + ahead)) >= match.today))


RULES = (rule("named day", "(?:on | this | next | last)* holiday (?:of? year)?", _named),)
