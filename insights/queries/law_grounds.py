"""What the law had to say about a reminder, in words and with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.models import Touch
from common.enums import Purpose
from insights.logic.moments import Near, clock_words
from messaging.enums import MessageState
from messaging.logic.caps import Sent, cap_lifts_at, local_dates
from messaging.logic.law import Law
from messaging.logic.rule_words import say_place, say_rule
from messaging.logic.sending_windows import what_closes
from messaging.models import Message
from messaging.queries.claims import LOOK_BACK
from messaging.queries.gate import person_facts
from messaging.queries.law import law_known_at


@dataclass(frozen=True)
class Where:
    """By what a touch was judged: the law of its time, and where the customer may be."""

    law: Law
    zone_names: tuple[str, ...]
    places: tuple[str, ...]
    channel: str
    purpose: str
    at: datetime


def where_of(touch: Touch, *, at: datetime) -> Where:
    """Return where a touch's customer may be: as noted with its message, else as their addresses say now."""
    message = touch.message
    zones, places = (message.zone_names, message.places) if message else ([], [])
    if not zones or not places:
        person = person_facts([touch.enrolment.customer_id], now=at)[touch.enrolment.customer_id]
        zones, places = zones or person.zone_names(touch.channel), places or person.places(touch.channel)
    return Where(
        law=law_known_at(at),
        zone_names=tuple(zones),
        places=tuple(places),
        channel=touch.channel,
        purpose=touch.enrolment.version.cadence.purpose,
        at=at,
    )


def say_hours(where: Where, near: Near) -> str:
    """Return whether its hours were open when it was decided, by every rule that held, the deciding one first."""
    hours = where.law.hours(channel=where.channel, purpose=where.purpose, places=where.places)
    if hours is None:
        return "Any hour: nobody is disturbed by this channel"
    closing = what_closes(where.at, hours=hours, zone_names=where.zone_names)
    zone_name = closing.zone_name if closing else where.zone_names[0]
    rules = [rule for on in local_dates(where.at, where.zone_names) for rule in hours.in_force(on)]
    ordered = dict.fromkeys([*([closing.rule] if closing else []), *rules])
    there = clock_words(where.at, zone=ZoneInfo(zone_name), uses_24h=near.uses_24h)
    state = (
        f"Closed at {there} in {zone_name}, by"
        if closing
        else f"Open at {there} in {_list(where.zone_names)}"
    )
    places = _list([say_place(place) for place in where.places])
    return f"{state}: {'; '.join(say_rule(rule) for rule in ordered)}. The customer may be in {places}"


def say_caps(where: Where, touch: Touch) -> str:
    """Return how much the customer had got by then, and what was allowed."""
    others = Message.objects.filter(
        customer=touch.enrolment.customer,
        purpose=Purpose.MARKETING,
        created_at__gt=where.at - LOOK_BACK,
        created_at__lt=where.at,
    ).exclude(state__in=[MessageState.CANCELLED, MessageState.FAILED])
    sent = [
        Sent(channel, accepted_at or created_at)
        for channel, accepted_at, created_at in others.exclude(pk=touch.message_id or 0).values_list(
            "channel", "accepted_at", "created_at"
        )
    ]
    rules = {
        rule.key: rule
        for on in local_dates(where.at, where.zone_names)
        for rule in where.law.caps(channel=where.channel, purpose=where.purpose, places=where.places, on=on)
    }
    lift = cap_lifts_at(
        where.at,
        channel=where.channel,
        purpose=where.purpose,
        sent=sent,
        zone_names=where.zone_names,
        law=where.law,
        places=where.places,
    )
    ordered = dict.fromkeys([*([lift.rule] if lift else []), *rules.values()])
    here = sum(each.channel == where.channel for each in sent)
    count = f"{len(sent)} other reminder{'' if len(sent) == 1 else 's'} in the week before, {here} of them on this channel"
    held = "Held by" if lift else "Allowed"
    return f"{count}. {held}: {'; '.join(say_rule(rule) for rule in ordered)}" if ordered else count


def _list(words: list[str] | tuple[str, ...]) -> str:
    return " or ".join(words)
