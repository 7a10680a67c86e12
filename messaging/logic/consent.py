"""What a person allows at this moment, read from everything they ever said (newest first)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.enums import Channel, Purpose
from messaging.enums import ConsentAction, ConsentSource

# source: 47 CFR 64.1200(a)(2) (prior express written consent for telemarketing texts and calls by automatic means);
# 15 USC 7704 (e-mail: opt-out). Web push: the browser's own permission is the grant.
NEEDS_GRANT = frozenset(
    {
        (Channel.SMS, Purpose.MARKETING),
        (Channel.VOICE, Purpose.MARKETING),
        (Channel.WEB_PUSH, Purpose.MARKETING),
        (Channel.WEB_PUSH, Purpose.TRANSACTIONAL),
    }
)


# What a dealership's system says about a customer is kept to the channel it names, and is no word of theirs.
NOT_THEIR_OWN = frozenset({ConsentSource.DMS_ATTESTATION, ConsentSource.DMS_REFUSAL})


class Standing(StrEnum):
    ALLOWED = "allowed"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Said:
    """One consent event; an empty channel or purpose means every one."""

    channel: str
    purpose: str
    action: str
    source: str
    at: datetime

    def is_about(self, channel: str, purpose: str) -> bool:
        return self.channel in {"", channel} and self.purpose in {"", purpose}


def has_asked_to_stop(said: Iterable[Said], *, purpose: str, since: datetime) -> bool:
    """Whether their own newest word after `since`, on whatever channel, was to stop. `said` must be newest first.

    "Stop" to a text is no invitation to write an e-mail instead. A START after it, or on another channel, is a newer word.
    """
    for each in said:
        if each.at <= since:
            return False
        if each.source not in NOT_THEIR_OWN and each.purpose in {"", purpose}:
            return each.action == ConsentAction.WITHDRAWN
    return False


def standing(said: Iterable[Said], *, channel: str, purpose: str) -> Standing:
    """The newest word that is about this channel and purpose counts.

    With one exception: what a dealership attests for its customers never lifts what a customer withdrew,
    whichever came later. `said` must be newest first.
    """
    is_attested = False
    for each in said:
        if not each.is_about(channel, purpose):
            continue
        if each.action == ConsentAction.WITHDRAWN:
            return Standing.WITHDRAWN
        if each.source != ConsentSource.DMS_ATTESTATION:
            return Standing.ALLOWED
        is_attested = True
    needs_grant = (channel, purpose) in NEEDS_GRANT
    return Standing.ALLOWED if is_attested or not needs_grant else Standing.MISSING
