"""The other half of the contract: what a provider tells us, verified first and put into our words afterwards.

`verify` and `split` run in the request and must be quick; `normalise` runs later, in a task, and must not fail on
anything a stranger can write: what it does not know becomes `Ignored`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from common.enums import Channel
from messaging.adapters.base import Account
from messaging.enums import ErrorCode

LONGEST_KEY = 128  # characters; what a receipt holds


class BadSignature(Exception):
    """The request was not signed by the provider, or a header is missing or malformed."""


class BadPayload(Exception):
    """Signed, but not readable as what the provider sends."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came. `url`: the configured address with the query that was asked for; header names in lower case."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider hears once its events are stored."""

    status: int = 204
    content_type: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event of a webhook call, to be stored once under `key`."""

    key: str
    payload: Mapping[str, Any]


def event_key(*names: str) -> str:
    """The key of an event out of what names it: as it is where a receipt can hold it, else its hash.

    Cut off instead, two long keys that begin alike would be one event, and the second would be lost.
    """
    key = ":".join(names)
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


class Delivery(StrEnum):
    """How far a message got, as the provider sees it; the rank is in `messaging.logic.states`."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    reference: str  # ours; empty if the provider did not return it
    provider_id: str
    delivery: Delivery
    at: datetime | None = None
    code: ErrorCode | None = None
    is_permanent: bool = False
    raw: str = ""


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """Something a customer sent, said or pressed.

    `provider_has_stopped`: it blocks the number from now on; `provider_has_answered`: it has replied by itself (to STOP,
    START or HELP), so that we do not. `is_report`: the text is the adapter's, about what they did at the provider, not
    their own. `is_authenticated`: the sender is who the address says (SPF or DKIM); a stop counts anyway.
    """

    channel: Channel
    from_address: str
    to_address: str
    text: str = ""
    subject: str = ""
    digits: str = ""
    in_reply_to: str = ""  # our reference, where the provider knows it
    provider_id: str = ""
    at: datetime | None = None
    provider_has_stopped: bool = False
    is_report: bool = False
    provider_has_answered: bool = False
    is_authenticated: bool = True
    attachments: Sequence[Mapping[str, str]] = field(default=())


@dataclass(frozen=True, slots=True)
class Ignored:
    why: str


Normalised = DeliveryEvent | InboundEvent | Ignored


class Webhook(Protocol):
    """One provider's webhooks."""

    key: ClassVar[str]
    answer: ClassVar[Answer]

    def verify(self, call: Call, account: Account) -> None:
        """raises: BadSignature; never anything else, whatever the input"""
        ...

    def split(self, call: Call, account: Account) -> Sequence[RawEvent]:
        """raises: BadPayload; never anything else"""
        ...

    def normalise(self, payload: Mapping[str, Any]) -> Normalised: ...
