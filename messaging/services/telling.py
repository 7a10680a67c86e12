"""Tells the apps above, each receiver for itself, until each has taken it in.

What messaging itself does for a customer (withdrawal, suppression, everything cancelled) must not hang on what others
do about it: one receiver with a bug would take a STOP back with it. So a receiver that fails undoes its own work only,
and a `Untold` stays until it has been told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from common import clock
from common.named_signal import NamedSignal
from common.tenancy import cross_tenant, current_dealership, tenant_scope
from messaging.logic.trying_again import MOST_TRIES, next_try_at
from messaging.models import Untold
from messaging.signals import consent_withdrawn, message_settled, reply_received, stop_has_more

log = structlog.get_logger(__name__)

SIGNALS = {
    "consent_withdrawn": consent_withdrawn,
    "message_settled": message_settled,
    "reply_received": reply_received,
    "stop_has_more": stop_has_more,
}
NAMES = {signal: name for name, signal in SIGNALS.items()}
AT_ONCE = 500
FAILURE_LENGTH = 300

_is_put_off: ContextVar[bool] = ContextVar("messaging_telling_put_off", default=False)


def tell(signal: NamedSignal, **facts: Any) -> None:
    """Tell every receiver of a signal, in the dealership in scope; `facts` are ids and words.

    Inside a transaction each works in a savepoint of its own. Never raises for a receiver: one that fails is
    told again by `tell_due`.
    """
    for receiver in signal.names():
        if _is_put_off.get():
            _write(signal, receiver, facts)
            continue
        try:
            with transaction.atomic():
                signal.send_to(receiver, sender=Untold, **facts)
        except Exception as error:  # whatever it is, it is that receiver's own and must not undo ours
            log.exception("telling.receiver_failed", signal=NAMES[signal], receiver=receiver)
            _write(signal, receiver, facts, attempt_count=1, failure=in_words(error))


@contextmanager
def put_off() -> Iterator[None]:
    """Only write down what is told inside: `tell_due` tells it when this has been committed."""
    token = _is_put_off.set(True)
    try:
        yield
    finally:
        _is_put_off.reset(token)


def tell_due(*, now: datetime) -> int:
    """Tell what is still to be told and whose turn it is, of all dealerships, oldest first; answer how many were.

    Each in a transaction of its own. Safe to run in parallel and again: one that another process has is left to it.
    """
    told, last = 0, 0
    while due := _due_after(last, now=now):
        told += sum(_tell_one(untold_id, dealership_id, now=now) for untold_id, dealership_id in due)
        last = due[-1][0]
    return told


def is_due(*, now: datetime) -> Q:
    """What is tried again by itself, and may be now; the same for receipts."""
    return Q(attempt_count__lt=MOST_TRIES) & (Q(next_try_at=None) | Q(next_try_at__lte=now))


def in_words(error: Exception) -> str:
    return repr(error).replace("\x00", "")[:FAILURE_LENGTH]


def _write(signal: NamedSignal, receiver: str, facts: dict[str, Any], **how: Any) -> None:
    Untold.objects.create(
        dealership=current_dealership(),
        signal=NAMES[signal],
        receiver=receiver,
        facts=facts,
        created_at=clock.now(),
        **how,
    )


def _due_after(last: int, *, now: datetime) -> list[tuple[int, int]]:
    with cross_tenant(reason="what is untold of all dealerships is told as they came"):
        due = Untold.objects.filter(is_due(now=now), pk__gt=last).order_by("pk")
        return list(due.values_list("pk", "dealership_id")[:AT_ONCE])


def _tell_one(untold_id: int, dealership_id: int, *, now: datetime) -> bool:
    with tenant_scope(dealership_id), transaction.atomic():
        due = Untold.objects.filter(is_due(now=now), pk=untold_id)
        untold = due.select_for_update(skip_locked=True).first()
        if untold is None:
            return False
        try:
            with transaction.atomic():
                SIGNALS[untold.signal].send_to(untold.receiver, sender=Untold, **untold.facts)
        except Exception as error:  # a time limit included: the next one must be told all the same
            log.exception("telling.failed", untold=untold.pk, receiver=untold.receiver)
            _note_failure(untold, error, now=now)
            return False
        untold.delete()
        return True


def _note_failure(untold: Untold, error: Exception, *, now: datetime) -> None:
    untold.attempt_count += 1
    untold.next_try_at = next_try_at(untold.attempt_count, now=now)
    untold.failure = in_words(error)
    untold.save(update_fields=["attempt_count", "next_try_at", "failure"])
