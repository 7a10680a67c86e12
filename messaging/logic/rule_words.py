"""Rules of the law in words, for whoever asks why something waits."""

from __future__ import annotations

from datetime import time
from itertools import groupby

from messaging.enums import Part
from messaging.logic.postal import STATE_NAMES
from messaging.logic.rules import DAYS, EVERYWHERE, Cap, Hours, Parts, Rule, Span

COUNTRIES = {"US": "United States", "CA": "Canada"}
HOURS_OF_A_DAY = 24


def say_terms(rule: Rule) -> str:
    """Return what a rule says, as in `Monday to Friday 10:00 to 17:00, not on holidays`."""
    match rule.terms:
        case Hours(week, keeps_holidays):
            return say_week(week) + (", not on holidays" if keeps_holidays else "")
        case Cap() as cap:
            return _say_cap(cap)
        case Parts(needed):
            return "It must say " + _join([part.label for part in Part if part in needed])
    return "Ended"


def say_week(week: tuple[Span | None, ...]) -> str:
    """Return the hours of a week, days with the same hours together."""
    runs = [
        (span, [day for day, _ in group])
        for span, group in groupby(enumerate(week), key=lambda each: each[1])
    ]
    return ", ".join(f"{_say_days(days)} {_say_span(span)}" for span, days in runs if span)


def say_place(jurisdiction: str) -> str:
    """Return where a rule holds, in words."""
    if jurisdiction == EVERYWHERE:
        return "everywhere"
    country, _, part = jurisdiction.partition("-")
    names = STATE_NAMES.get(country, {})
    longest = max((name for name, code in names.items() if code == part), key=len, default=part)
    return (
        longest.title().replace(" Of ", " of ").replace(" And ", " and ")
        if part
        else COUNTRIES.get(country, country)
    )


def say_rule(rule: Rule) -> str:
    """Return a rule with where it holds and its source."""
    where = "" if rule.jurisdiction == EVERYWHERE else f"{say_place(rule.jurisdiction)}: "
    return f"{where}{say_terms(rule)}. {rule.source}"


def _say_days(days: list[int]) -> str:
    if len(days) == len(DAYS):
        return "every day"
    if len(days) == 1:
        return DAYS[days[0]]
    return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"


def _say_span(span: Span) -> str:
    if span == Span(time(0), time(0)):
        return "all day"
    return f"{span.opens:%H:%M} to {'24:00' if span.ends_at_midnight else f'{span.closes:%H:%M}'}"


def _say_cap(cap: Cap) -> str:
    per = (
        f"{cap.hours // HOURS_OF_A_DAY} days"
        if cap.hours > HOURS_OF_A_DAY and cap.hours % HOURS_OF_A_DAY == 0
        else ""
    )
    per = per or (
        f"{cap.hours} hours" if cap.hours else "a day" if cap.days == 1 else f"{cap.days} calendar days"
    )
    span = per if per == "a day" else f"in {per}"
    where = "on a channel" if cap.on_each_channel else "over its channels together"
    return f"At most {cap.most} {span} {where}"


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
