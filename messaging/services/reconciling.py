"""Asks providers what became of messages nobody knows about, and settles them; what stays open goes to a person."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef

from common.http import HttpClient, HttpError
from common.tenancy import cross_tenant, tenant_scope
from dealerships.models import User
from dealerships.services import log as audit
from messaging.adapters.base import LookupAnswer, NotKnownYet, NotThere, ProviderError, Question, SendResult
from messaging.enums import AccountState, ErrorCode, MessageState, Reason
from messaging.models import Message
from messaging.services.handover import Lane
from messaging.services.lanes import open_lanes
from messaging.services.settling import Settled, settle

log = structlog.get_logger(__name__)

AT_ONCE = 200
LOOKUPS_IN_FLIGHT = 8
TAKEN_SINCE = timedelta(days=15)  # the outbox lets nothing wait longer than 14 days
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)
MOST_LOOKUPS = len(WAITS) + 1  # then a person decides


@dataclass(frozen=True, slots=True)
class Open:
    """An unconfirmed message, as much of it as the question needs."""

    id: int
    dealership_id: int
    account_id: int
    key: str
    to_address: str
    claim: UUID | None
    claimed_at: datetime | None
    lookup_count: int
    reason: str
    expires_at: datetime | None
    body_text: str
    taken: Sequence[str]  # what the provider calls the same customer's other messages of those days


@dataclass(slots=True)
class Report:
    found: int = 0
    requeued: int = 0
    given_up: int = 0
    by_hand: int = 0
    still_open: int = 0


def reconcile(*, now: datetime) -> Report:
    """Look up what is unconfirmed and whose turn it is, of all dealerships, and settle it.

    - found at the provider: accepted
    - surely not there, long enough after the hand-over: queued again (failed, if it was stopped or is too late)
    - no answer that proves anything: asked again later, at last left to a person (`decide`)
    """
    with cross_tenant(reason="what is unconfirmed is looked for in every dealership"):
        waiting = _waiting(now)
        lanes = open_lanes({each.account_id for each in waiting})
    answers = asyncio.run(_ask_all(waiting, lanes))
    report = Report()
    for message, answer in zip(waiting, answers, strict=True):
        _settle_one(message, answer, lanes[message.account_id], report, now=now)
    return report


def _waiting(now: datetime) -> list[Open]:
    rows = (
        Message.objects.filter(state=MessageState.UNCONFIRMED, not_before__lte=now)
        .exclude(reason=Reason.BY_HAND)
        # A provider that refuses our credentials answers no question either; asking would use the questions up.
        .exclude(account__state=AccountState.FAILING)
        .exclude(account__platform__state=AccountState.FAILING)
        .order_by("not_before")
        .values_list(
            "id",
            "dealership_id",
            "account_id",
            "key",
            "to_address",
            "claim",
            "claimed_at",
            "lookup_count",
            "reason",
            "expires_at",
            "body_text",
            _taken(),
        )[:AT_ONCE]
    )
    return [Open(*row) for row in rows]


def _taken() -> ArraySubquery:
    others = Message.objects.filter(
        dealership_id=OuterRef("dealership_id"),
        customer_id=OuterRef("customer_id"),
        created_at__gt=OuterRef("created_at") - TAKEN_SINCE,
    )
    return ArraySubquery(others.exclude(provider_id="").values("provider_id"))


async def _ask_all(waiting: Sequence[Open], lanes: dict[int, Lane]) -> list[LookupAnswer]:
    async with HttpClient() as client:
        return await asyncio.gather(*(_ask(each, lanes[each.account_id], client) for each in waiting))


async def _ask(message: Open, lane: Lane, client: HttpClient) -> LookupAnswer:
    """What the provider says; whatever goes wrong in asking proves nothing."""
    if lane.local is not None and lane.local.capabilities.keeps_with_record:
        return NotThere()  # unconfirmed means not recorded, and so not stored
    if lane.sender is None or not lane.sender.capabilities.can_look_up:
        return NotKnownYet()
    question = Question(
        message.key, message.to_address, message.body_text, message.claimed_at, frozenset(message.taken)
    )
    try:
        request = lane.sender.build_lookup(question, lane.account)
        response = await client.send(request, lane=f"lookup:{lane.account.uuid}", limit=LOOKUPS_IN_FLIGHT)
        return lane.sender.parse_lookup(response, question)
    except (HttpError, ProviderError):
        return NotKnownYet()
    except Exception:  # a bug in one adapter must not keep the others' messages open
        log.exception("reconcile.bug", message=message.id)
        return NotKnownYet()


def _settle_one(message: Open, answer: LookupAnswer, lane: Lane, report: Report, *, now: datetime) -> None:
    capabilities = (lane.sender or lane.local).capabilities  # type: ignore[union-attr]  # a lane has one of them
    is_other = lane.account.is_perhaps_another_than_at(message.claimed_at)
    if is_other and isinstance(answer, NotThere):
        answer = NotKnownYet()  # not with these credentials: that proves nothing of the ones it went out with
    age = (now - (message.claimed_at or now)).total_seconds()
    with tenant_scope(message.dealership_id), transaction.atomic():
        match answer:
            case SendResult():
                report.found += _found(message, answer)
            case NotThere() if age >= capabilities.settled_after or lane.local is not None:
                _not_there(message, report, now=now)
            case _ if 0 < age < capabilities.repeats_safely_for and not is_other:
                _not_there(message, report, now=now)
            case _ if message.lookup_count + 1 >= MOST_LOOKUPS:
                report.by_hand += _leave_to_a_person(message)
            case _:
                report.still_open += _ask_again(message, now=now)


def _change(message: Open, **values: object) -> int:
    """Write only if nothing else has settled it meanwhile (a receipt, a late answer of the sender)."""
    return Message.objects.filter(pk=message.id, state=MessageState.UNCONFIRMED, claim=message.claim).update(
        **values
    )


def _found(message: Open, answer: SendResult) -> int:
    return _change(
        message,
        state=MessageState.ACCEPTED,
        provider_id=answer.provider_id,
        accepted_at=message.claimed_at,
        error_code=ErrorCode.NONE,
        error_detail="found at the provider",
        reason=Reason.NONE,
        lookup_count=message.lookup_count + 1,
    )


def _not_there(message: Open, report: Report, *, now: datetime) -> None:
    if message.reason:
        report.given_up += _change(message, state=MessageState.CANCELLED)
        return
    if message.expires_at is not None and message.expires_at <= now:
        if _change(message, state=MessageState.FAILED, reason=Reason.TOO_LATE):
            report.given_up += 1
            settle([Settled(message.dealership_id, message.id, MessageState.FAILED)])
        return
    report.requeued += _change(
        message,
        state=MessageState.QUEUED,
        not_before=now,
        error_detail="surely not at the provider",
        lookup_count=message.lookup_count + 1,
    )


def _leave_to_a_person(message: Open) -> int:
    changed = _change(message, reason=Reason.BY_HAND, lookup_count=message.lookup_count + 1)
    if changed:
        settle([Settled(message.dealership_id, message.id, MessageState.UNCONFIRMED)])
    return changed


def _ask_again(message: Open, *, now: datetime) -> int:
    wait = WAITS[min(message.lookup_count, len(WAITS) - 1)]
    return _change(message, not_before=now + wait, lookup_count=message.lookup_count + 1)


@transaction.atomic
def decide(message: Message, *, was_sent: bool, actor: User, now: datetime) -> bool:
    """Settle by hand what no provider could tell; answer whether it was still open.

    Not sent means failed, not sent again: whoever knows that it did not go out can write to the customer anew.
    """
    state = MessageState.ACCEPTED if was_sent else MessageState.FAILED
    changed = Message.objects.filter(pk=message.pk, state=MessageState.UNCONFIRMED).update(
        state=state, reason=Reason.BY_HAND, accepted_at=message.claimed_at if was_sent else None
    )
    if changed:
        audit.record(message, "messaging.message.decided", at=now, actor=actor, state=state)
        settle([Settled(message.dealership_id, message.pk, state)])
    return bool(changed)
