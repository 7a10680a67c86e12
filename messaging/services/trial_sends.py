"""Test messages: through the same outbox, gate, sender and adapter as every other, and nobody's reminder.

They are in the ledger under a key of their own (`messaging.logic.trial_messages`), have no customer, and count neither for
caps nor in reports. A paused or refused account sends them all the same: that is how one sees whether it works again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from common.enums import Channel, Purpose
from common.tenancy import current_dealership
from customers.models import ContactPoint
from dealerships.models import Dealership, User
from dealerships.services import log
from messaging.adapters.base import Letter, PostalAddress
from messaging.enums import Priority
from messaging.logic.consent import Standing, standing
from messaging.logic.person import KIND_OF_CHANNEL
from messaging.logic.trial_messages import PREFIX
from messaging.logic.zones import plausible_zones
from messaging.models import Message, ProviderAccount
from messaging.queries.gate import is_suppressed, person_facts
from messaging.services import outbox

LIMITS = (  # policy, for a channel of a dealership: enough to set it up, too few to be of use for anything else
    (5, timedelta(minutes=10)),
    (20, timedelta(days=1)),
)
STAYS = timedelta(days=1)  # a test that quiet hours hold goes in the morning


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was sent; `words` say why."""

    words: str


@transaction.atomic
def send(account: ProviderAccount, *, to: str, by: User, now: datetime) -> Message | Refused:
    """Queue a test message by the account a channel has, to an address in its usual spelling (for letters: to ourselves)."""
    row = ProviderAccount.objects.select_for_update().get(
        pk=account.pk
    )  # one test after the other: they are counted
    if not row.is_active:
        return Refused("This account is no longer in use.")
    dealership, channel = current_dealership(), Channel(row.channel)
    letter = _letter(dealership, now=now) if channel is Channel.LETTER else None
    address = _line(letter.recipient) if letter else to
    if words := _objection(channel, address, now=now):
        return Refused(words)
    draft = outbox.MessageDraft(
        key=f"{PREFIX}{uuid4().hex}",
        customer_id=None,
        channel=channel,
        purpose=Purpose.TRANSACTIONAL,
        to_address=address,
        subject=f"Test message from {dealership.name}",
        body_text=_text(dealership, channel),
        zone_names=_zones(channel, to, dealership),
        priority=Priority.URGENT,
        expires_at=now + STAYS,
        letter=letter,
    )
    (queued,) = outbox.queue([draft], now=now)
    message = Message.objects.get(pk=queued.id)
    log.record(row, "messaging.account.tested", at=now, actor=by, provider=row.provider, message=message.pk)
    return message


def _objection(channel: Channel, address: str, *, now: datetime) -> str:
    sent = Message.objects.filter(channel=channel, key__startswith=PREFIX)
    for most, within in LIMITS:
        if sent.filter(created_at__gt=now - within).count() >= most:
            hours = within >= timedelta(days=1)
            return f"{most} tests in {'a day' if hours else '10 minutes'} are the most. Try again later."
    if is_suppressed(address, channel=channel):
        return "This address must not be used: it bounced, or its owner complained or asked us to stop."
    if _has_stopped(channel, address, now=now):
        return "The customer with this address asked us to stop. That holds for tests too."
    return ""


def _has_stopped(channel: Channel, address: str, *, now: datetime) -> bool:
    points = ContactPoint.objects.filter(kind=KIND_OF_CHANNEL[channel], value=address)
    people = person_facts(points.values_list("customer_id", flat=True), now=now).values()
    said = (standing(each.said, channel=channel, purpose=Purpose.TRANSACTIONAL) for each in people)
    return Standing.WITHDRAWN in said


def _zones(channel: Channel, to: str, dealership: Dealership) -> tuple[str, ...]:
    if channel not in {Channel.SMS, Channel.VOICE}:
        return (dealership.time_zone,)
    return plausible_zones(phone=to, country=dealership.country, dealership_zone=dealership.time_zone)


def _text(dealership: Dealership, channel: Channel) -> str:
    if channel is Channel.SMS:
        return (
            f"{dealership.name}: this is a test of our text messages. No answer needed. Reply STOP to stop."
        )
    if channel is Channel.VOICE:
        return f"This is {dealership.name} with a test of our reminder calls. No answer is needed. To stop such calls, press 9."
    return (
        f"This is a test from {dealership.name}. If you can read it, this channel works. No answer is needed."
    )


def _letter(dealership: Dealership, *, now: datetime) -> Letter:
    here = PostalAddress(
        dealership.name,
        dealership.street,
        dealership.city,
        dealership.region,
        dealership.postal_code,
        dealership.country,
    )
    local = now.astimezone(dealership.zone)
    return Letter(
        recipient=here,
        sender=here,
        phone=dealership.phone,
        language=dealership.language,
        written_on=f"{local:%B} {local.day}, {local.year}",
        book_url=settings.PUBLIC_URL,
        opt_out_line="This is a test to ourselves.",
    )


def _line(address: PostalAddress) -> str:
    parts = (address.street, address.city, f"{address.region} {address.postal_code}".strip())
    return ", ".join(part for part in parts if part)
