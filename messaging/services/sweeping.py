"""Finds what a dead sender left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from common.tenancy import cross_tenant

LOST_AFTER = timedelta(minutes=10)  # twice as long as a sender uses a claim

LOST = """
WITH lost AS (
    UPDATE messaging_message
    SET state = 'unconfirmed', error_code = 'unknown_outcome', error_detail = 'the sender was lost', not_before = %s
    WHERE state = 'sending' AND claimed_at < %s
    RETURNING id, dealership_id, attempt_count, claimed_at),
tried AS (
    INSERT INTO messaging_attempt
        (dealership_id, message_id, number, outcome, provider_id, error_code, detail, started_at, finished_at)
    SELECT dealership_id, id, attempt_count, 'unknown', '', 'unknown_outcome', 'the sender was lost', claimed_at, %s
    FROM lost ON CONFLICT DO NOTHING)
SELECT count(*) FROM lost
"""


def give_up_lost_claims(*, now: datetime) -> int:
    """Turn what has been `sending` for ten minutes into `unconfirmed`, for the reconciler; answer how many.

    Whoever claimed them is dead or will not use a claim that old. Safe to run in parallel and again.
    """
    with (
        cross_tenant(reason="a sender that died held messages of any dealership"),
        connection.cursor() as cursor,
    ):
        cursor.execute(LOST, [now, now - LOST_AFTER, now])
        return int(cursor.fetchone()[0])
