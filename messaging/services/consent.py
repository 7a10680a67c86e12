"""Records what a person allowed or withdrew; a withdrawal stops everything not handed over, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from common.enums import Channel, Purpose
from common.tenancy import current_dealership
from customers.models import Customer
from dealerships.models import User
from dealerships.services import log
from messaging.enums import ConsentAction, ConsentSource, MessageState, Reason, SuppressionReason
from messaging.models import ConsentEvent, Message, Suppression
from messaging.services import telling, unprinted
from messaging.signals import consent_withdrawn

IN_HAND = (MessageState.SENDING, MessageState.UNCONFIRMED)  # may still come back into the queue


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a word came from: the source, what was shown or said, who took it down, and what proves it."""

    source: ConsentSource
    wording: str = ""
    proof: dict[str, Any] = field(default_factory=dict)
    actor: User | None = None


def record(
    customer: Customer, *, channel: Channel | None, purpose: Purpose | None, evidence: Evidence, now: datetime
) -> ConsentEvent:
    """Append that a customer allowed a channel and purpose (None: every one). For a withdrawal use `withdraw`."""
    return _append(customer, ConsentAction.GRANTED, channel, purpose, evidence=evidence, now=now)


@transaction.atomic
def withdraw(
    customer: Customer,
    *,
    channels: Collection[Channel] | None,
    purpose: Purpose | None,
    evidence: Evidence,
    now: datetime,
) -> int:
    """Append that a customer withdrew and stop what is not handed over; answer how many messages were cancelled.

    `channels` None: every channel. What a sender has claimed but not begun is told to stop too (it asks right before
    each request). Tells `consent_withdrawn` for each channel; a receiver that fails undoes nothing of this. Repeating
    is harmless.
    """
    wanted: Sequence[Channel | None] = [None] if channels is None else sorted(channels)
    for channel in wanted:
        _append(customer, ConsentAction.WITHDRAWN, channel, purpose, evidence=evidence, now=now)
    cancelled = stop(Q(customer=customer), channels, purpose, reason=Reason.OPTED_OUT)
    log.record(
        customer,
        "messaging.consent.withdrawn",
        at=now,
        actor=evidence.actor,
        channels=[str(channel or "") for channel in wanted],
        purpose=purpose or "",
        source=evidence.source,
        cancelled=cancelled,
    )
    for channel in wanted:
        telling.tell(
            consent_withdrawn,
            dealership_id=customer.dealership_id,
            customer_id=customer.pk,
            channel=channel,
            purpose=purpose,
        )
    return cancelled


@transaction.atomic
def suppress(
    address: str,
    *,
    channels: Collection[Channel],
    reason: SuppressionReason,
    proof: dict[str, Any],
    now: datetime,
) -> int:
    """Never use an address again on these channels; answer how many queued messages to it were cancelled. Idempotent."""
    dealership = current_dealership()
    Suppression.objects.bulk_create(
        (
            Suppression(
                dealership=dealership,
                channel=channel,
                address=address,
                reason=reason,
                evidence=proof,
                created_at=now,
            )
            for channel in sorted(channels)
        ),
        ignore_conflicts=True,
    )
    return stop(Q(to_address=address), channels, None, reason=Reason.SUPPRESSED)


def _append(
    customer: Customer,
    action: ConsentAction,
    channel: Channel | None,
    purpose: Purpose | None,
    *,
    evidence: Evidence,
    now: datetime,
) -> ConsentEvent:
    if customer.dealership_id != current_dealership().pk:
        raise ValueError("the customer belongs to another dealership")
    return ConsentEvent.objects.create(
        dealership_id=customer.dealership_id,
        customer=customer,
        channel=channel or "",
        purpose=purpose or "",
        action=action,
        source=evidence.source,
        wording=evidence.wording,
        evidence=evidence.proof,
        actor=evidence.actor,
        at=now,
    )


def stop(whose: Q, channels: Collection[Channel] | None, purpose: str | None, *, reason: Reason) -> int:
    """Cancel what is queued and letters not printed, and answer how many that were; have the sender drop what has not left.

    In this order: a claim under way holds the rows' locks, so that the first update waits for it, and the second
    then sees what it claimed.
    """
    rows = Message.objects.filter(whose, confirms_stop=False)
    if channels is not None:
        rows = rows.filter(channel__in=list(channels))
    if purpose is not None:
        rows = rows.filter(purpose=purpose)
    cancelled = rows.filter(state=MessageState.QUEUED).update(state=MessageState.CANCELLED, reason=reason)
    rows.filter(state__in=IN_HAND).update(reason=reason)
    return cancelled + unprinted.take_out(Q(pk__in=rows.values("pk")), reason=reason)
