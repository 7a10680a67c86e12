"""Puts messages into the outbox and takes them out again; the only way anything is ever sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Q

from common.doorbell import ring
from common.enums import Channel, Purpose
from common.tenancy import current_dealership
from messaging.adapters.base import Letter
from messaging.enums import MessageState, Priority, Reason
from messaging.models import Message, ProviderAccount
from messaging.services import unprinted

# What a draft does not say is as the model has it.
DEFAULTS: dict[str, Any] = {
    str(field.column): field.get_default() for field in Message._meta.concrete_fields if not field.primary_key
}
_columns = ", ".join(DEFAULTS)
INSERT = f"""
    INSERT INTO messaging_message ({_columns})
    SELECT {_columns} FROM json_populate_recordset(NULL::messaging_message, %s)
    ON CONFLICT (dealership_id, key) DO NOTHING
    RETURNING key, id
"""  # noqa: S608 -- our own columns
IN_HAND = (MessageState.SENDING, MessageState.UNCONFIRMED)  # may still come back into the queue
LONGEST_WAIT = timedelta(days=14)  # a reminder older than this has lost its sense


class NoProvider(LookupError):
    """The dealership has no active account for this channel; the gate says so first (`Reason.NO_PROVIDER`)."""


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message ready to go: rendered, addressed, and with the key that makes it unique (e.g. `touch:17`).

    `is_answer`: it answers what the customer has just written; then quiet hours and caps do not hold it.
    `confirms_stop` is for `messaging.services.inbound` alone.
    `attachments`: [{"name", "content_type", "text"}]. A letter needs `letter`. `zone_names`, `places`: all
    zones and jurisdictions the recipient may be in.
    """

    key: str
    customer_id: int | None
    channel: Channel
    purpose: Purpose
    to_address: str
    body_text: str
    subject: str = ""
    body_html: str = ""
    attachments: Sequence[dict[str, str]] = ()
    zone_names: Sequence[str] = ()
    places: Sequence[str] = ()
    priority: Priority = Priority.NORMAL
    not_before: datetime | None = None
    expires_at: datetime | None = None
    is_answer: bool = False
    confirms_stop: bool = False
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    id: int
    key: str
    is_new: bool


@transaction.atomic
def queue(drafts: Sequence[MessageDraft], *, now: datetime) -> list[QueuedMessage]:
    """Write the drafts as queued messages, in their order, and ring the sender after commit.

    A key that is there already stays as it is and comes back with `is_new` False: repeating is harmless. Runs in
    the scope of a dealership; the gate is asked again when a message is claimed.

    raises: NoProvider if a channel has no active account
    """
    if not drafts:
        return []
    accounts = dict(ProviderAccount.objects.filter(is_active=True).values_list("channel", "pk"))
    rows = {draft.key: _row(draft, accounts, now=now) for draft in drafts}
    new = _insert(list(rows.values()))
    known = _ids([key for key in rows if key not in new])
    if new:
        ring("messaging.send")
    found = known | new
    return [QueuedMessage(found[draft.key], draft.key, draft.key in new) for draft in drafts]


def _insert(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert messages in one statement; return the ids of those whose key was not there yet.

    As one JSON document: building a model and a list of parameters for each took longer than everything else
    a reminder needs.
    """
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [orjson.dumps(rows).decode()])
        return dict(cursor.fetchall())


def _ids(keys: list[str]) -> dict[str, int]:
    return dict(Message.objects.filter(key__in=keys).values_list("key", "pk")) if keys else {}


def _row(draft: MessageDraft, accounts: dict[str, int], *, now: datetime) -> dict[str, Any]:
    account_id = accounts.get(draft.channel)
    if account_id is None:
        raise NoProvider(draft.channel)
    latest = now + LONGEST_WAIT
    return DEFAULTS | {
        "dealership_id": current_dealership().pk,
        "key": draft.key,
        "customer_id": draft.customer_id,
        "account_id": account_id,
        "channel": draft.channel,
        "purpose": draft.purpose,
        "priority": draft.priority,
        "to_address": draft.to_address,
        "subject": draft.subject,
        "body_text": draft.body_text,
        "body_html": draft.body_html,
        "attachments": list(draft.attachments),
        "zone_names": list(draft.zone_names),
        "places": list(draft.places),
        "letter": draft.letter,
        "is_answer": draft.is_answer,
        "confirms_stop": draft.confirms_stop,
        "not_before": (draft.not_before or now).isoformat(),
        "expires_at": min(draft.expires_at or latest, latest).isoformat(),
        "created_at": now.isoformat(),
    }


@transaction.atomic
def mark_spoken(key: str, *, call_id: str, now: datetime) -> str:
    """Return the words of a queued message, having noted that they are said in the call that is going on.

    In the transaction that queued it, so that no sender ever sees it. Empty if there is no such message; a repetition
    returns the words again.
    """
    Message.objects.filter(key=key, state=MessageState.QUEUED).update(
        state=MessageState.DELIVERED, provider_id=call_id, accepted_at=now, delivered_at=now
    )
    return Message.objects.filter(key=key).values_list("body_text", flat=True).first() or ""


def cancel(
    *,
    keys: Collection[str] = (),
    customer_id: int | None = None,
    reason: Reason,
    now: datetime,  # noqa: ARG001 -- every write is given its moment; this one has nothing to stamp yet
) -> int:
    """Cancel what is queued and named by key or customer; answer how many there were.

    What a sender has already claimed is told to stop: it is dropped unless its request has left. A letter that is
    not printed yet is taken out of the print queue. Sends no signal: the caller knows.
    """
    named: dict[str, Any] = {"customer_id": customer_id} if customer_id is not None else {"key__in": keys}
    cancelled = Message.objects.filter(state=MessageState.QUEUED, **named).update(
        state=MessageState.CANCELLED, reason=reason
    )
    # The claim that is handing it over looks at `reason` once more before each request.
    Message.objects.filter(state__in=IN_HAND, **named).update(reason=reason)
    return cancelled + unprinted.take_out(Q(**named), reason=reason)
