"""The messages of the day."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from campaigns.enums import TouchState
from campaigns.models import Touch
from insights.logic.moments import Near, clock_words
from messaging.enums import MessageState
from messaging.logic.trial_messages import PREFIX
from messaging.models import Message

MOST_SHOWN = 30
SENT = frozenset({MessageState.ACCEPTED, MessageState.DELIVERED})


@dataclass(frozen=True)
class Day:
    sent: int
    failed: int
    unconfirmed: int
    to_come: int


@dataclass(frozen=True)
class SendRow:
    message: Message
    at: str


def of_today(near: Near) -> Day:
    """Return what happened to today's messages (local day), and how many touches are still to come. Queries: 2."""
    counted = dict(_of_day(near).values_list("state").annotate(n=Count("id")).order_by())
    to_come = Touch.objects.filter(state=TouchState.PLANNED, next_try_at__lt=near.day_starts_at(1)).count()
    waiting = counted.get(MessageState.QUEUED, 0) + counted.get(MessageState.SENDING, 0)
    return Day(
        sent=sum(counted.get(state, 0) for state in SENT),
        failed=counted.get(MessageState.FAILED, 0),
        unconfirmed=counted.get(MessageState.UNCONFIRMED, 0),
        to_come=to_come + waiting,
    )


def _of_day(near: Near) -> QuerySet[Message]:
    """Tests of a channel are no message to a customer."""
    return Message.objects.filter(created_at__gte=near.day_starts_at()).exclude(key__startswith=PREFIX)


def rows(near: Near) -> list[SendRow]:
    """Return today's messages, the newest first. Queries: 1."""
    found = _of_day(near).select_related("customer").order_by("-created_at", "-id")[:MOST_SHOWN]
    return [
        SendRow(
            message,
            clock_words(message.accepted_at or message.created_at, zone=near.zone, uses_24h=near.uses_24h),
        )
        for message in found
    ]
