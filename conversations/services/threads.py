"""The thread with a customer: who has to answer, and what an advisor does in it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from campaigns.services import pauses
from common.tenancy import current_dealership
from conversations.enums import ConversationState, WaitingReason
from conversations.models import Conversation
from customers.models import Customer
from dealerships.models import User
from dealerships.services import log


def lock_thread(customer: Customer, *, now: datetime) -> Conversation:
    """Return the customer's thread, made if need be, locked: replies of one customer are dealt with one by one.

    The customer is locked first, as by everything that acts for one (booking, pausing reminders): so a reply and
    a tap at the same moment wait for each other instead of deadlocking.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    Conversation.objects.bulk_create(
        [
            Conversation(
                dealership=current_dealership(),
                customer=customer,
                state=ConversationState.OPEN,
                last_message_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return (
        Conversation.objects.select_for_update(of=("self",)).select_related("customer").get(customer=customer)
    )


def keep_open(conversation: Conversation, *, offered: Sequence[datetime]) -> None:
    """Note that we asked and the customer is to answer."""
    _turn(conversation, ConversationState.OPEN, offered=offered)


def forget_offers(customer: Customer, *, now: datetime) -> None:
    """Make what was offered before void, as another exchange begins."""
    conversation = lock_thread(customer, now=now)
    if conversation.offered:
        conversation.offered = []
        conversation.save(update_fields=["offered"])


def close(conversation: Conversation) -> None:
    """Note that nothing is open."""
    _turn(conversation, ConversationState.CLOSED)


def hand_over(conversation: Conversation, reason: WaitingReason, *, now: datetime) -> None:
    """Have it wait for an advisor; who waits already keeps the place in the queue and the first reason.

    No reminder goes to the customer until one has spoken.
    """
    pauses.wait_for_advisor(conversation.customer_id, now=now)
    if conversation.state == ConversationState.WAITING:
        return
    conversation.waiting_since = now
    conversation.waiting_reason = reason
    conversation.state = ConversationState.WAITING
    conversation.save(update_fields=["state", "waiting_since", "waiting_reason"])


def _turn(conversation: Conversation, state: ConversationState, *, offered: Sequence[datetime] = ()) -> None:
    """Change the state, unless it waits for an advisor: only an advisor ends that."""
    conversation.offered = [moment.isoformat() for moment in offered]
    fields = ["offered"]
    if conversation.state != ConversationState.WAITING:
        conversation.state = state
        fields.append("state")
    conversation.save(update_fields=fields)


@transaction.atomic
def settle(customer: Customer, *, by: User, now: datetime) -> bool:
    """Close the thread by an advisor's word; the customer's pause counts from now. False when it was closed already."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    changed = (
        Conversation.objects.filter(customer=customer)
        .exclude(state=ConversationState.CLOSED)
        .update(
            state=ConversationState.CLOSED, waiting_since=None, waiting_reason=WaitingReason.NONE, offered=[]
        )
    )
    if changed:
        pauses.advisor_spoke(customer.pk, now=now)
        log.record(customer, "conversations.thread.closed", at=now, actor=by)
    return bool(changed)


def release(conversation: Conversation, *, now: datetime) -> None:
    """Note that an advisor has answered: it waits no more, and what was offered before is void."""
    pauses.advisor_spoke(conversation.customer_id, now=now)
    conversation.state = ConversationState.OPEN
    conversation.waiting_since = None
    conversation.waiting_reason = WaitingReason.NONE
    conversation.offered = []
    conversation.save(update_fields=["state", "waiting_since", "waiting_reason", "offered"])
