"""The law at work: of all dated rules, those that hold for a channel and purpose where somebody may be, on a day.

The strictest wins. Every binding rule of every place the person may be in holds, so a message goes only when all of them
allow it. A cautious default stands in until all that is known of a narrower place was checked. A dealership's own rules come on top and can only narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

import holidays

from messaging.enums import Evidence, Part, RuleForce, RuleKind
from messaging.logic.rules import EVERYWHERE, Cap, Parts, Rule, Span

Places = tuple[str, ...]


class Law:
    """All rules of one version. It is compared by identity: load it once a run, and share it.

    The rows of a key differ in what they say and from when, never in what they are about.
    """

    def __init__(self, rules: Iterable[Rule], *, version: int = 0) -> None:
        self.version = version
        self.rules = tuple(rules)
        self._hours: dict[tuple[str, str, Places], SendingHours | None] = {}
        self._others: dict[tuple[str, str, str, Places, date], tuple[Rule, ...]] = {}

    def with_own(self, own: Iterable[Rule]) -> Law:
        """Return the law together with a dealership's own rules, which hold as well."""
        return Law((*self.rules, *own), version=self.version)

    def hours(self, *, channel: str, purpose: str, places: Places) -> SendingHours | None:
        """Return the hours that hold for people who may be in any of the places; None: any hour."""
        key = (channel, purpose, places)
        if key not in self._hours:
            found = self._about(RuleKind.HOURS, channel=channel, purpose=purpose, places=places)
            self._hours[key] = SendingHours(found, places) if found else None
        return self._hours[key]

    def caps(self, *, channel: str, purpose: str, places: Places, on: date) -> tuple[Rule, ...]:
        """Return the rules of how often that hold on a day."""
        return self._on(RuleKind.CAP, channel, purpose, places, on)

    def parts(self, *, channel: str, purpose: str, places: Places, on: date) -> frozenset[Part]:
        """Return what a message must contain on a day."""
        return _needed(self._on(RuleKind.PARTS, channel, purpose, places, on))

    def parts_anywhere(self, *, channel: str, purpose: str, country: str, on: date) -> frozenset[Part]:
        """Return what a template must contain whose readers live anywhere in a country."""
        inside = {country} | {r.jurisdiction for r in self.rules if r.jurisdiction.startswith(f"{country}-")}
        return self.parts(channel=channel, purpose=purpose, places=tuple(sorted(inside)), on=on)

    def find(self, key: str, *, on: date) -> Rule | None:
        """Return the row of a rule that is in force on a day, wherever it holds; None when there is none."""
        rows = [rule for rule in self.rules if rule.key == key and rule.effective_on <= on]
        newest = max(rows, key=lambda rule: (rule.effective_on, rule.id), default=None)
        return newest if newest and newest.terms else None

    def _on(self, kind: str, channel: str, purpose: str, places: Places, on: date) -> tuple[Rule, ...]:
        key = (kind, channel, purpose, places, on)
        if key not in self._others:
            about = self._about(kind, channel=channel, purpose=purpose, places=places)
            self._others[key] = in_force(about, places=places, on=on)
        return self._others[key]

    def _about(self, kind: str, *, channel: str, purpose: str, places: Places) -> tuple[Rule, ...]:
        if not places:
            raise ValueError("Rules hold somewhere: name at least the country.")
        return tuple(
            rule
            for rule in self.rules
            if rule.kind == kind
            and rule.is_about(channel=channel, purpose=purpose)
            and any(rule.covers(place) for place in places)
        )


def in_force(rules: Iterable[Rule], *, places: Sequence[str], on: date) -> tuple[Rule, ...]:
    """Return the rules that hold on a local date for somebody who may be in any of the places, by key."""
    newest: dict[str, Rule] = {}
    for rule in rules:
        known = newest.get(rule.key)
        if rule.effective_on <= on and (
            known is None or (rule.effective_on, rule.id) >= (known.effective_on, known.id)
        ):
            newest[rule.key] = rule
    current = [newest[key] for key in sorted(newest) if newest[key].terms is not None]
    holding = {rule.key for place in places for rule in _at(place, current)}
    return tuple(rule for rule in current if rule.key in holding)


def _at(place: str, rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules of one place.

    A default gives way to one of a narrower place, and once every binding rule of a narrower place there was checked.
    """
    here = [rule for rule in rules if rule.covers(place)]
    return [rule for rule in here if rule.force == RuleForce.BINDING or not _gives_way(rule, here)]


def _gives_way(default: Rule, here: Iterable[Rule]) -> bool:
    narrower = [rule for rule in here if rule.is_narrower_than(default)]
    binding = [rule for rule in narrower if rule.force == RuleForce.BINDING]
    is_checked = bool(binding) and all(rule.evidence in Evidence.checked() for rule in binding)
    return is_checked or len(binding) < len(narrower)


def _needed(rules: Iterable[Rule]) -> frozenset[Part]:
    return frozenset(part for rule in rules if isinstance(rule.terms, Parts) for part in rule.terms.needed)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day on which something may be sent, and which rules set its ends."""

    span: Span
    opened_by: Rule
    closed_by: Rule


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which nothing may be sent, and the rule that says so."""

    closed_by: Rule


class SendingHours:
    """The hours that several rules have in common, day by day; compared by identity, so that answers can be kept."""

    def __init__(self, rules: Iterable[Rule], places: Places) -> None:
        self.rules = tuple(rules)
        self.places = places
        self._days: dict[date, OpenDay | ClosedDay | None] = {}

    def on(self, day: date) -> OpenDay | ClosedDay | None:
        """Return the hours of a local date; None: no rule is in force, every hour is allowed."""
        if day not in self._days:
            self._days[day] = self._common(day)
        return self._days[day]

    def in_force(self, on: date) -> tuple[Rule, ...]:
        return in_force(self.rules, places=self.places, on=on)

    def _common(self, day: date) -> OpenDay | ClosedDay | None:
        opened_by: tuple[time, Rule] | None = None
        closed_by: tuple[tuple[bool, time], Rule] | None = None
        # The most particular first: of two that say the same it is the one to name.
        for rule in sorted(self.in_force(day), key=lambda each: -len(each.jurisdiction)):
            span = self._span(rule, day)
            if span is None:
                return ClosedDay(rule)
            if opened_by is None or span.opens > opened_by[0]:
                opened_by = span.opens, rule
            closes = (span.ends_at_midnight, span.closes)
            if closed_by is None or closes < closed_by[0]:
                closed_by = closes, rule
        if opened_by is None or closed_by is None:
            return None
        span = Span(opened_by[0], closed_by[0][1])
        if not span.ends_at_midnight and span.opens >= span.closes:
            return ClosedDay(closed_by[1])  # two rules without an hour in common
        return OpenDay(span, opened_by[1], closed_by[1])

    def _span(self, rule: Rule, day: date) -> Span | None:
        hours = rule.hours
        if hours is None or (hours.keeps_holidays and self._is_holiday(rule, day)):
            return None
        return hours.week[day.weekday()]

    def _is_holiday(self, rule: Rule, day: date) -> bool:
        """By the calendar of the rule's own place; one for every place goes by those of the people's countries."""
        if rule.jurisdiction != EVERYWHERE:
            return is_holiday(day, place=rule.jurisdiction)
        return any(is_holiday(day, place=place.partition("-")[0]) for place in self.places)


@lru_cache(maxsize=8_000)
def is_holiday(on: date, *, place: str) -> bool:
    """Whether it is a public holiday in a country or a part of it, the day it is observed on included.

    False for a country not known; a part not known goes by its country.
    """
    country, _, part = place.partition("-")
    try:
        return on in _holidays(country, part, on.year)
    except NotImplementedError:
        return bool(part) and is_holiday(on, place=country)


@lru_cache(maxsize=400)
def _holidays(country: str, part: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=part or None, years=year)


def caps_of(rules: Iterable[Rule]) -> list[tuple[Rule, Cap]]:
    """Return rules of how often with what they say."""
    return [(rule, rule.terms) for rule in rules if isinstance(rule.terms, Cap)]
