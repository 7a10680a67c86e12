"""What customers ask for themselves."""

from datetime import datetime

from django.db import transaction

from common.enums import Channel
from customers.models import Customer
from dealerships.models import User
from dealerships.services import log


@transaction.atomic
def prefer_channel(customer: Customer, channel: Channel | None, *, by: User, now: datetime) -> bool:
    """Record by which channel a customer wants to be reached (None: no wish); answer whether that was new.

    Only steps with the rule "preferred" heed it, where the channel works; it is no consent.
    """
    wanted = channel.value if channel else ""
    changed = Customer.objects.filter(pk=customer.pk).exclude(preferred_channel=wanted)
    if not changed.update(preferred_channel=wanted):
        return False
    log.record(customer, "customers.customer.channel_preferred", at=now, actor=by, channel=wanted)
    return True
