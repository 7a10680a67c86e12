"""Who is speaking, when something comes in from an address."""

from __future__ import annotations

from django.db.models import QuerySet

from common.enums import Channel
from customers.models import Customer
from messaging.logic.person import KIND_OF_CHANNEL


def owners_of(address: str, *, channel: Channel) -> QuerySet[Customer]:
    """Return every customer with that number or mailbox, in the order of their ids; the address as contact points have it.

    A dealership's data has one person several times over, and families share a telephone.
    """
    kind = KIND_OF_CHANNEL[channel]
    return (
        Customer.objects.filter(contact_points__kind=kind, contact_points__value=address)
        .distinct()
        .order_by("pk")
    )
