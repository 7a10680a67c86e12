"""What one try at handing a message over means for the message (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from messaging.enums import AttemptOutcome, ErrorCode, MessageState
from messaging.logic.retry import GiveUp, next_try

DETAIL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """By which account, as it was when it was read: what one version is refused says nothing of the next."""

    id: int = 0
    version: int = 0
    platform_id: int = 0
    platform_version: int = 0


NO_ACCOUNT = AccountSeen()


@dataclass(frozen=True, slots=True)
class Try:
    """Which message was tried under which claim, for the how-manyeth time, and when."""

    message_id: int
    dealership_id: int
    claim: str
    number: int
    started_at: datetime
    finished_at: datetime
    account: AccountSeen = NO_ACCOUNT
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a try was not accepted, in our words; `retry_after` in seconds, where the provider said so."""

    code: ErrorCode
    detail: str = ""
    is_permanent: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be written: the message's next state and, unless nothing was tried, an attempt."""

    tried: Try
    state: str
    attempt: str = ""  # AttemptOutcome; empty: it was put back untried
    provider_id: str = ""
    error_code: str = ""
    detail: str = ""
    is_permanent: bool = False
    retry_at: datetime | None = None
    segments: int = 0
    cost_cents: int = 0
    document: bytes = field(default=b"", repr=False)


def accepted(
    tried: Try, *, provider_id: str, segments: int = 0, cost_cents: int = 0, document: bytes = b""
) -> Outcome:
    return Outcome(
        tried,
        MessageState.ACCEPTED,
        AttemptOutcome.ACCEPTED,
        provider_id=provider_id[:100],
        segments=segments,
        cost_cents=cost_cents,
        document=document,
    )


def not_accepted(tried: Try, failure: Failure, *, spread: float) -> Outcome:
    """An unknown outcome is left for the reconciler; a refusal for good, or one too many, fails; the rest waits."""
    code, detail = failure.code, failure.detail[:DETAIL_LENGTH]
    if code is ErrorCode.UNKNOWN_OUTCOME:
        return Outcome(
            tried, MessageState.UNCONFIRMED, AttemptOutcome.UNKNOWN, error_code=code, detail=detail
        )
    then = next_try(
        code=code,
        is_permanent=failure.is_permanent,
        attempts=tried.number,
        retry_after=failure.retry_after,
        spread=spread,
        now=tried.finished_at,
    )
    if isinstance(then, GiveUp):
        return Outcome(
            tried,
            MessageState.FAILED,
            AttemptOutcome.REFUSED if failure.is_permanent else AttemptOutcome.TEMPORARY,
            error_code=code,
            detail=detail,
            is_permanent=failure.is_permanent,
        )
    return Outcome(
        tried,
        MessageState.QUEUED,
        AttemptOutcome.TEMPORARY,
        error_code=code,
        detail=detail,
        retry_at=then.at,
    )


def put_back(tried: Try, *, at: datetime) -> Outcome:
    """Nothing was tried: it goes back into the queue and the try does not count."""
    return Outcome(tried, MessageState.QUEUED, retry_at=at)


def told_to_stop(tried: Try) -> Outcome:
    """Stopped between claim and request: cancelled, for the reason that stopped it."""
    return Outcome(tried, MessageState.CANCELLED)
