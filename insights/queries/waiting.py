"""Conversations that wait for an advisor."""

from dataclasses import dataclass

from conversations.enums import ConversationState
from conversations.models import Conversation
from customers.models import Customer
from insights.logic.moments import Near, ago_words
from messaging.models import InboundMessage

MOST_COUNTED = 99  # the badge says no more, and the count stays cheap


@dataclass(frozen=True)
class WaitingRow:
    customer: Customer
    reason: str
    since: str
    channel: str
    words: str


def count() -> int:
    """Return how many conversations wait for an advisor, at most `MOST_COUNTED`."""
    return Conversation.objects.filter(state=ConversationState.WAITING)[:MOST_COUNTED].count()


def oldest_first(*, limit: int) -> list[Conversation]:
    """Return waiting conversations with their customers, the longest wait first."""
    return list(
        Conversation.objects.filter(state=ConversationState.WAITING)
        .select_related("customer")
        .order_by("waiting_since", "id")[:limit]
    )


def rows(near: Near, *, limit: int) -> list[WaitingRow]:
    """Return who waits, with what they wrote last. Queries: 2."""
    conversations = oldest_first(limit=limit)
    newest = {
        message.customer_id: message
        for message in InboundMessage.objects.filter(customer_id__in=[c.customer_id for c in conversations])
        .order_by("customer_id", "-received_at")
        .distinct("customer_id")
    }

    def row(conversation: Conversation) -> WaitingRow:
        message = newest.get(conversation.customer_id)
        since = conversation.waiting_since
        return WaitingRow(
            customer=conversation.customer,
            reason=conversation.get_waiting_reason_display(),
            since=ago_words(since, now=near.now, zone=near.zone) if since else "",
            channel=message.channel if message else "",
            words=message.body if message else "",
        )

    return [row(conversation) for conversation in conversations]
