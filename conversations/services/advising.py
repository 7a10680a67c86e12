"""What an advisor says in a thread."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.enums import Channel
from common.tenancy import current_dealership
from conversations.logic.thread import advisor_key
from conversations.services import speaking, threads
from conversations.services.speaking import Line, Words
from customers.models import Customer
from dealerships.models import User
from dealerships.services import log
from messaging.enums import Reason
from messaging.logic.gate import ANSWER_HOLDS, Skip, Verdict, Wait
from messaging.models import InboundMessage
from messaging.queries.notices import foresee_answer

# Within this time of the customer's own words an advisor's are an answer; later they keep to quiet hours.
ANSWERED_WITHIN = ANSWER_HOLDS
TEXT_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Sent:
    """Queued; `waits` says until when the gate holds it back, and why."""

    waits: Wait | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Not queued: the gate would not let it through."""

    reason: Reason


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


def foresee(line: Line, *, now: datetime) -> Verdict | None:
    """Return what the gate says to an advisor's words that went this way now."""
    return foresee_answer(
        line.customer.pk, channel=line.channel, address=line.address, is_answer=line.is_answer, now=now
    )


@transaction.atomic
def answer(
    customer: Customer, *, text: str, nonce: str, by: User, now: datetime
) -> Sent | Refused | Unreachable:
    """Send an advisor's words to the customer; the thread waits no more. The same nonce again sends nothing new.

    What the gate refuses is not queued, and the thread waits on: nobody has answered.
    """
    line = reply_line(customer, now=now)
    verdict = foresee(line, now=now) if line else None
    if line is None or verdict is None:
        return Unreachable()
    if isinstance(verdict, Skip):
        return Refused(verdict.reason)
    words = Words(text.strip()[:TEXT_LENGTH], subject=current_dealership().name)
    if not speaking.say(line, words, key=advisor_key(nonce), now=now):
        return Unreachable()
    threads.release(threads.lock_thread(customer, now=now), now=now)
    log.record(customer, "conversations.thread.answered", at=now, actor=by, channel=line.channel)
    return Sent(verdict if isinstance(verdict, Wait) else None)
