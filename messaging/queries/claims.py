"""The gate's facts for a claimed batch, over several dealerships: six queries whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson

from common.enums import Channel, Purpose
from messaging.logic.caps import Sent
from messaging.logic.consent import Said
from messaging.logic.law import Law
from messaging.logic.outcomes import AccountSeen
from messaging.logic.parts import SenderFacts
from messaging.logic.person import KIND_OF_CHANNEL
from messaging.logic.rules import MOST_DAYS
from messaging.queries.law import law_of

LOOK_BACK = timedelta(days=MOST_DAYS + 1)  # of the longest cap, by the calendar of any zone
OLDEST_IN_QUEUE = timedelta(days=15)  # the outbox lets nothing wait longer than 14 days

DEALERSHIPS = """
SELECT d.id, d.time_zone, d.country, d.is_active, d.name, d.phone, d.street, d.city, d.postal_code,
    (SELECT coalesce(max(id), 0) FROM messaging_lawrule),
    (SELECT coalesce(max(o.id), 0) FROM messaging_ownrule o WHERE o.dealership_id = d.id)
FROM dealerships_dealership d WHERE d.id = ANY(%s)
"""
# A share in the platform's account is held with it; who took the place of one that was replaced gets what it left.
ACCOUNTS = """
SELECT a.id, a.is_active, (a.state <> 'working' OR (p.state <> 'working') IS TRUE), a.version, coalesce(p.id, 0),
       coalesce(p.version, 0), (
    SELECT n.id FROM messaging_provideraccount n
    WHERE NOT a.is_active AND n.dealership_id = a.dealership_id AND n.channel = a.channel AND n.is_active)
FROM messaging_provideraccount a LEFT JOIN messaging_platformaccount p ON p.id = a.platform_id
WHERE a.id = ANY(%s)
"""
SAID = """
SELECT customer_id, channel, purpose, action, source, at FROM messaging_consentevent
WHERE customer_id = ANY(%s) ORDER BY at DESC, id DESC
"""
SENT = """
SELECT m.customer_id, m.channel, coalesce(m.accepted_at, m.claimed_at)
FROM unnest(%s::bigint[], %s::bigint[]) AS c(dealership_id, customer_id)
JOIN messaging_message m ON m.dealership_id = c.dealership_id AND m.customer_id = c.customer_id
WHERE m.created_at > %s AND m.purpose = 'marketing' AND m.claim IS DISTINCT FROM %s
  AND m.state IN ('sending', 'unconfirmed', 'accepted', 'delivered')
  AND coalesce(m.accepted_at, m.claimed_at) > %s
"""
# The same mailbox or number under another customer number: one person, who counts what comes in.
SENT_TO_SAME_ADDRESS = """
SELECT c.customer_id, m.channel, coalesce(m.accepted_at, m.claimed_at)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])
    AS c(dealership_id, customer_id, kind, address)
JOIN customers_contactpoint p ON p.dealership_id = c.dealership_id AND p.kind = c.kind AND p.value = c.address
JOIN messaging_message m ON m.dealership_id = p.dealership_id AND m.customer_id = p.customer_id
WHERE p.customer_id <> c.customer_id AND m.to_address = c.address
  AND m.created_at > %s AND m.purpose = 'marketing' AND m.claim IS DISTINCT FROM %s
  AND m.state IN ('sending', 'unconfirmed', 'accepted', 'delivered')
  AND coalesce(m.accepted_at, m.claimed_at) > %s
"""
SUPPRESSED = """
SELECT s.dealership_id, s.channel, s.address
FROM json_to_recordset(%s) AS a(dealership_id bigint, channel text, address text)
JOIN messaging_suppression s
  ON s.dealership_id = a.dealership_id AND s.channel = a.channel AND s.address = a.address
"""


class Row(Protocol):
    @property
    def dealership_id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def customer_id(self) -> int | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def to_address(self) -> str: ...
    @property
    def claim(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages come from, and the law that holds for them."""

    time_zone: str
    country: str
    is_active: bool
    sender: SenderFacts
    law: Law


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Whether an account may send, in which version, and who sends instead of one that was replaced."""

    is_active: bool
    is_held: bool
    seen: AccountSeen
    successor_id: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gate must know of a batch, by dealership and by customer."""

    dealerships: dict[int, Place]
    said: dict[int, list[Said]]
    sent: dict[int, list[Sent]]
    suppressed: frozenset[tuple[int, str, str]]
    accounts: dict[int, AccountFacts] = field(default_factory=dict)
    neighbours: dict[tuple[int, str, str], set[int]] = field(
        default_factory=dict
    )  # who is written to at an address

    def count(self, message: Row, *, at: datetime) -> None:
        """Let what has just been let through hold back the next of the same person or address, in the same batch."""
        if message.customer_id is not None and message.purpose == Purpose.MARKETING:
            for customer_id in {message.customer_id, *self.neighbours.get(_place(message), ())}:
                self.sent[customer_id].append(Sent(message.channel, at))


def batch_facts(cursor: Any, rows: Sequence[Row], *, now: datetime) -> Facts:
    """Read outside any one tenant's scope: the cursor must be allowed to see every dealership of the batch."""
    if not rows:
        return Facts({}, {}, {}, frozenset())
    cursor.execute(DEALERSHIPS, [list({row.dealership_id for row in rows})])
    places = {row[0]: _place_of(*row) for row in cursor.fetchall()}
    neighbours: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for row in rows:
        if row.customer_id is not None:
            neighbours[_place(row)].add(row.customer_id)
    sent, suppressed = _sent(cursor, rows, now=now), _suppressed(cursor, rows)
    return Facts(places, _said(cursor, rows), sent, suppressed, _accounts(cursor, rows), neighbours)


def _accounts(cursor: Any, rows: Sequence[Row]) -> dict[int, AccountFacts]:
    cursor.execute(ACCOUNTS, [list({row.account_id for row in rows})])
    return {
        row_id: AccountFacts(is_active, is_held, AccountSeen(row_id, *versions), successor_id)
        for row_id, is_active, is_held, *versions, successor_id in cursor.fetchall()
    }


def _place_of(
    dealership_id: int,
    time_zone: str,
    country: str,
    *rest: Any,
) -> Place:
    is_active, *sender, version, own_version = rest
    law = law_of(dealership_id, version=version, own_version=own_version)
    return Place(time_zone, country, is_active, SenderFacts(*sender), law)


def _place(row: Row) -> tuple[int, str, str]:
    return row.dealership_id, row.channel, row.to_address


def _said(cursor: Any, rows: Sequence[Row]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    cursor.execute(SAID, [list({row.customer_id for row in rows if row.customer_id is not None})])
    for customer_id, *rest in cursor.fetchall():
        found[customer_id].append(Said(*rest))
    return found


def _sent(cursor: Any, rows: Sequence[Row], *, now: datetime) -> dict[int, list[Sent]]:
    found: dict[int, list[Sent]] = defaultdict(list)
    capped = {
        (row.dealership_id, row.customer_id)
        for row in rows
        if row.customer_id is not None and row.purpose == Purpose.MARKETING
    }
    if not capped:
        return found
    dealership_ids, customer_ids = zip(*capped, strict=True)
    since, created_since = now - LOOK_BACK, now - OLDEST_IN_QUEUE
    cursor.execute(SENT, [list(dealership_ids), list(customer_ids), created_since, rows[0].claim, since])
    _add(found, cursor)
    owners = list(
        zip(
            *{
                (*owner, KIND_OF_CHANNEL.get(Channel(row.channel), ""), row.to_address)
                for row in rows
                if (owner := (row.dealership_id, row.customer_id)) in capped
            },
            strict=True,
        )
    )
    cursor.execute(SENT_TO_SAME_ADDRESS, [*map(list, owners), created_since, rows[0].claim, since])
    _add(found, cursor)
    return found


def _add(found: dict[int, list[Sent]], cursor: Any) -> None:
    for customer_id, channel, at in cursor.fetchall():
        found[customer_id].append(Sent(channel, at))


def _suppressed(cursor: Any, rows: Sequence[Row]) -> frozenset[tuple[int, str, str]]:
    addresses = [
        {"dealership_id": row.dealership_id, "channel": row.channel, "address": row.to_address}
        for row in rows
    ]
    # As JSON: psycopg looks at each text of an array for what needs quoting, which costs more than the query.
    cursor.execute(SUPPRESSED, [orjson.dumps(addresses).decode()])
    return frozenset(cursor.fetchall())
