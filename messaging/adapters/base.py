"""The contract between the sender and every provider: requests are built and answers read without any I/O.

A provider is reached in one of two ways. A `Sender` builds an HTTP request and parses the answer; the sending loop
makes the call. A `LocalSender` does it all in one call of its own, in a thread: the print queue, whose PDF is stored
in the transaction that records it (so that it can be neither lost nor doubled), and SMTP.

Outcomes: `parse` returns a SendResult, or raises ProviderError, whose code says what went wrong in our words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from common.enums import Channel
from common.http import ANSWER_SECONDS, HttpRequest, HttpResponse
from messaging.enums import ErrorCode

BAD_REQUEST, TIMED_OUT, SERVER_ERROR = 400, 408, 500
# What may go well later: the message waits. Everything else a provider refuses is refused for good.
PASSING = frozenset(
    {
        ErrorCode.RATE_LIMITED,
        ErrorCode.AUTHENTICATION,
        ErrorCode.CONFIGURATION,
        ErrorCode.TEMPORARY,
        ErrorCode.EXPIRED,
    }
)


def is_for_good(code: ErrorCode | None) -> bool:
    """Whether a code alone says that trying again is no use; without one nothing has failed."""
    return code is not None and code not in PASSING


class ProviderError(Exception):
    """The provider did not accept. `is_permanent` = never again; `retry_after` in seconds where it said so."""

    def __init__(
        self, code: ErrorCode, *, is_permanent: bool, retry_after: float | None = None, raw: str = ""
    ) -> None:
        super().__init__(f"{code} ({raw})" if raw else str(code))
        self.code = code
        self.is_permanent = is_permanent
        self.retry_after = retry_after
        self.raw = raw  # the vendor's own code or words, shortened; never an address or a body


def refusal(code: ErrorCode, raw: str, *, retry_after: float | None = None) -> ProviderError:
    """A refusal of which the code alone says whether it is for good."""
    return ProviderError(code, is_permanent=is_for_good(code), retry_after=retry_after, raw=raw)


def is_refused(status: int) -> bool:
    """Whether an HTTP status proves that nothing was accepted.

    A 4xx does, but for the time-out. Everything else is in doubt: a provider may have sent before it failed.
    """
    return BAD_REQUEST <= status < SERVER_ERROR and status != TIMED_OUT


def in_doubt(status: int) -> ProviderError:
    return ProviderError(ErrorCode.UNKNOWN_OUTCOME, is_permanent=False, raw=str(status))


@dataclass(frozen=True, slots=True)
class Account:
    """What an adapter may know of a provider account: its settings and where answers are to be sent."""

    id: int
    uuid: str
    config: Mapping[str, Any] = field(repr=False)  # holds secrets
    callback_url: str = ""
    from_address: str = ""  # number or mailbox that messages come from
    sender_name: str = ""  # the dealership
    time_zone: str = ""  # where the dealership is; holds for recipients whose own zone is not known
    # When its credentials were replaced, if nothing but a person's word says that they are of the same account.
    credentials_at: datetime | None = None

    @property
    def answer_seconds(self) -> float:
        """How long its provider is waited for."""
        return float(self.config.get("answer_seconds", ANSWER_SECONDS))

    def is_perhaps_another_than_at(self, moment: datetime | None) -> bool:
        """Whether what was handed over then may lie with another account of the provider than the one asked now."""
        return self.credentials_at is not None and (moment is None or moment <= self.credentials_at)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content_base64: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    name: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str = "US"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a printed letter needs beyond its text."""

    recipient: PostalAddress
    sender: PostalAddress
    phone: str
    language: str
    written_on: str  # as printed
    book_url: str
    opt_out_line: str


@dataclass(frozen=True, slots=True)
class SendRequest:
    """One message, as much of it as any provider may need; `reference` is ours, unique, and always passed on."""

    reference: str
    channel: Channel
    to: str  # E.164, an e-mail address, or a postal address in one line
    text: str
    subject: str = ""
    html: str = ""
    sender_name: str = ""
    sender_address: str = ""  # number or mailbox; empty: the account's own
    language: str = "en"
    purpose: str = ""  # common.enums.Purpose
    attachments: Sequence[Attachment] = ()
    media_urls: Sequence[str] = ()  # pictures of a text (MMS), fetched by the provider
    headers: Mapping[str, str] = field(default_factory=dict)  # List-Unsubscribe and the like
    expires_at: datetime | None = None  # the provider shall not deliver later
    deliver_within: timedelta | None = None  # the same from now on, and no later than the quiet hours begin
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """The provider has it. `raw` is kept for support: short, without address and body."""

    provider_id: str
    cost_cents: int = 0
    segments: int = 0
    raw: str = ""
    document: bytes = field(default=b"", repr=False)  # of a LocalSender: what was made, e.g. a PDF


@dataclass(frozen=True, slots=True)
class NotThere:
    """The provider surely has no message of that reference."""


@dataclass(frozen=True, slots=True)
class NotKnownYet:
    """The provider gives no answer that proves anything; ask again later."""


LookupAnswer = SendResult | NotThere | NotKnownYet


@dataclass(frozen=True, slots=True)
class Question:
    """What became of this message? A provider that does not know our reference is asked by what it looked like."""

    reference: str
    to: str
    text: str = ""
    handed_over_at: datetime | None = None
    taken: frozenset[str] = frozenset()  # provider ids that are known to be other messages


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What differs between providers and the sender must know.

    `repeats_safely_for`: seconds in which the same reference may be handed over again without a second delivery (0 = never).
    `can_look_up`: whether `build_lookup` finds a message by our reference.
    `settled_after`: seconds after a hand-over from which "not found" proves that it was not accepted.
    `keeps_with_record`: of a LocalSender: accepted means stored by the record itself, so that what was not recorded
    was surely not accepted.
    """

    channels: frozenset[Channel]
    can_look_up: bool = False
    repeats_safely_for: int = 0
    settled_after: int = 60
    max_in_flight: int = 64
    keeps_with_record: bool = False


class Sender(Protocol):
    """A provider reached over HTTP."""

    key: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def build(self, request: SendRequest, account: Account) -> HttpRequest:
        """raises: ProviderError(UNSUPPORTED) for what the vendor cannot express"""
        ...

    def parse(self, response: HttpResponse) -> SendResult:
        """raises: ProviderError; UNKNOWN_OUTCOME where the answer does not prove that nothing was accepted"""
        ...

    def build_lookup(self, question: Question, account: Account) -> HttpRequest:
        """raises: ProviderError(UNSUPPORTED) unless `capabilities.can_look_up`"""
        ...

    def parse_lookup(self, response: HttpResponse, question: Question) -> LookupAnswer: ...


class LocalSender(Protocol):
    """A provider not spoken to by HTTP; same outcomes."""

    key: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def accept(self, request: SendRequest, account: Account) -> SendResult:
        """raises: ProviderError for what can never be produced"""
        ...
