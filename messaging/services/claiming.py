"""Claims queued messages for one sender: fairly over dealerships, urgent first, and only those the gate lets through.

The claim is one transaction: lock the dealerships it takes from, mark the rows `sending`, ask the gate with
facts read after that, and put back (or cancel) what may not go. A dealership's lock makes the gate's facts true
for the moment of the claim: two senders can never both let the last allowed message of a day through.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

import structlog
from django.db import connection, transaction

from common.tenancy import cross_tenant
from messaging.enums import MessageState, Part, Priority, Reason
from messaging.logic.caps import local_dates
from messaging.logic.gate import ANSWER_HOLDS, GateFacts, Send, Skip, Verdict, Wait, decide
from messaging.logic.outcomes import AccountSeen
from messaging.logic.parts import missing_parts
from messaging.logic.sending_windows import closes_at
from messaging.logic.trial_messages import is_test
from messaging.queries.claims import Facts, Place, batch_facts
from messaging.services.settling import Settled, settle

log = structlog.get_logger(__name__)

BATCH = 500  # measured: larger batches gain nothing, smaller ones cost
DEALERSHIPS_AT_ONCE = 50
LOCK_CLASS = 0x4D534753  # "MSGS": the first half of an advisory lock's key, the second is the dealership

DUE_DEALERSHIPS = """
WITH RECURSIVE waiting AS (
    (SELECT dealership_id FROM messaging_message WHERE state = 'queued' ORDER BY dealership_id LIMIT 1)
    UNION ALL
    SELECT (SELECT m.dealership_id FROM messaging_message m
            WHERE m.state = 'queued' AND m.dealership_id > w.dealership_id
            ORDER BY m.dealership_id LIMIT 1)
    FROM waiting w WHERE w.dealership_id IS NOT NULL)
SELECT w.dealership_id FROM waiting w
WHERE w.dealership_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM unnest(%s::smallint[]) AS p(priority) CROSS JOIN LATERAL (
        SELECT 1 FROM messaging_message m
        WHERE m.dealership_id = w.dealership_id AND m.state = 'queued' AND m.priority = p.priority
          AND m.not_before <= %s
          AND m.account_id <> ALL(%s::bigint[]) LIMIT 1) AS found)
ORDER BY w.dealership_id > %s DESC, w.dealership_id
LIMIT %s
"""

LOCK = "SELECT id FROM unnest(%s::int[]) AS d(id) WHERE pg_try_advisory_xact_lock(%s::int, id)"

CLAIM = """
UPDATE messaging_message AS m
SET state = 'sending', claim = %s, claimed_at = %s, attempt_count = m.attempt_count + 1, reason = ''
FROM (
    SELECT found.id FROM unnest(%s::bigint[]) AS d(id) CROSS JOIN LATERAL (
        SELECT id FROM messaging_message
        WHERE dealership_id = d.id AND state = 'queued' AND priority = %s AND not_before <= %s
          AND account_id <> ALL(%s::bigint[])
        ORDER BY not_before LIMIT %s FOR UPDATE SKIP LOCKED) AS found
    LIMIT %s) AS due
WHERE m.id = due.id
RETURNING m.id, m.dealership_id, m.account_id, m.customer_id, m.key, m.channel, m.purpose, m.priority,
    m.to_address, m.subject, m.body_text, m.body_html, m.attachments, m.zone_names, m.places, m.letter,
    m.is_answer AND m.created_at > %s, m.confirms_stop, m.expires_at, m.attempt_count
"""

PUT_BACK = """
UPDATE messaging_message AS m
SET state = n.state, reason = n.reason, not_before = coalesce(n.until, m.not_before),
    attempt_count = m.attempt_count - 1, claim = NULL, claimed_at = NULL,
    account_id = coalesce(n.account_id, m.account_id)
FROM json_to_recordset(%s) AS n(id bigint, state text, reason text, until timestamptz, account_id bigint)
WHERE m.id = n.id
"""

LATER = """
UPDATE messaging_message SET state = 'queued', not_before = greatest(not_before, claimed_at, now()) + interval '1 hour' WHERE id = %s
"""


class Claimed(NamedTuple):
    """A message that is ours to hand over now, in the order the claim returns its columns."""

    id: int
    dealership_id: int
    account_id: int
    customer_id: int | None
    key: str
    channel: str
    purpose: str
    priority: int
    to_address: str
    subject: str
    body_text: str
    body_html: str
    attachments: str  # JSON
    zone_names: str  # JSON
    places: str  # JSON
    letter: str | None  # JSON
    is_answer: bool  # and still one: later it keeps to the hours like anything else
    confirms_stop: bool
    expires_at: datetime | None
    attempt_count: int
    claim: str
    hours_end: datetime | None = (
        None  # when the hours end in which it was let through; what waits longer must not go
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """What one look brought: messages to send, and how many the gate held or cancelled."""

    messages: Sequence[Claimed]
    held: int
    last_dealership_id: int
    is_contended: bool = False  # there is work, and another sender is claiming it at this moment
    accounts: Mapping[int, AccountSeen] = field(
        default_factory=dict
    )  # as they are: older credentials go unused

    @property
    def found_any(self) -> bool:
        return bool(self.messages) or self.held > 0 or self.is_contended


def claim_batch(
    *, limit: int, after_dealership_id: int, full_account_ids: Collection[int], now: datetime
) -> Claim:
    """Claim up to `limit` messages whose time has come, starting behind the dealership served last.

    Accounts that have enough in hand are left out. Rows another sender is claiming are skipped, not waited for.
    Cancels what may no longer go and tells campaigns; nothing stays locked afterwards.
    """
    with (
        cross_tenant(reason="the sender serves every dealership's queue, fairly"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        full = list(full_account_ids)
        cursor.execute(
            DUE_DEALERSHIPS, [list(Priority.values), now, full, after_dealership_id, DEALERSHIPS_AT_ONCE]
        )
        due = [row[0] for row in cursor.fetchall()]
        cursor.execute(LOCK, [due, LOCK_CLASS])
        ours = [row[0] for row in cursor.fetchall()]
        if not ours:
            return Claim((), 0, 0, is_contended=bool(due))
        claimed = _claim(cursor, ours, full, limit=limit, now=now)
        facts = batch_facts(cursor, claimed, now=now)
        sendable = _through_the_gate(cursor, claimed, facts, now=now)
    seen = {account_id: account.seen for account_id, account in facts.accounts.items()}
    return Claim(sendable, len(claimed) - len(sendable), due[-1], accounts=seen)


def _claim(
    cursor: Any, dealership_ids: list[int], full: list[int], *, limit: int, now: datetime
) -> list[Claimed]:
    claim = str(uuid4())
    found: list[Claimed] = []
    for priority in sorted(Priority.values):
        room = limit - len(found)
        if room <= 0:
            break
        share = -(-room // len(dealership_ids))
        cursor.execute(
            CLAIM, [claim, now, dealership_ids, priority, now, full, share, room, now - ANSWER_HOLDS]
        )
        found += [Claimed._make((*row, claim, None)) for row in cursor.fetchall()]
    return found


def _through_the_gate(cursor: Any, claimed: list[Claimed], facts: Facts, *, now: datetime) -> list[Claimed]:
    sendable: list[Claimed] = []
    held: list[tuple[Claimed, Wait | Skip]] = []
    for message in claimed:
        verdict = _verdict(message, facts, now=now)
        if isinstance(verdict, Send):
            sendable.append(_until_hours_end(message, facts, now=now))
            facts.count(message, at=now)
        else:
            held.append((message, verdict))
    if held:
        _hold(cursor, held, facts)
    return sendable


def _verdict(message: Claimed, facts: Facts, *, now: datetime) -> Verdict:
    where, account = facts.dealerships[message.dealership_id], facts.accounts[message.account_id]
    if account.successor_id is not None:
        return Wait(now, Reason.NONE)  # its account was replaced: the next claim finds it at the new one
    zones, places = _zones(message, where), _places(message, where)
    return decide(
        GateFacts(
            channel=message.channel,
            purpose=message.purpose,
            zone_names=zones,
            law=where.law,
            places=places,
            said=facts.said.get(message.customer_id or 0, ()),
            sent=facts.sent.get(message.customer_id or 0, ()),
            expires_at=message.expires_at,
            dealership_is_active=where.is_active,
            is_suppressed=(message.dealership_id, message.channel, message.to_address) in facts.suppressed,
            lacks=_lacks(message, where, zones=zones, places=places, now=now),
            is_answer=message.is_answer,
            confirms_stop=message.confirms_stop,
            has_provider=account.is_active,
            account_is_held=account.is_held and not is_test(message.key),
        ),
        now=now,
    )


def _zones(message: Claimed, where: Place) -> tuple[str, ...]:
    return names_in(message.zone_names) or (where.time_zone,)


def _places(message: Claimed, where: Place) -> tuple[str, ...]:
    return names_in(message.places) or (where.country,)


def _until_hours_end(message: Claimed, facts: Facts, *, now: datetime) -> Claimed:
    """Return the message with the end of the hours it was let through in; an answer at night may go as long as it is one."""
    where = facts.dealerships[message.dealership_id]
    hours = where.law.hours(channel=message.channel, purpose=message.purpose, places=_places(message, where))
    if hours is None:
        return message
    end = closes_at(now, hours=hours, zone_names=_zones(message, where))
    if message.is_answer:
        end = max(end or now, now + ANSWER_HOLDS)
    return message._replace(hours_end=end)


def _lacks(
    message: Claimed, where: Place, *, zones: tuple[str, ...], places: tuple[str, ...], now: datetime
) -> frozenset[Part]:
    """Return what the law requires in the text and is not there; an answer is part of a conversation."""
    if message.is_answer:
        return frozenset()
    needed = frozenset[Part]().union(
        *(
            where.law.parts(channel=message.channel, purpose=message.purpose, places=places, on=on)
            for on in local_dates(now, zones)
        )
    )
    return (
        missing_parts(needed, channel=message.channel, text=message.body_text, sender=where.sender)
        if needed
        else needed
    )


@lru_cache(maxsize=10_000)
def names_in(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _hold(cursor: Any, held: Sequence[tuple[Claimed, Wait | Skip]], facts: Facts) -> None:
    rows: list[dict[str, Any]] = []
    cancelled = []
    for message, verdict in held:
        match verdict:
            case Wait(until, reason):
                successor_id = facts.accounts[message.account_id].successor_id
                rows.append(
                    {
                        "id": message.id,
                        "state": "queued",
                        "reason": reason,
                        "until": until.isoformat(),
                        "account_id": successor_id,
                    }
                )
            case Skip(reason):
                rows.append({"id": message.id, "state": "cancelled", "reason": reason, "until": None})
                cancelled.append((message.dealership_id, message.id))
    cursor.execute(PUT_BACK, [json.dumps(rows)])
    for dealership_id, message_id in cancelled:
        _tell(cursor, dealership_id, message_id)


def _tell(cursor: Any, dealership_id: int, message_id: int) -> None:
    """One row whose receivers fail must not block every queue: it is looked at again in an hour."""
    try:
        with transaction.atomic():
            settle([Settled(dealership_id, message_id, MessageState.CANCELLED)])
    except Exception:
        log.exception("claim.receiver_failed", message=message_id)
        cursor.execute(LATER, [message_id])
