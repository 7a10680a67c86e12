"""Learns from outcomes whether an account's credentials are good, and lets go what waited for better ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import connection

from common.doorbell import ring
from common.tenancy import cross_tenant, tenant_scope
from dealerships.services import log as audit
from messaging.enums import AccountState, AttemptOutcome, ErrorCode
from messaging.logic.outcomes import AccountSeen, Outcome
from messaging.models import PlatformAccount, ProviderAccount

log = structlog.get_logger(__name__)

RELEASED_AT_ONCE = 5_000
TROUBLE_LENGTH = 100

# What waits for its account to work again: held by the gate, or refused with credentials that are no longer used.
RELEASE = """
UPDATE messaging_message SET not_before = %s, reason = '' WHERE id IN (
    SELECT m.id FROM messaging_message m
    WHERE m.dealership_id = %s AND m.channel = %s AND m.state = 'queued' AND m.not_before > %s
      AND (m.reason = 'account_held' OR m.error_code = 'authentication')
    LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def learn(outcomes: Iterable[Outcome], *, now: datetime) -> None:
    """Mark accounts whose provider refused their credentials, and those a test message proved good.

    In the caller's transaction, in a scope that sees every dealership. What was refused with credentials that have been
    replaced meanwhile says nothing of the new ones: then the messages go again at once.
    """
    refused: dict[AccountSeen, Outcome] = {}
    proven: dict[AccountSeen, Outcome] = {}
    for outcome in outcomes:
        if outcome.attempt and outcome.error_code == ErrorCode.AUTHENTICATION:
            refused[outcome.tried.account] = outcome
        elif outcome.tried.is_test and outcome.attempt == AttemptOutcome.ACCEPTED:
            proven[outcome.tried.account] = outcome
    for seen, outcome in refused.items():
        _refused(seen, outcome, now=now)
    for seen in proven:
        if _change(seen, AccountState.FAILING, AccountState.WORKING, trouble="", now=now):
            ring_release(seen)


def _refused(seen: AccountSeen, outcome: Outcome, *, now: datetime) -> None:
    trouble = outcome.detail[:TROUBLE_LENGTH]
    if not _change(seen, AccountState.WORKING, AccountState.FAILING, trouble=trouble, now=now):
        if _works(seen):
            ring_release(seen)
        return
    log.warning("account.failing", account=seen.id, platform_account=seen.platform_id, detail=trouble)
    if not seen.platform_id:
        with tenant_scope(outcome.tried.dealership_id):
            account = ProviderAccount.objects.get(pk=seen.id)
            audit.record(account, "messaging.account.failed", at=now, detail=trouble)


def _change(seen: AccountSeen, before: str, after: str, *, trouble: str, now: datetime) -> int:
    changes = {"state": after, "state_since": now, "trouble": trouble}
    if seen.platform_id:
        platform = PlatformAccount.objects.filter(pk=seen.platform_id, version=seen.platform_version)
        return platform.filter(state=before, is_active=True).update(**changes)
    own = ProviderAccount.objects.filter(pk=seen.id, version=seen.version)
    return own.filter(state=before, is_active=True).update(**changes)


def _works(seen: AccountSeen) -> bool:
    if seen.platform_id:
        return PlatformAccount.objects.filter(pk=seen.platform_id, state=AccountState.WORKING).exists()
    return ProviderAccount.objects.filter(pk=seen.id, state=AccountState.WORKING).exists()


def ring_release(seen: AccountSeen) -> None:
    """Have what waits for an account let go after commit; for the platform's, at every dealership."""
    channel, dealership_id = ProviderAccount.objects.values_list("channel", "dealership_id").get(pk=seen.id)
    if seen.platform_id:
        ring("messaging.release", channel=channel)
    else:
        ring("messaging.release", channel=channel, dealership_id=dealership_id)


def release(channel: str, *, dealership_id: int | None, now: datetime) -> int:
    """Let go what waits at a dealership (None: at every one) for its account of a channel; answer how many.

    The gate is asked again before each leaves: opt-outs, hours and lateness count as ever. In batches, each committed;
    safe to run again.
    """
    with cross_tenant(reason="the platform's account serves many dealerships"):
        shares = ProviderAccount.objects.filter(channel=channel, is_active=True)
        mine = (
            shares.filter(platform__isnull=False)
            if dealership_id is None
            else shares.filter(dealership=dealership_id)
        )
        dealership_ids = (
            [dealership_id] if dealership_id else list(mine.values_list("dealership_id", flat=True))
        )
        return sum(_release(each, channel, now=now) for each in dealership_ids)


def _release(dealership_id: int, channel: str, *, now: datetime) -> int:
    released = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(RELEASE, [now, dealership_id, channel, now, RELEASED_AT_ONCE])
            released += int(cursor.rowcount)
            if cursor.rowcount < RELEASED_AT_ONCE:
                return released
