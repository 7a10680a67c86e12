"""Consent that comes with a dealership's data: attestations of agreement, and what customers who come in again withdrew.

Refusals in the data are recorded by `imported_refusals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from common.enums import Channel, Purpose
from common.tenancy import current_dealership
from customers.enums import ContactKind
from customers.models import ContactPoint
from messaging.enums import SPOKEN, ConsentAction, ConsentSource
from messaging.logic.consent import Said, Standing, standing
from messaging.models import ConsentEvent
from messaging.services.shared_addresses import CHANNELS_OF_KIND, MOST_WHO_SHARE, TAKEN_OVER_FROM

ATTESTED = (Channel.SMS, Channel.VOICE)
ROWS_PER_INSERT = 2000
# What a person said themselves, however it reached us, and what the dealership wrote down about one of their rows.
TAKEN_OVER = [*SPOKEN, ConsentSource.DMS_REFUSAL]


@transaction.atomic
def attest(contact_point_ids: Iterable[int], *, import_id: int | None, now: datetime) -> int:
    """Write down the dealership's attestation as consent for customers whose number came in; answer for how many.

    Only where the dealership has attested, only for people who have said nothing yet about that channel (a refusal or
    withdrawal stays, whatever a later import says), and once.
    """
    wording = current_dealership().consent_attestation
    if not wording:
        return 0
    points = ContactPoint.objects.filter(pk__in=list(contact_point_ids), kind=ContactKind.PHONE)
    customer_ids = set(points.values_list("customer_id", flat=True))
    wanted = {(customer_id, channel) for customer_id in customer_ids for channel in ATTESTED}
    new = sorted(wanted - _spoken_for(customer_ids))
    ConsentEvent.objects.bulk_create(
        (
            ConsentEvent(
                dealership=current_dealership(),
                customer_id=customer_id,
                channel=channel,
                purpose="",
                action=ConsentAction.GRANTED,
                source=ConsentSource.DMS_ATTESTATION,
                wording=wording,
                evidence={"import_id": import_id},
                at=now,
            )
            for customer_id, channel in new
        ),
        batch_size=ROWS_PER_INSERT,
    )
    return len({customer_id for customer_id, _ in new})


def _spoken_for(customer_ids: Iterable[int]) -> set[tuple[int, Channel]]:
    """Which customers already have an event that is about texts or calls."""
    said = ConsentEvent.objects.filter(
        customer_id__in=list(customer_ids), channel__in=["", *ATTESTED]
    ).values_list("customer_id", "channel")
    found: set[tuple[int, Channel]] = set()
    for customer_id, channel in said:
        channels = (Channel(channel),) if channel else ATTESTED
        found.update((customer_id, each) for each in channels)
    return found


@transaction.atomic
def take_over(contact_point_ids: Iterable[int], *, import_id: int | None, now: datetime) -> int:
    """Have customers who came in take over what others with the same number or mailbox withdrew; answer how many did.

    The same person comes again under another customer number: nothing in that row says that they said stop, or must not
    be contacted. It is taken over only where it still holds.
    """
    said = _said_by_others(list(contact_point_ids))
    events = [
        ConsentEvent(
            dealership=current_dealership(),
            customer_id=customer_id,
            channel=channel,
            purpose=purpose,
            action=ConsentAction.WITHDRAWN,
            source=next(word.source for word in words if word.action == ConsentAction.WITHDRAWN),
            evidence={TAKEN_OVER_FROM: other_id, "import_id": import_id},
            at=now,
        )
        for (customer_id, other_id, kind), words in said.items()
        for channel in CHANNELS_OF_KIND[ContactKind(kind)]
        for purpose in Purpose
        if standing(words, channel=channel, purpose=purpose) is Standing.WITHDRAWN
    ]
    ConsentEvent.objects.bulk_create(events, batch_size=ROWS_PER_INSERT)
    return len({event.customer_id for event in events})


def _said_by_others(contact_point_ids: list[int]) -> dict[tuple[int, int, str], list[Said]]:
    """Return by new customer, other customer and kind of the address they share what the other ever said, newest first."""
    pairs = _sharing_with_who_spoke(contact_point_ids)
    said: dict[int, list[Said]] = defaultdict(list)
    rows = ConsentEvent.objects.filter(customer_id__any_of=[other for _, other, _ in pairs])
    for event in rows.order_by("-at", "-pk"):
        said[event.customer_id].append(
            Said(event.channel, event.purpose, event.action, event.source, event.at)
        )
    return {(new, other, kind): said[other] for new, other, kind in pairs}


def _sharing_with_who_spoke(contact_point_ids: list[int]) -> set[tuple[int, int, str]]:
    """Return customer, other customer who withdrew something or is refused, and the kind of address they share.

    Three simple questions in place of one join: in a dealership's first import PostgreSQL has no statistics of the
    new rows, joins them to themselves row by row, and took longer for this than for all the rest of the import.
    """
    kinds = [str(kind) for kind in CHANNELS_OF_KIND]
    points = ContactPoint.objects.filter(kind__in=kinds)
    came = set(points.filter(pk__any_of=contact_point_ids).values_list("kind", "value", "customer_id"))
    spoke = ConsentEvent.objects.filter(action=ConsentAction.WITHDRAWN, source__in=TAKEN_OVER)
    theirs = points.filter(
        value__any_of=sorted({value for _, value, _ in came}),
        customer_id__any_of=sorted(set(spoke.values_list("customer_id", flat=True))),
    )
    others: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, value, other_id in theirs.values_list("kind", "value", "customer_id"):
        others[kind, value].add(other_id)
    owners = points.filter(value__any_of=sorted({value for _, value in others}))
    counts = owners.values_list("kind", "value").annotate(Count("pk")).order_by()
    fillers = {(kind, value) for kind, value, count in counts if count > MOST_WHO_SHARE}
    return {
        (customer_id, other_id, kind)
        for kind, value, customer_id in came
        if (kind, value) not in fillers
        for other_id in others.get((kind, value), ())
        if other_id != customer_id
    }
