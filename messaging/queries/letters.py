"""What the print queue page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from messaging.models import Message, PrintBatch, PrintedLetter

SHOWN = 100


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    customer_id: int | None
    name: str
    subject: str
    accepted_at: datetime


def waiting_letters() -> list[WaitingLetter]:
    """Letters in no batch yet, oldest first; at most a hundred."""
    waiting = PrintedLetter.objects.filter(batch=None).order_by("created_at", "pk")[:SHOWN]
    accepted = {letter.key: letter.created_at for letter in waiting}
    rows = Message.objects.filter(key__in=accepted).select_related("customer")
    found = [
        WaitingLetter(
            row.customer_id, row.customer.display_name if row.customer else "", row.subject, accepted[row.key]
        )
        for row in rows
    ]
    return sorted(found, key=lambda letter: letter.accepted_at)


def waiting_count() -> int:
    return PrintedLetter.objects.filter(batch=None).count()


def batches() -> QuerySet[PrintBatch]:
    """Batches with their number of letters (`size`), newest first."""
    return PrintBatch.objects.annotate(size=Count("letters")).order_by("-created_at", "-pk")[:SHOWN]
