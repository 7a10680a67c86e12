"""Facts for the gate, for many people in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import orjson
from django.db import connection

from common.enums import Channel, Purpose
from common.tenancy import current_dealership
from customers.models import ContactPoint, Customer
from messaging.enums import MessageState
from messaging.logic.caps import Sent
from messaging.logic.consent import Said, Standing, standing
from messaging.logic.person import PersonFacts, Point
from messaging.models import ConsentEvent, Message, ProviderAccount
from messaging.queries.claims import LOOK_BACK, OLDEST_IN_QUEUE
from messaging.queries.law import law_here

MAY_HAVE_LEFT = (
    MessageState.SENDING,
    MessageState.UNCONFIRMED,
    MessageState.ACCEPTED,
    MessageState.DELIVERED,
)

SUPPRESSED = """
    SELECT channel, address FROM messaging_suppression
    WHERE dealership_id = %s AND channel = ANY(%s) AND address = ANY(ARRAY(SELECT json_array_elements_text(%s)))
"""


def person_facts(customer_ids: Collection[int], *, now: datetime) -> dict[int, PersonFacts]:
    """Facts by customer, for those in the dealership in scope; others are left out.

    What is queued and not yet sent counts as sent at the moment it may go, so that planning the next message
    keeps its distance.
    """
    dealership = current_dealership()
    ids = list(set(customer_ids))
    points, said, sent = _points(ids), _said(ids), _sent(ids, now=now)
    suppressed = frozenset(_suppressed([point.value for found in points.values() for point in found]))
    provided = frozenset(ProviderAccount.objects.filter(is_active=True).values_list("channel", flat=True))
    law = law_here()
    rows = Customer.objects.filter(pk__any_of=ids).values_list("pk", "language", "is_internal")
    return {
        customer_id: PersonFacts(
            customer_id=customer_id,
            dealership_zone=dealership.time_zone,
            law=law,
            country=dealership.country,
            language=language or dealership.language,
            is_internal=is_internal,
            dealership_is_active=dealership.is_active,
            points=points[customer_id],
            said=said[customer_id],
            sent=sent[customer_id],
            suppressed=suppressed,
            provided=provided,
        )
        for customer_id, language, is_internal in rows
    }


def has_withdrawn(customer_id: int, *, channel: str, purpose: str) -> bool:
    """Whether what a customer has said so far comes to a stop of that channel for that purpose."""
    said = _said([customer_id])[customer_id]
    return standing(said, channel=channel, purpose=purpose) is Standing.WITHDRAWN


def is_suppressed(address: str, *, channel: str) -> bool:
    return (channel, address) in _suppressed([address])


def _points(ids: list[int]) -> dict[int, list[Point]]:
    found: dict[int, list[Point]] = defaultdict(list)
    fields = (
        "kind",
        "value",
        "validity",
        "textability",
        "street",
        "city",
        "region",
        "postal_code",
        "country",
    )
    rows = ContactPoint.objects.filter(customer_id__any_of=ids).order_by("rank", "pk")
    for customer_id, *values in rows.values_list("customer_id", "pk", *fields):
        found[customer_id].append(Point(*values))
    return found


def _said(ids: list[int]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    rows = ConsentEvent.objects.filter(customer_id__any_of=ids).order_by("-at", "-pk")
    fields = ("customer_id", "channel", "purpose", "action", "source", "at")
    for customer_id, channel, purpose, action, source, at in rows.values_list(*fields):
        found[customer_id].append(Said(channel, purpose, action, source, at))
    return found


def _sent(ids: list[int], *, now: datetime) -> dict[int, list[Sent]]:
    found: dict[int, list[Sent]] = defaultdict(list)
    since = now - LOOK_BACK
    # Bounded by when it was written, which the index by customer holds: a customer of years has hundreds.
    rows = Message.objects.filter(
        customer_id__any_of=ids,
        created_at__gt=since - OLDEST_IN_QUEUE,
        purpose=Purpose.MARKETING,
        state__in=(*MAY_HAVE_LEFT, MessageState.QUEUED),
    ).values_list("customer_id", "channel", "state", "not_before", "claimed_at", "accepted_at")
    for customer_id, channel, state, not_before, claimed_at, accepted_at in rows:
        at = not_before if state == MessageState.QUEUED else accepted_at or claimed_at or not_before
        if at > since:
            found[customer_id].append(Sent(channel, at))
    return found


def _suppressed(addresses: list[str]) -> set[tuple[str, str]]:
    # As JSON: psycopg looks at each text of an array for what needs quoting, which costs more than the query.
    with connection.cursor() as cursor:
        cursor.execute(
            SUPPRESSED, [current_dealership().pk, list(Channel.values), orjson.dumps(addresses).decode()]
        )
        return set(cursor.fetchall())
