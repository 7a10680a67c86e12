"""What the print queue page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from messaging.models import Message, PrintBatch, PrintedLetter
from messaging.reason_words import words_for

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


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A letter that must not be posted any more, in a batch that may be on paper already."""

    customer_id: int | None
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchRow:
    batch: PrintBatch
    size: int
    taken_out: Sequence[TakenOut]


def batches() -> list[BatchRow]:
    """Batches with their number of letters and what was taken out of them, newest first. Queries: 3."""
    is_in = Count("letters", filter=Q(letters__taken_out_reason=""))
    found = list(PrintBatch.objects.annotate(size=is_in).order_by("-created_at", "-pk")[:SHOWN])
    taken_out = _taken_out([batch.pk for batch in found])
    return [BatchRow(batch, batch.size, taken_out[batch.pk]) for batch in found]


def _taken_out(batch_ids: list[int]) -> dict[int, list[TakenOut]]:
    letters = PrintedLetter.objects.filter(batch_id__in=batch_ids).exclude(taken_out_reason="")
    place = {
        key: (batch_id, reason)
        for key, batch_id, reason in letters.values_list("key", "batch_id", "taken_out_reason")
    }
    by_batch: dict[int, list[TakenOut]] = defaultdict(list)
    for row in Message.objects.filter(key__in=place).select_related("customer").order_by("pk"):
        batch_id, reason = place[row.key]
        name = row.customer.display_name if row.customer else ""
        by_batch[batch_id].append(TakenOut(row.customer_id, name, words_for(reason)))
    return by_batch
