"""Writes what became of claimed messages: one statement for a batch, tied to the claim that tried them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import connection, transaction

from common.enums import Channel
from common.tenancy import cross_tenant, tenant_scope
from messaging.enums import ConsentSource, ErrorCode, MessageState, SuppressionReason
from messaging.logic.outcomes import Outcome
from messaging.models import Message, PrintedLetter
from messaging.services import account_health, consent
from messaging.services.settling import Settled, settle

log = structlog.get_logger(__name__)

# A receipt may have overtaken us: then its state stays and only what it did not know is added. A reason on a
# message that is being handed over is a stop that came meanwhile: it is not queued again. Given up as lost but
# accepted after all counts as accepted, as long as nobody has claimed it anew.
RECORD = """
WITH new AS (
    SELECT * FROM json_to_recordset(%s) AS n(
        id bigint, claim uuid, state text, retry_at timestamptz, provider_id text, error_code text, detail text,
        segments smallint, cost_cents int, attempt text, number smallint, started_at timestamptz,
        finished_at timestamptz)),
changed AS (
    UPDATE messaging_message AS m
    SET state = CASE WHEN m.state IN ('delivered', 'failed', 'accepted') THEN m.state
                     WHEN n.state = 'accepted' THEN n.state
                     WHEN m.state IN ('queued', 'cancelled') THEN m.state
                     WHEN n.state = 'queued' AND m.reason <> '' THEN 'cancelled'
                     ELSE n.state END,
        reason = CASE WHEN n.state IN ('queued', 'cancelled') THEN m.reason ELSE '' END,
        not_before = coalesce(n.retry_at, m.not_before),
        provider_id = CASE WHEN n.provider_id = '' THEN m.provider_id ELSE n.provider_id END,
        error_code = n.error_code, error_detail = n.detail, segments = n.segments, cost_cents = n.cost_cents,
        attempt_count = CASE WHEN n.attempt = '' THEN m.attempt_count - 1 ELSE m.attempt_count END,
        accepted_at = CASE WHEN n.state = 'accepted' THEN n.finished_at ELSE m.accepted_at END
    FROM new n WHERE m.id = n.id AND m.claim = n.claim AND (m.state NOT IN ('queued', 'cancelled') OR n.state = 'accepted')
    RETURNING m.id, m.dealership_id, m.state),
tried AS (
    INSERT INTO messaging_attempt
        (dealership_id, message_id, number, outcome, provider_id, error_code, detail, started_at, finished_at)
    SELECT c.dealership_id, n.id, n.number, n.attempt, n.provider_id, n.error_code, n.detail, n.started_at, n.finished_at
    FROM new n JOIN changed c ON c.id = n.id WHERE n.attempt <> ''
    ON CONFLICT DO NOTHING)
SELECT id, dealership_id, state FROM changed
"""

SUPPRESSES = {
    ErrorCode.INVALID_ADDRESS: SuppressionReason.INVALID_ADDRESS,
    ErrorCode.NOT_TEXTABLE: SuppressionReason.INVALID_ADDRESS,
    ErrorCode.BLOCKED: SuppressionReason.BLOCKED,
    ErrorCode.COMPLAINED: SuppressionReason.COMPLAINED,
    ErrorCode.OPTED_OUT: SuppressionReason.OPTED_OUT,
}


def record(outcomes: Sequence[Outcome], *, now: datetime) -> int:
    """Write outcomes and attempts; answer how many messages changed. Repeating is harmless.

    An outcome whose claim is no longer the message's (given up as lost meanwhile, and claimed anew) changes
    nothing. Letters are stored in the same transaction. A failure is told to the apps above and may suppress the
    address.
    """
    if not outcomes:
        return 0
    for outcome in outcomes:
        if outcome.document:
            _store(outcome)
    with (
        cross_tenant(reason="one batch holds the messages of several dealerships"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(RECORD, [orjson.dumps([_row(each) for each in outcomes]).decode()])
        changed = {row[0]: row[2] for row in cursor.fetchall()}
        for outcome in outcomes:
            if outcome.document and outcome.tried.message_id in changed:
                _queue_letter(outcome, now=now)
            if changed.get(outcome.tried.message_id) == MessageState.FAILED:
                failed(outcome, now=now)
        account_health.learn(outcomes, now=now)
    return len(changed)


def _row(outcome: Outcome) -> dict[str, Any]:
    tried = outcome.tried
    return {
        "id": tried.message_id,
        "claim": tried.claim,
        "state": outcome.state,
        "retry_at": outcome.retry_at,
        "provider_id": outcome.provider_id,
        "error_code": outcome.error_code,
        "detail": outcome.detail,
        "segments": outcome.segments,
        "cost_cents": outcome.cost_cents,
        "attempt": outcome.attempt,
        "number": tried.number,
        "started_at": tried.started_at,
        "finished_at": tried.finished_at,
    }


def failed(outcome: Outcome, *, now: datetime) -> None:
    """Suppress the address where the failure speaks against it, and tell the apps above."""
    tried = outcome.tried
    log.info("message.failed", message=tried.message_id, code=str(outcome.error_code))
    with tenant_scope(tried.dealership_id):
        code = ErrorCode(outcome.error_code)
        if outcome.is_permanent and code in SUPPRESSES:
            learn_of_bad_address(tried.message_id, code, now=now)
    settle([Settled(tried.dealership_id, tried.message_id, MessageState.FAILED, outcome.is_permanent)])


def learn_of_bad_address(message_id: int, code: ErrorCode, *, now: datetime) -> None:
    """Suppress a message's address on its channel; a stop or complaint told by the provider is a withdrawal as well."""
    message = Message.objects.select_related("customer").get(pk=message_id)
    consent.suppress(
        message.to_address,
        channels=[Channel(message.channel)],
        reason=SUPPRESSES[code],
        proof={"message_id": message_id, "code": code},
        now=now,
    )
    if code in ErrorCode.says_stop() and message.customer is not None:
        consent.withdraw(
            message.customer,
            channels=[Channel(message.channel)],
            purpose=None,
            evidence=consent.Evidence(ConsentSource.PROVIDER, proof={"message_id": message_id}),
            now=now,
        )


def letter_path(dealership_id: int, reference: str) -> str:
    """Where a letter's PDF lies below MEDIA_ROOT; the same for every repetition of its key."""
    digest = hashlib.sha256(reference.encode()).hexdigest()[:32]
    return f"letters/{dealership_id}/{digest}.pdf"


def _store(outcome: Outcome) -> None:
    """The file first, the row after: a crash between leaves a file that the repetition overwrites."""
    path = Path(settings.MEDIA_ROOT) / letter_path(outcome.tried.dealership_id, outcome.provider_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(outcome.document)
    partial.replace(path)


def _queue_letter(outcome: Outcome, *, now: datetime) -> None:
    PrintedLetter.objects.bulk_create(
        [
            PrintedLetter(
                dealership_id=outcome.tried.dealership_id,
                key=outcome.provider_id,
                path=letter_path(outcome.tried.dealership_id, outcome.provider_id),
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
