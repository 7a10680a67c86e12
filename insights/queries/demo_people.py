"""Whose phone and mailbox the sandbox page shows."""

from customers.models import Customer
from messaging.models import Message

LOOK_BACK = 300  # messages: enough to find a dozen people even where some get many
MOST_SHOWN = 12


def recently_written_to() -> list[Customer]:
    """Return the customers the newest messages went to, the newest first. Queries: 2."""
    newest = (
        Message.objects.filter(customer__isnull=False).order_by("-id").values_list("customer_id", flat=True)
    )
    ids = list(dict.fromkeys(newest[:LOOK_BACK]))[:MOST_SHOWN]
    found = Customer.objects.in_bulk(ids)
    return [found[customer_id] for customer_id in ids if customer_id in found]


def letters_to(customer: Customer) -> list[Message]:
    """Return the letters to a customer, the newest first."""
    return list(Message.objects.filter(customer=customer, channel="letter").order_by("-id")[:MOST_SHOWN])
