"""What messaging could not do for too long: receipts it cannot read, apps above it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from messaging.logic.trying_again import MOST_TRIES, SHOWN_FROM
from messaging.models import Untold, WebhookReceipt

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Stuck:
    """One of them: what it is, since when, how often it failed and why, and whether it is given up."""

    what: str
    since: datetime
    attempts: int
    failure: str
    is_given_up: bool


def stuck_receipts() -> QuerySet[WebhookReceipt]:
    return _failed_receipts(times=SHOWN_FROM)


def stuck_untold() -> QuerySet[Untold]:
    return _failed_untold(times=SHOWN_FROM)


def count() -> int:
    """Return how many are stuck: failed too often to be a passing trouble, given up ones included."""
    return stuck_receipts().count() + stuck_untold().count()


def oldest() -> list[Stuck]:
    """Return what is stuck, oldest first, at most twenty of each kind. Queries: 2."""
    return _listed(stuck_receipts(), stuck_untold())


def failing() -> list[Stuck]:
    """Return what has failed at least once, oldest first, at most twenty of each kind. Queries: 2."""
    return _listed(_failed_receipts(times=1), _failed_untold(times=1))


def _failed_receipts(*, times: int) -> QuerySet[WebhookReceipt]:
    return WebhookReceipt.objects.filter(processed_at=None, attempt_count__gte=times)


def _failed_untold(*, times: int) -> QuerySet[Untold]:
    return Untold.objects.filter(attempt_count__gte=times)


def _listed(receipts: QuerySet[WebhookReceipt], untold: QuerySet[Untold]) -> list[Stuck]:
    receipts = receipts.select_related("account").order_by("received_at", "pk")[:SHOWN]
    found = [
        _stuck(each, what=f"From {each.account.provider} ({each.account.channel})", since=each.received_at)
        for each in receipts
    ]
    found += [
        _stuck(each, what=f"{each.signal} for {each.receiver}", since=each.created_at)
        for each in untold.order_by("created_at", "pk")[:SHOWN]
    ]
    return sorted(found, key=lambda each: each.since)


def _stuck(row: WebhookReceipt | Untold, *, what: str, since: datetime) -> Stuck:
    is_given_up = row.attempt_count >= MOST_TRIES
    return Stuck(what, since, row.attempt_count, row.failure, is_given_up)
