"""What one person withdrew holds for everybody with the same number or mailbox.

A dealership's data has one person several times over, and families share a telephone. Whoever says stop on a page or
to an advisor means the phone in their hand, not one of three rows about them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from common.enums import Channel, Purpose
from customers.enums import ContactKind
from customers.models import ContactPoint, Customer
from messaging.services import consent
from messaging.services.consent import Evidence

CHANNELS_OF_KIND = {
    ContactKind.PHONE: (Channel.SMS, Channel.VOICE),
    ContactKind.EMAIL: (Channel.EMAIL,),
}
# More people than this have no number in common but a filler: the dealership's own, typed where none was given.
MOST_WHO_SHARE = 10
TAKEN_OVER_FROM = "taken_over_from"  # in the evidence of an event: whose word it repeats


@transaction.atomic
def withdraw(
    customers: Sequence[Customer],
    *,
    channels: Collection[Channel] | None,
    purpose: Purpose | None,
    evidence: Evidence,
    now: datetime,
) -> int:
    """Withdraw for customers and for whoever shares a number or mailbox with one; answer how many messages that stopped.

    Of the others only the channels which the shared address serves. Whoever comes in later with such an address is
    for `imported_consent.take_over`; what a file says of one row for `imported_refusals`. `channels` None: every channel.
    """
    cancelled = sum(
        consent.withdraw(each, channels=channels, purpose=purpose, evidence=evidence, now=now)
        for each in customers
    )
    ids = [each.pk for each in customers]
    for other, theirs in _who_shares(ids, channels).items():
        proof = evidence.proof | {TAKEN_OVER_FROM: ids[0]}
        cancelled += consent.withdraw(
            other, channels=theirs, purpose=purpose, evidence=replace(evidence, proof=proof), now=now
        )
    return cancelled


def served(kind: str, channels: Collection[Channel] | None) -> list[Channel]:
    """Return which of some channels (None: of all) an address of a kind serves."""
    return [each for each in CHANNELS_OF_KIND[ContactKind(kind)] if channels is None or each in channels]


def _addresses(ids: list[int]) -> Iterable[tuple[str, str]]:
    points = ContactPoint.objects.filter(customer_id__any_of=ids, kind__in=list(CHANNELS_OF_KIND))
    return points.values_list("kind", "value").distinct().order_by("kind", "value")


def _who_shares(ids: list[int], channels: Collection[Channel] | None) -> dict[Customer, list[Channel]]:
    """Return the others with an address of these customers, and the channels it serves."""
    found: dict[Customer, set[Channel]] = defaultdict(set)
    for kind, value in _addresses(ids):
        owners = Customer.objects.filter(contact_points__kind=kind, contact_points__value=value)
        if owners.aggregate(n=Count("pk"))["n"] > MOST_WHO_SHARE:
            continue
        for other in owners.exclude(pk__in=ids).order_by("pk"):
            found[other] |= set(served(kind, channels))
    return {other: sorted(theirs) for other, theirs in found.items() if theirs}
