"""When a message that was surely not accepted is tried again. One policy for every provider.

Unknown outcomes are never in here: they are reconciled, not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from messaging.enums import ErrorCode

MOST_ATTEMPTS = 8  # policy: with the waits below about 15 hours, a provider's bad day
WAITS = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=4),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=10),
)
LONGEST_WAIT = timedelta(hours=24)  # what a provider asks beyond this is not believed
CREDENTIALS_WAIT = timedelta(minutes=15)  # wrong credentials: a person has to act, so trying faster is noise


@dataclass(frozen=True, slots=True)
class TryAgain:
    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    pass


def next_try(
    *,
    code: ErrorCode,
    is_permanent: bool,
    attempts: int,
    retry_after: float | None,
    spread: float,
    now: datetime,
) -> TryAgain | GiveUp:
    """What happens after attempt number `attempts` was refused.

    The provider's own wish counts when it is longer than ours. `spread` in 0..1 lengthens the wait by up to a
    quarter, so that messages refused together do not come back together. Refused credentials never end in giving up:
    the message is not at fault, and waits for new ones until it expires.
    """
    if is_permanent or (attempts >= MOST_ATTEMPTS and code is not ErrorCode.AUTHENTICATION):
        return GiveUp()
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    if code in {ErrorCode.AUTHENTICATION, ErrorCode.CONFIGURATION}:
        wait = max(wait, CREDENTIALS_WAIT)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, LONGEST_WAIT.total_seconds())))
    return TryAgain(now + wait * (1 + spread / 4))
