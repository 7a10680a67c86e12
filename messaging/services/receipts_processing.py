"""Understands stored receipts: delivery events move messages on, what customers write becomes an inbound message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from common.tenancy import cross_tenant, tenant_scope
from messaging.adapters.registry import WEBHOOKS
from messaging.adapters.webhook import DeliveryEvent, InboundEvent, Normalised
from messaging.enums import ErrorCode, MessageState
from messaging.logic.states import states_before
from messaging.models import WebhookReceipt
from messaging.services import inbound
from messaging.services.recording import SUPPRESSES, learn_of_bad_address
from messaging.services.settling import Settled, settle

log = structlog.get_logger(__name__)

BATCH = 500
TRIED_FOR = timedelta(days=1)  # a receipt that cannot be processed is kept, and no longer tried after that

TAKE = """
SELECT r.id, r.dealership_id, r.account_id, a.provider, r.event_key, r.body, r.received_at
FROM messaging_webhookreceipt r JOIN messaging_provideraccount a ON a.id = r.account_id
WHERE r.processed_at IS NULL AND r.received_at > %s
ORDER BY r.failure <> '', r.received_at, r.id LIMIT %s FOR UPDATE OF r SKIP LOCKED
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


def process(*, now: datetime) -> int:
    """Process what is stored and open, oldest first, and answer how many receipts were done.

    Safe to run in parallel and again: a row another process has is skipped, and what was done already changes
    nothing. One that cannot be processed is kept with its failure, and does not stop the others.
    """
    done = 0
    while batch := _process_batch(now=now):
        done += batch
    return done


def _process_batch(*, now: datetime) -> int:
    with (
        cross_tenant(reason="receipts of all dealerships are processed as they came"),
        transaction.atomic(),
    ):
        taken = _take(now)
        understood = [(receipt, _understand(receipt)) for receipt in taken]
        failures = _move_on(understood, now=now)
        for receipt, event in understood:
            if isinstance(event, InboundEvent):
                failures |= _receive(receipt, event, now=now)
        _close([receipt.id for receipt in taken if receipt.id not in failures], failures, now=now)
    return len(taken) - len(failures)


def _take(now: datetime) -> list[Taken]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [now - TRIED_FOR, BATCH])
        return [Taken(*row) for row in cursor.fetchall()]


def _understand(receipt: Taken) -> Normalised | None:
    """None for what even the adapter chokes on: kept raw, and done with."""
    try:
        return WEBHOOKS[receipt.provider].normalise(json.loads(bytes(receipt.body)))
    except Exception:  # a stranger's payload or a bug in one adapter; the raw receipt stays
        log.exception("receipt.not_understood", receipt=receipt.id)
        return None


def _move_on(understood: Sequence[tuple[Taken, Normalised | None]], *, now: datetime) -> dict[int, str]:
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
        except Exception:  # e.g. a receiver of `message_settled`: then one by one, and the others go on
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
        return {event[0].id: repr(error)[:300]}
    return {}


def _apply(state: MessageState, events: Sequence[tuple[Taken, DeliveryEvent]], *, now: datetime) -> None:
    rows = [_row(state, receipt, event) for receipt, event in events]
    changed = _move(BY_REFERENCE, [row for row in rows if row["reference"]], "reference")
    changed += _move(BY_PROVIDER_ID, [row for row in rows if not row["reference"]], "provider_id")
    if state == MessageState.ACCEPTED:
        return
    permanent = {code for code in SUPPRESSES if state == MessageState.FAILED}
    for message_id, dealership_id, _, code in changed:
        if code in permanent:
            with tenant_scope(dealership_id):
                learn_of_bad_address(message_id, ErrorCode(code), now=now)
    settle(
        Settled(dealership_id, message_id, new_state, is_permanent=code in permanent)
        for message_id, dealership_id, new_state, code in changed
    )


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
        with tenant_scope(receipt.dealership_id), transaction.atomic():
            inbound.receive(event, account_id=receipt.account_id, event_key=receipt.event_key, now=now)
    except Exception as error:  # one reply that breaks a receiver must not hold up the next one's STOP
        log.exception("receipt.inbound_failed", receipt=receipt.id)
        return {receipt.id: repr(error)[:300]}
    return {}


def _close(done: list[int], failures: dict[int, str], *, now: datetime) -> None:
    WebhookReceipt.objects.filter(pk__in=done).update(processed_at=now, failure="")
    for receipt_id, failure in failures.items():
        WebhookReceipt.objects.filter(pk=receipt_id).update(failure=failure)
