"""Decides what becomes of the touches that are due and hands over what is to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

import structlog
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from liquid.exceptions import LiquidError

from campaigns.enums import TouchState
from campaigns.logic import dispatch
from campaigns.logic.dispatch import Send, TouchFacts, Verdict
from campaigns.models import Touch
from campaigns.queries import touches
from campaigns.queries.touches import DueTouch, Situation
from campaigns.services import decided_rows, drafts
from common.doorbell import ring
from common.tenancy import cross_tenant, current_dealership, tenant_scope
from customers.models import Customer
from dealerships.models import Dealership
from messaging.logic.gate import Skip, Wait
from messaging.logic.person import PersonFacts
from messaging.queries.gate import person_facts
from messaging.services import outbox

log = structlog.get_logger(__name__)

BATCH = 500
ROUND = 5_000  # touches of one round over all dealerships: two to three seconds
SMALLEST_SHARE = 20  # of one dealership in a round; below it, loading facts costs more than deciding
LONGEST_RUN_SECONDS = 10.0

# What a single row may bring up. A lost connection, a lock or the task's time limit is no row's fault.
BAD_ROW = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    LiquidError,
    DataError,
    IntegrityError,
)


@dataclass(slots=True)
class Dispatched:
    """What one run did, in numbers."""

    sent: int = 0
    waiting: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.waiting + self.skipped + self.failed

    def add(self, other: "Dispatched") -> None:
        self.sent += other.sent
        self.waiting += other.waiting
        self.skipped += other.skipped
        self.failed += other.failed


def dispatch_due(*, now: datetime) -> Dispatched:
    """Decide the touches due by `now`, over all dealerships; the minute's sweep.

    Fair: in each round every dealership that has something due gets its share, and who has is asked anew, so that
    half a million touches of one keep another's ten waiting for a round, which takes seconds. What is left after
    `LONGEST_RUN_SECONDS` is for the next run, which is rung for at once and knows the time again. Any number may
    run at once: what one has claimed the others pass over.

    One dealership's trouble is logged and keeps none of the others from theirs.
    """
    total = Dispatched()
    stops_at = monotonic() + LONGEST_RUN_SECONDS
    failed: set[int] = set()
    while waiting := [each for each in _dealerships_with_due(now) if each.pk not in failed]:
        share = max(SMALLEST_SHARE, min(BATCH, ROUND // len(waiting)))
        done = Dispatched()
        for dealership in waiting:
            try:
                with tenant_scope(dealership):
                    done.add(dispatch_batch(now=now, limit=share))
            except (*BAD_ROW, DatabaseError):
                log.exception("dispatch_failed", dealership=dealership.slug)
                failed.add(dealership.pk)
        total.add(done)
        if not done.total:  # others are at it
            break
        if monotonic() >= stops_at:
            ring("campaigns.dispatch")
            break
    return total


def dispatch_batch(*, now: datetime, limit: int = BATCH) -> Dispatched:
    """Claim, decide and record one batch of the dealership in scope, as one transaction.

    Side effects: touches sent, skipped or put off; messages queued (key `touch:<id>`), whose sender is rung
    after the commit. After a crash its touches are as they were.

    Where a row brings up what no code was written for, the batch is done again in halves, down to that row; it
    is put off, and shown to the admins (`queries/troubles.py`), and the others go out.
    """
    try:
        return _dispatch(_due(now).order_by("next_try_at")[:limit], now=now)
    except BAD_ROW:
        log.exception("dispatch_batch_failed", dealership=current_dealership().slug)
    ids = list(_due(now).order_by("next_try_at").values_list("pk", flat=True)[:limit])
    return _dispatch_around_bad_rows(ids, now=now)


def _dispatch_around_bad_rows(touch_ids: Sequence[int], *, now: datetime) -> Dispatched:
    try:
        return _dispatch(_due(now).filter(pk__any_of=list(touch_ids)), now=now)
    except BAD_ROW:
        if len(touch_ids) == 1:
            log.exception("touch_failed", touch_id=touch_ids[0], dealership=current_dealership().slug)
            return Dispatched(failed=decided_rows.put_off_unread(touch_ids[0], now=now))
    middle = len(touch_ids) // 2
    done = _dispatch_around_bad_rows(touch_ids[:middle], now=now)
    done.add(_dispatch_around_bad_rows(touch_ids[middle:], now=now))
    return done


@transaction.atomic
def _dispatch(due: QuerySet[Touch], *, now: datetime) -> Dispatched:
    claimed = _claim(due)
    if not claimed:
        return Dispatched()
    situation = touches.load_situation(claimed, now=now)
    facts = touches.facts_of(claimed, situation=situation)
    persons = person_facts({touch.customer_id for touch in claimed}, now=now)
    verdicts = dispatch.decide_in_order(facts, persons=persons, now=now)
    return _record(claimed, facts=facts, verdicts=verdicts, situation=situation, persons=persons, now=now)


def _dealerships_with_due(now: datetime) -> list[Dealership]:
    with cross_tenant(reason="the minute's sweep: which dealerships have touches due"):
        due = Touch.objects.filter(
            dealership_id=OuterRef("pk"), state=TouchState.PLANNED, next_try_at__lte=now
        )
        return list(Dealership.objects.filter(Exists(due)).order_by("pk"))


def _due(now: datetime) -> QuerySet[Touch]:
    return Touch.objects.filter(state=TouchState.PLANNED, next_try_at__lte=now)


def _claim(due: QuerySet[Touch]) -> list[DueTouch]:
    """Lock due touches and their people, passing over what another worker has locked.

    The person is locked too, because the caps count what a person got over all enrolments: two workers
    deciding at once about two touches of one person would each miss the other's.

    Only the touches' own table is looked at while locking: with half a million due, a join or a second
    sort key would have each batch look at them all.
    """
    locked = due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    rows = touches.due_touches(Touch.objects.filter(pk__any_of=list(locked)))
    free = set(
        Customer.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__any_of=list({row.customer_id for row in rows}))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return [row for row in rows if row.customer_id in free]


@dataclass(slots=True)
class _Decided:
    sends: list[tuple[DueTouch, TouchFacts, Send]] = field(default_factory=list)
    rows: list[decided_rows.Decision] = field(default_factory=list)


def _record(
    claimed: Sequence[DueTouch],
    *,
    facts: Sequence[TouchFacts],
    verdicts: Sequence[Verdict],
    situation: Situation,
    persons: dict[int, PersonFacts],
    now: datetime,
) -> Dispatched:
    done = Dispatched()
    decided = _Decided()
    for touch, fact, verdict in zip(claimed, facts, verdicts, strict=True):
        match verdict:
            case Send():
                decided.sends.append((touch, fact, verdict))
            case Wait(until, reason):
                done.waiting += 1
                decided.rows.append(decided_rows.put_off(touch, until=until, reason=reason))
            case Skip(reason):
                done.skipped += 1
                decided.rows.append(decided_rows.skipped(touch, reason=reason, now=now))
    done.sent, done.failed = _send(decided, situation=situation, persons=persons, now=now)
    decided_rows.write(decided.rows)
    return done


def _send(
    decided: _Decided, *, situation: Situation, persons: dict[int, PersonFacts], now: datetime
) -> tuple[int, int]:
    writer = drafts.writer_for(
        [(touch, send) for touch, _, send in decided.sends], situation=situation, now=now
    )
    ready: list[tuple[DueTouch, Send, outbox.MessageDraft]] = []
    failed = 0
    for touch, fact, send in decided.sends:
        try:
            draft = writer.draft(touch, facts=fact, send=send, person=persons[touch.customer_id])
        except LiquidError:
            # A template can only fail here if a release took something away: the others must go out.
            failed += 1
            log.exception("reminder_not_written", touch_id=touch.id, dealership=current_dealership().slug)
            decided.rows.append(decided_rows.put_off_for_text(touch, expires_at=fact.expires_at, now=now))
        else:
            ready.append((touch, send, draft))
    queued = outbox.queue([draft for _, _, draft in ready], now=now)
    decided.rows += [
        decided_rows.sent(touch, channel=send.channel, message_id=message.id, now=now)
        for (touch, send, _), message in zip(ready, queued, strict=True)
    ]
    return len(ready), failed
