"""Understands stored receipts: delivery events move messages on, what customers write becomes an inbound message.

What protects a customer (a stop, an address that bounced) is written here and committed; what the apps above do about
it comes after, and cannot take it back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

from common.tenancy import cross_tenant, tenant_scope
from messaging.adapters.base import PASSING
from messaging.adapters.registry import WEBHOOKS
from messaging.adapters.webhook import DeliveryEvent, InboundEvent, Normalised
from messaging.enums import ErrorCode, MessageState
from messaging.logic.states import states_before
from messaging.logic.trying_again import MOST_TRIES, next_try_at
from messaging.models import WebhookReceipt
from messaging.services import inbound, telling
from messaging.services.recording import SUPPRESSES, learn_of_bad_address
from messaging.services.settling import Settled, settle

log = structlog.get_logger(__name__)

BATCH = 500
TAKE = """
SELECT r.id, r.dealership_id, r.account_id, a.provider, r.event_key, r.body, r.received_at, r.attempt_count
FROM messaging_webhookreceipt r JOIN messaging_provideraccount a ON a.id = r.account_id
WHERE r.processed_at IS NULL AND r.attempt_count < %s AND (r.next_try_at IS NULL OR r.next_try_at <= %s)
ORDER BY r.attempt_count > 0, r.received_at, r.id LIMIT %s FOR UPDATE OF r SKIP LOCKED
"""

# What the provider reports counts for a message by our reference, or where that is missing by its own id.
MOVE_ON = """
UPDATE messaging_message AS m
SET state = n.state,
    provider_id = CASE WHEN m.provider_id = '' THEN n.provider_id ELSE m.provider_id END,
    accepted_at = coalesce(m.accepted_at, n.at),
    delivered_at = CASE WHEN n.state = 'delivered' THEN n.at ELSE m.delivered_at END,
    error_code = n.error_code, error_detail = n.detail, reason = ''
FROM json_to_recordset(%s) AS n(
    dealership_id bigint, reference text, provider_id text, state text, befores text[], at timestamptz,
    error_code text, detail text)
WHERE m.dealership_id = n.dealership_id AND m.state = ANY (n.befores) AND {same}
RETURNING m.id, m.dealership_id, m.state, n.error_code
"""
BY_REFERENCE = MOVE_ON.format(same="m.key = n.reference")
BY_PROVIDER_ID = MOVE_ON.format(same="m.provider_id = n.provider_id AND m.provider_id <> ''")


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt in hand; its row is locked until the batch is done."""

    id: int
    dealership_id: int
    account_id: int
    provider: str
    event_key: str
    body: bytes
    received_at: datetime
    attempt_count: int


Understood = list[tuple[Taken, Normalised]]


def process(*, now: datetime) -> int:
    """Process what is stored and open, oldest first, tell the apps above, and answer how many receipts were done.

    Safe to run in parallel and again: a row another process has is skipped, and what was done already changes
    nothing. One that cannot be processed is kept with its failure, does not stop the others, and is tried again after
    growing waits (`logic/trying_again`).
    """
    done, taken = 0, BATCH
    while taken == BATCH:
        taken, failed = _process_batch(now=now)
        done += taken - failed
        telling.tell_due(now=now)
    return done


def _process_batch(*, now: datetime) -> tuple[int, int]:
    """Process one batch in one transaction; return how many were taken and how many of them failed."""
    with (
        cross_tenant(reason="receipts of all dealerships are processed as they came"),
        transaction.atomic(),
    ):
        taken = _take(now)
        understood, failures = _understand(taken)
        failures |= _move_on(understood, now=now)
        for receipt, event in understood:
            if isinstance(event, InboundEvent):
                failures |= _receive(receipt, event, now=now)
        _close(taken, failures, now=now)
    return len(taken), len(failures)


def _take(now: datetime) -> list[Taken]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [MOST_TRIES, now, BATCH])
        return [Taken(*row) for row in cursor.fetchall()]


def _understand(taken: Sequence[Taken]) -> tuple[Understood, dict[int, str]]:
    """What an adapter chokes on may be a STOP: it stays open until the adapter can read it."""
    understood: Understood = []
    failures = {}
    for receipt in taken:
        try:
            payload = json.loads(bytes(receipt.body))
            understood.append((receipt, WEBHOOKS[receipt.provider].normalise(payload)))
        except Exception as error:  # a stranger's payload or a bug in one adapter
            log.exception("receipt.not_understood", receipt=receipt.id)
            failures[receipt.id] = telling.in_words(error)
    return understood, failures


def _move_on(understood: Understood, *, now: datetime) -> dict[int, str]:
    """Apply delivery events in one statement for each rank, lowest first, so that a batch may hold several of a message."""
    failures: dict[int, str] = {}
    for state in (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.FAILED):
        events = [
            (receipt, event)
            for receipt, event in understood
            if isinstance(event, DeliveryEvent) and event.delivery.value == state.value
        ]
        if not events:
            continue
        try:
            with transaction.atomic():
                _apply(state, events, now=now)
        except Exception:  # something in one of them: then one by one, and the others go on
            log.exception("receipt.delivery_failed", state=str(state), size=len(events))
            for event in events:
                failures |= _apply_alone(state, event, now=now)
    return failures


def _apply_alone(state: MessageState, event: tuple[Taken, DeliveryEvent], *, now: datetime) -> dict[int, str]:
    try:
        with transaction.atomic():
            _apply(state, [event], now=now)
    except Exception as error:  # as above; it is tried again with the next run
        log.exception("receipt.delivery_failed_alone", receipt=event[0].id)
        return {event[0].id: telling.in_words(error)}
    return {}


def _apply(state: MessageState, events: Sequence[tuple[Taken, DeliveryEvent]], *, now: datetime) -> None:
    rows = [_row(state, receipt, event) for receipt, event in events]
    changed = _move(BY_REFERENCE, [row for row in rows if row["reference"]], "reference")
    changed += _move(BY_PROVIDER_ID, [row for row in rows if not row["reference"]], "provider_id")
    if state == MessageState.ACCEPTED:
        return
    for message_id, dealership_id, _, code in changed:
        if state == MessageState.FAILED and code in SUPPRESSES:
            with tenant_scope(dealership_id):
                learn_of_bad_address(message_id, ErrorCode(code), now=now)
    settle(
        # As for what is refused at once: what will not pass is for the next channel, also where the address is not at fault.
        Settled(dealership_id, message_id, new_state, is_permanent=_is_permanent(state, code))
        for message_id, dealership_id, new_state, code in changed
    )


def _is_permanent(state: MessageState, code: str) -> bool:
    return state == MessageState.FAILED and code not in PASSING


def _move(sql: str, rows: Sequence[dict[str, Any]], identity: str) -> list[tuple[int, int, str, str]]:
    unique = {(row["dealership_id"], row[identity]): row for row in rows}
    if not unique:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(list(unique.values()))])
        return list(cursor.fetchall())


def _row(state: MessageState, receipt: Taken, event: DeliveryEvent) -> dict[str, Any]:
    return {
        "dealership_id": receipt.dealership_id,
        "reference": event.reference[:80],
        "provider_id": event.provider_id[:100],
        "state": state,
        "befores": states_before(state),
        "at": (event.at or receipt.received_at).isoformat(),
        "error_code": event.code or "",
        "detail": event.raw,
    }


def _receive(receipt: Taken, event: InboundEvent, *, now: datetime) -> dict[int, str]:
    try:
        with tenant_scope(receipt.dealership_id), telling.put_off(), transaction.atomic():
            inbound.receive(event, account_id=receipt.account_id, event_key=receipt.event_key, now=now)
    except Exception as error:  # one reply that we cannot even store must not hold up the next one's STOP
        log.exception("receipt.inbound_failed", receipt=receipt.id)
        return {receipt.id: telling.in_words(error)}
    return {}


def _close(taken: Sequence[Taken], failures: dict[int, str], *, now: datetime) -> None:
    done = [receipt.id for receipt in taken if receipt.id not in failures]
    WebhookReceipt.objects.filter(pk__in=done).update(processed_at=now, failure="", next_try_at=None)
    for receipt in taken:
        if receipt.id in failures:
            attempts = receipt.attempt_count + 1
            WebhookReceipt.objects.filter(pk=receipt.id).update(
                failure=failures[receipt.id],
                attempt_count=attempts,
                next_try_at=next_try_at(attempts, now=now),
            )
