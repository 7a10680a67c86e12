"""What an advisor says in a thread."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from common.enums import Channel
from common.tenancy import current_dealership
from conversations.logic.thread import advisor_key
from conversations.services import speaking, threads
from conversations.services.speaking import Line, Words
from customers.models import Customer
from dealerships.models import User
from dealerships.services import log
from messaging.models import InboundMessage

# Within this time of the customer's own words an advisor's are an answer; later they keep to quiet hours.
ANSWERED_WITHIN = timedelta(hours=24)
TEXT_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Sent:
    """Queued; the gate decides when it leaves."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """There is no way to reach the customer from here."""


def reply_line(customer: Customer, *, now: datetime) -> Line | None:
    """Return the way back to a customer: how they wrote last, else as a confirmation would go."""
    last = InboundMessage.objects.filter(customer=customer).order_by("-received_at", "-pk").first()
    if last is None or last.channel not in {Channel.SMS, Channel.EMAIL}:
        return speaking.confirmation_line(customer, now=now)
    return Line(
        customer=customer,
        channel=Channel(last.channel),
        address=last.from_address,
        language=customer.language or current_dealership().language,
        is_answer=now - last.received_at < ANSWERED_WITHIN,
    )


@transaction.atomic
def answer(customer: Customer, *, text: str, nonce: str, by: User, now: datetime) -> Sent | Unreachable:
    """Send an advisor's words to the customer; the thread waits no more. The same nonce again sends nothing new."""
    line = reply_line(customer, now=now)
    if line is None:
        return Unreachable()
    words = Words(text.strip()[:TEXT_LENGTH], subject=current_dealership().name)
    if not speaking.say(line, words, key=advisor_key(nonce), now=now):
        return Unreachable()
    threads.release(threads.lock_thread(customer, now=now))
    log.record(customer, "conversations.thread.answered", at=now, actor=by, channel=line.channel)
    return Sent()
