"""What a dealership asks of itself on top of the law: narrower hours, fewer reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common.enums import Channel, Purpose
from messaging.enums import RuleForce, RuleKind
from messaging.logic.law import Law
from messaging.logic.rule_words import say_week
from messaging.logic.rules import DAYS, EVERYWHERE, Hours, Rule, Span, Terms

PHONE = frozenset({Channel.SMS, Channel.VOICE})
MAIL = frozenset({Channel.EMAIL, Channel.WEB_PUSH})
EVERY_CHANNEL = frozenset(Channel)
SOURCE = "Set by the dealership"


@dataclass(frozen=True, slots=True)
class OwnSubject:
    """One thing a dealership may set for its reminders."""

    key: str
    kind: str
    channels: frozenset[str]
    label: str


SUBJECTS = (
    OwnSubject("own.hours.phone", RuleKind.HOURS, PHONE, "Texts and calls"),
    OwnSubject("own.hours.mail", RuleKind.HOURS, MAIL, "E-mail"),
    OwnSubject("own.cap", RuleKind.CAP, EVERY_CHANNEL, "How many reminders"),
)


def own_rule(subject: OwnSubject, terms: Terms | None, *, on: date) -> Rule:
    """Return a dealership's rule about one of the subjects from a day on."""
    return Rule(
        key=subject.key,
        kind=subject.kind,
        jurisdiction=EVERYWHERE,
        purpose=Purpose.MARKETING,
        channels=subject.channels,
        effective_on=on,
        source=SOURCE,
        terms=terms,
    )


def law_about(law: Law, subject: OwnSubject, *, country: str, on: date) -> list[Rule]:
    """Return the rules of the law on a subject that hold in a country on a day, without the dealership's own."""
    found: dict[str, Rule] = {}
    for channel in sorted(subject.channels):
        if subject.kind == RuleKind.CAP:
            rules = law.caps(channel=channel, purpose=Purpose.MARKETING, places=(country,), on=on)
        else:
            hours = law.hours(channel=channel, purpose=Purpose.MARKETING, places=(country,))
            rules = hours.in_force(on) if hours else ()
        found |= {rule.key: rule for rule in rules if rule.source != SOURCE}
    return list(found.values())


def widest_hours(law: Law, subject: OwnSubject, *, country: str, on: date) -> list[Hours]:
    """Return the hours that bind everywhere in a country; a state's own and the cautious defaults come on top."""
    rules = law_about(law, subject, country=country, on=on)
    return [rule.hours for rule in rules if rule.hours and rule.force == RuleForce.BINDING]


def beyond(own: Hours, allowed: list[Hours]) -> list[str]:
    """Return in words the days on which a dealership's hours go beyond the law; empty when they only narrow it."""
    faults = []
    for number, (day, span) in enumerate(zip(DAYS, own.week, strict=True)):
        if span is None:
            continue
        for law in allowed:
            within = law.week[number]
            if within is None:
                faults.append(f"{day}: nothing may be sent then.")
                break
            if not _lies_in(span, within):
                faults.append(f"{day}: the law allows {_words(within)} at most.")
                break
    return faults


def _lies_in(inner: Span, outer: Span) -> bool:
    ends_within = outer.ends_at_midnight or (not inner.ends_at_midnight and inner.closes <= outer.closes)
    return inner.opens >= outer.opens and ends_within


def _words(span: Span) -> str:
    return say_week((span, *[None] * 6)).removeprefix("Monday ")
