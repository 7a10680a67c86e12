"""Hands one message to its provider and says what came of it; a lane is one account's share of the sender."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from common.http import HttpClient, MaybeSent, NotSent
from messaging.adapters.base import Account, LocalSender, ProviderError, Sender, SendResult, refusal
from messaging.enums import AttemptOutcome, ErrorCode, Priority
from messaging.logic.outcomes import (
    NO_ACCOUNT,
    AccountSeen,
    Failure,
    Outcome,
    Try,
    accepted,
    not_accepted,
    put_back,
)
from messaging.logic.trial_messages import is_test
from messaging.services.claiming import Claimed
from messaging.services.requests import OutsideHours, to_request

log = structlog.get_logger(__name__)

USUAL_IN_FLIGHT = 64  # enough for a provider that answers in 10 ms
WANTED_A_SECOND = 6_000
ENOUGH_WAITING = 200  # for the time it takes to claim the next batch
FAILURES_TO_PAUSE = (
    10  # in a row: the account or its provider is down, and more messages would only become unknown
)


@dataclass(slots=True)
class Lane:
    """One account: its adapter, what waits for it, and how many calls may be in flight."""

    account: Account
    limit: int
    sender: Sender | None = None
    local: LocalSender | None = None
    seen: AccountSeen = NO_ACCOUNT
    trouble: str = ""  # why nothing can be handed over, e.g. secrets that no key opens
    urgent: deque[tuple[Claimed, float]] = field(default_factory=deque)
    normal: deque[tuple[Claimed, float]] = field(default_factory=deque)
    active: int = 0
    failures_in_a_row: int = 0
    fastest: float = (
        0.0  # seconds of the quickest answer so far: what the network and the provider need at least
    )

    @property
    def width(self) -> int:
        """How many calls in flight keep up the wanted rate (Little's law); more would only queue at the provider."""
        return min(self.limit, max(USUAL_IN_FLIGHT, int(WANTED_A_SECOND * self.fastest)))

    @property
    def waiting(self) -> int:
        return len(self.urgent) + len(self.normal)

    @property
    def places(self) -> int:
        """For how many of those waiting a call may begin now."""
        return min(self.width - self.active, self.waiting)

    @property
    def is_full(self) -> bool:
        """Enough in hand to keep every connection busy while the next batch is claimed."""
        return self.waiting >= ENOUGH_WAITING

    @property
    def has_just_got_room(self) -> bool:
        return self.waiting == ENOUGH_WAITING - 1

    @property
    def is_paused(self) -> bool:
        return self.failures_in_a_row >= FAILURES_TO_PAUSE

    def add(self, message: Claimed, claimed_at: float) -> None:
        queue = self.urgent if message.priority == Priority.URGENT else self.normal
        queue.append((message, claimed_at))

    def take(self) -> tuple[Claimed, float] | None:
        for queue in (self.urgent, self.normal):
            if queue:
                return queue.popleft()
        return None

    def learn(self, outcome: Outcome) -> None:
        """Note how long the answer took, and count what speaks for a provider that is down; anything it answers sensibly ends the count."""
        is_trouble = outcome.attempt == AttemptOutcome.UNKNOWN or outcome.error_code in {
            ErrorCode.TEMPORARY,
            ErrorCode.AUTHENTICATION,
        }
        if outcome.attempt:
            seconds = (outcome.tried.finished_at - outcome.tried.started_at).total_seconds()
            self.fastest = min(self.fastest or seconds, seconds)
            self.failures_in_a_row = self.failures_in_a_row + 1 if is_trouble else 0


async def hand_over(
    message: Claimed, lane: Lane, *, client: HttpClient, moment: Callable[[], datetime]
) -> Outcome:
    """Make the call and read the answer. Never raises: what surprises us after the request left is unknown."""
    started = moment()
    try:
        result = await _deliver(message, lane, client=client, now=started)
    except OutsideHours:  # the gate says until when it waits
        return put_back(as_try(message, started=started, finished=started), at=started)
    except ProviderError as error:
        failure = Failure(
            error.code, error.raw, is_permanent=error.is_permanent, retry_after=error.retry_after
        )
    except NotSent as error:
        failure = Failure(ErrorCode.TEMPORARY, f"not sent: {error}")
    except MaybeSent as error:
        failure = Failure(ErrorCode.UNKNOWN_OUTCOME, str(error))
    except Exception as error:  # a bug in an adapter must stop neither the others nor make us send twice
        log.exception("handover.bug", message=message.id, account=lane.account.uuid)
        failure = Failure(ErrorCode.UNKNOWN_OUTCOME, f"bug: {type(error).__name__}")
    else:
        return accepted(
            as_try(message, started=started, finished=moment(), by=lane.seen),
            provider_id=result.provider_id,
            segments=result.segments,
            cost_cents=result.cost_cents,
            document=result.document,
        )
    spread = random.random()  # noqa: S311 -- spreads retries, hides nothing
    tried = as_try(message, started=started, finished=moment(), by=lane.seen)
    return not_accepted(tried, failure, spread=spread)


def as_try(message: Claimed, *, started: datetime, finished: datetime, by: AccountSeen = NO_ACCOUNT) -> Try:
    """What the record of this claim is keyed by, whatever came of it."""
    return Try(
        message.id,
        message.dealership_id,
        message.claim,
        message.attempt_count,
        started,
        finished,
        by,
        is_test(message.key),
    )


async def _deliver(message: Claimed, lane: Lane, *, client: HttpClient, now: datetime) -> SendResult:
    if lane.trouble:
        raise refusal(ErrorCode.AUTHENTICATION, lane.trouble)
    request = to_request(message, lane.account, now=now)
    if lane.local is not None:
        return await asyncio.to_thread(lane.local.accept, request, lane.account)
    if lane.sender is None:
        raise RuntimeError("a lane without a provider")
    built = lane.sender.build(request, lane.account)
    return lane.sender.parse(await client.send(built, lane=lane.account.uuid, limit=lane.limit))
