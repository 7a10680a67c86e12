"""Reminders that could not be prepared, for the admins who can do something about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from campaigns.enums import TouchState
from campaigns.models import Touch
from common.enums import Channel
from messaging.reason_words import words_for

REMEMBERED = timedelta(days=7)  # what was given up stays on the page this long


@dataclass(frozen=True, slots=True)
class Trouble:
    """Touches of one step that share their trouble; `customer_id` is one of those concerned."""

    cadence_key: str
    cadence_name: str
    step_number: int
    channel: str
    words: str
    waiting: int
    given_up: int
    customer_id: int


def troubles(*, now: datetime) -> list[Trouble]:
    """Return what keeps reminders of the dealership in scope from being prepared, now or in the last days."""
    rows = (
        Touch.objects.filter(reason__in=Touch.TROUBLES)
        .filter(Q(decided_at=None) | Q(decided_at__gt=now - REMEMBERED))
        .values_list(
            "enrolment__version__cadence__key",
            "enrolment__version__cadence__name",
            "step_number",
            "channel",
            "reason",
        )
        .annotate(
            waiting=Count("pk", filter=Q(state__in=TouchState.open())),
            given_up=Count("pk", filter=Q(state=TouchState.SKIPPED)),
            customer=Min("enrolment__customer_id"),
        )
        .order_by("enrolment__version__cadence__name", "step_number", "channel", "reason")
    )
    return [
        Trouble(
            cadence_key=key,
            cadence_name=name,
            step_number=number,
            channel=Channel(channel).label,
            words=words_for(reason),
            waiting=waiting,
            given_up=given_up,
            customer_id=customer_id,
        )
        for key, name, number, channel, reason, waiting, given_up, customer_id in rows
    ]
