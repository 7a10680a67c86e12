"""What would become of a message to one customer, were it sent now: the gate's own answer, for whoever announces it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from common.enums import Channel, Purpose
from messaging.logic import gate
from messaging.models import Suppression
from messaging.queries.gate import person_facts

# The channels a notice goes by where nobody wrote first: a calendar entry comes with the e-mail.
NOTICE_CHANNELS = (Channel.EMAIL, Channel.SMS)
# A notice or answer that could not leave by then would only puzzle the customer.
NOTICE_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Notice:
    """The way a customer would be told something, in which language, and what the gate says to it."""

    channel: Channel
    address: str
    language: str
    verdict: gate.Verdict


def foresee_notice(customer_id: int, *, is_answer: bool, now: datetime) -> Notice | None:
    """Return the first way of telling a customer about their appointment that is open to us; None without any.

    Where the gate refuses each, the first is returned with its refusal. Queries: 6.
    """
    facts = person_facts([customer_id], now=now).get(customer_id)
    if facts is None:
        return None
    refused: list[Notice] = []
    for channel in NOTICE_CHANNELS:
        point = facts.point_for(channel) if channel in facts.provided else None
        if point is None or (channel, point.value) in facts.suppressed:
            continue
        asked = facts.gate_facts(
            channel=channel,
            purpose=Purpose.TRANSACTIONAL,
            expires_at=now + NOTICE_LIFE,
            is_answer=is_answer,
        )
        notice = Notice(channel, point.value, facts.language, gate.decide(asked, now=now))
        if not isinstance(notice.verdict, gate.Skip):
            return notice
        refused.append(notice)
    return next(iter(refused), None)


def foresee_answer(
    customer_id: int, *, channel: str, address: str, is_answer: bool, now: datetime
) -> gate.Verdict | None:
    """Return what the gate says to a member's words for a customer at one address; None for nobody we know."""
    facts = person_facts([customer_id], now=now).get(customer_id)
    if facts is None:
        return None
    asked = facts.gate_facts(
        channel=channel, purpose=Purpose.TRANSACTIONAL, expires_at=now + NOTICE_LIFE, is_answer=is_answer
    )
    is_suppressed = Suppression.objects.filter(channel=channel, address=address).exists()
    return gate.decide(replace(asked, has_address=True, is_suppressed=is_suppressed), now=now)
