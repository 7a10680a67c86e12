"""At which local hours a channel may be used: rules as data, each with its source and the day it took effect.

The arithmetic is exact: a moment is allowed when the wall clock it shows, in every zone the recipient may be in,
lies inside the rule's hours. So a spring-forward hour that does not exist allows nothing, and an autumn hour that
comes twice counts both times.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from common.enums import Channel, Purpose

MONDAY_TO_FRIDAY = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
LOOK_AHEAD = timedelta(days=30)  # no rule closes for so long; beyond it the zones have no hour in common
SEARCH_STEP = timedelta(hours=1)  # no zone changes its offset twice within an hour
DAY = timedelta(days=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WindowRule:
    """Hours in local time, `opens` included and `closes` excluded; without a matching rule every hour is allowed."""

    key: str
    channels: frozenset[str]
    purpose: str
    weekdays: frozenset[int]
    opens: time
    closes: time
    keeps_holidays: bool  # closed on public holidays of the country
    source: str
    effective_on: date


RULES = (
    WindowRule(
        key="us-marketing-texts-and-calls",
        channels=frozenset({Channel.SMS, Channel.VOICE}),
        purpose=Purpose.MARKETING,
        weekdays=MONDAY_TO_FRIDAY,
        opens=time(10),
        closes=time(17),
        keeps_holidays=True,
        source="The hours that every researched state allows, Maine and Rhode Island (R.I. Gen. Laws 5-61-3.6) "
        "the narrowest; federal: 47 CFR 64.1200(c)(1)",
        effective_on=date(2026, 11, 21),
    ),
    WindowRule(
        key="us-transactional-texts-and-calls",
        channels=frozenset({Channel.SMS, Channel.VOICE, Channel.WEB_PUSH}),
        purpose=Purpose.TRANSACTIONAL,
        weekdays=EVERY_DAY,
        opens=time(8),
        closes=time(21),
        keeps_holidays=False,
        source="47 CFR 64.1200(c)(1), kept although it binds solicitations only",
        effective_on=date(2026, 11, 21),
    ),
    WindowRule(
        key="marketing-mail-and-push",
        channels=frozenset({Channel.EMAIL, Channel.WEB_PUSH}),
        purpose=Purpose.MARKETING,
        weekdays=EVERY_DAY,
        opens=time(7),
        closes=time(21),
        keeps_holidays=False,
        source="House rule: no law names hours for e-mail; nobody is woken by a phone that chimes",
        effective_on=date(2026, 11, 21),
    ),
)


def rule_for(*, channel: str, purpose: str, rules: Sequence[WindowRule] = RULES) -> WindowRule | None:
    """The rule that holds; None: any hour (letters, transactional e-mail)."""
    for rule in rules:
        if channel in rule.channels and purpose == rule.purpose:
            return rule
    return None


def next_allowed(
    at: datetime, *, rule: WindowRule | None, zone_names: Iterable[str], country: str = "US"
) -> datetime | None:
    """The earliest moment not before `at` that the rule allows in every one of the zones; None if there is none.

    shapes: `at` aware; the answer is in UTC, and equal to `at` when it is allowed now
    """
    if rule is None:
        return at.astimezone(UTC)
    return _next_in_all(at.astimezone(UTC), rule, tuple(zone_names), country)


def closes_at(at: datetime, *, rule: WindowRule | None, zone_names: Iterable[str]) -> datetime | None:
    """When the hours that `at` lies in end, in the first of the zones where they do; None if nothing ends them.

    What is handed over now and queued at a provider must not leave after that. For a moment outside the hours (an
    answer to a customer who wrote at night) there is no such end.
    """
    if rule is None:
        return None
    ends = [_end_in_zone(at.astimezone(UTC), rule=rule, zone_name=name) for name in zone_names]
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def _end_in_zone(moment: datetime, *, rule: WindowRule, zone_name: str) -> datetime | None:
    on = moment.astimezone(ZoneInfo(zone_name)).date()
    hours = open_intervals(zone_name, on, rule.opens, rule.closes)
    return next((end for start, end in hours if start <= moment < end), None)


@lru_cache(maxsize=2_000)
def _next_in_all(moment: datetime, rule: WindowRule, zones: tuple[str, ...], country: str) -> datetime | None:
    """Cached, because a batch asks the same for each of its messages."""
    if not zones:
        raise ValueError("a quiet-hours rule needs at least one zone")
    last = moment + LOOK_AHEAD
    while moment <= last:
        later = moment
        for name in zones:
            later = _next_in_zone(later, rule=rule, zone_name=name, country=country)
        if later == moment:
            return moment
        moment = later
    return None


def _next_in_zone(moment: datetime, *, rule: WindowRule, zone_name: str, country: str) -> datetime:
    day = moment.astimezone(ZoneInfo(zone_name)).date()
    for ahead in range(LOOK_AHEAD.days + 2):
        on = day + timedelta(days=ahead)
        if not _is_open_on(on, rule=rule, country=country):
            continue
        for start, end in open_intervals(zone_name, on, rule.opens, rule.closes):
            if moment < end:
                return max(moment, start)
    return moment + LOOK_AHEAD * 2


def _is_open_on(on: date, *, rule: WindowRule, country: str) -> bool:
    return on.weekday() in rule.weekdays and not (rule.keeps_holidays and is_holiday(on, country=country))


@lru_cache(maxsize=20_000)
def open_intervals(zone_name: str, on: date, opens: time, closes: time) -> tuple[Interval, ...]:
    """The stretches of UTC in which the zone's wall clock shows that date and an hour in [opens, closes)."""
    found = []
    for start, end in _steady_stretches(zone_name, on):
        offset = start.astimezone(ZoneInfo(zone_name)).utcoffset() or timedelta()
        first = datetime.combine(on, opens, tzinfo=UTC) - offset
        last = datetime.combine(on, closes, tzinfo=UTC) - offset
        if max(start, first) < min(end, last):
            found.append((max(start, first), min(end, last)))
    return tuple(found)


@lru_cache(maxsize=20_000)
def _steady_stretches(zone_name: str, on: date) -> tuple[Interval, ...]:
    """The UTC days around a local date, cut where the zone changes its offset."""
    zone = ZoneInfo(zone_name)
    start = datetime.combine(on, time(), tzinfo=UTC) - DAY
    end = start + 3 * DAY
    cuts, here = [start], start
    while here < end:
        there = here + SEARCH_STEP
        if _offset(here, zone) != _offset(there, zone):
            cuts.append(_change_between(here, there, zone))
        here = there
    return tuple(zip(cuts, [*cuts[1:], end], strict=True))


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with the later offset."""
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


@lru_cache(maxsize=4_000)
def is_holiday(on: date, *, country: str) -> bool:
    """Whether it is a public holiday there, the day it is observed on included; False for a country not known."""
    try:
        return on in _holidays(country, on.year)
    except NotImplementedError:
        return False


@lru_cache(maxsize=100)
def _holidays(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)
