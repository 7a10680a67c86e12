"""Whether a customer could be reached at this moment, channel by channel, and if not why: the gate's own answer."""

from dataclasses import dataclass
from datetime import datetime

from booking.enums import AppointmentStatus
from booking.models import Appointment
from common.enums import Channel, Purpose
from insights.logic.moments import Near, clock_words, day_words, within
from messaging.enums import Reason
from messaging.logic import gate
from messaging.logic.caps import local_dates
from messaging.logic.person import PersonFacts
from messaging.logic.rule_words import say_rule
from messaging.queries.gate import person_facts
from messaging.reason_words import words_for

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER)


@dataclass(frozen=True)
class ChannelReach:
    channel: str
    label: str
    address: str
    tone: str
    icon: str
    words: str
    note: str = ""
    has_stopped: bool = False


def of_customer(customer_id: int, *, near: Near) -> list[ChannelReach]:
    """Return, for a service reminder sent now, what the gate would say on each channel. Queries: 7."""
    person = person_facts([customer_id], now=near.now).get(customer_id)
    if person is None:
        return []
    is_booked = Appointment.objects.filter(
        customer_id=customer_id, starts_at__gte=near.now, status=AppointmentStatus.BOOKED
    ).exists()
    return [_on(channel, person, is_booked=is_booked, near=near) for channel in CHANNELS]


def _on(channel: Channel, person: PersonFacts, *, is_booked: bool, near: Near) -> ChannelReach:
    facts = person.gate_facts(channel=channel, purpose=Purpose.MARKETING, is_booked=is_booked)
    point = person.point_for(channel)
    verdict = gate.decide(facts, now=near.now)
    tone, icon, words, note = _say(verdict, facts, near)
    return ChannelReach(
        channel=channel,
        label=Channel(channel).label,
        address=point.value if point else "",
        tone=tone,
        icon=icon,
        words=words,
        note=note,
        has_stopped=isinstance(verdict, gate.Skip) and verdict.reason == Reason.OPTED_OUT,
    )


def _say(verdict: gate.Verdict, facts: gate.GateFacts, near: Near) -> tuple[str, str, str, str]:
    match verdict:
        case gate.Send():
            return "good", "check", "Yes, now", ""
        case gate.Wait(until=until, reason=reason, rule=rule):
            note = _with_rule(words_for(reason), rule, facts, near)
            return "warn", "clock", f"From {within(moment_words(until, near))}", note
        case gate.Skip(reason=reason, rule=rule):
            return "bad", "ban", "No", _with_rule(words_for(reason), rule, facts, near)


def _with_rule(words: str, key: str, facts: gate.GateFacts, near: Near) -> str:
    """Return a reason with the rule of the law that decided, and where it stands."""
    dates = local_dates(near.now, tuple(facts.zone_names))
    rule = next((found for on in dates if (found := facts.law.find(key, on=on))), None)
    return f"{words}. {say_rule(rule)}" if rule else words


def moment_words(at: datetime, near: Near) -> str:
    """Return a moment as day and time of the dealership."""
    day = day_words(at.astimezone(near.zone).date(), today=near.today)
    return f"{day}, {clock_words(at, zone=near.zone, uses_24h=near.uses_24h)}"
