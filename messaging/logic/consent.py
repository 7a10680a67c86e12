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
