"""What the sandbox tells us: `Sandbox-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`, body {"events": [...]}."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from common.enums import Channel
from messaging.adapters.base import Account, is_for_good
from messaging.adapters.reading import RAW_LENGTH, moment, text
from messaging.adapters.sandbox.codes import CODES
from messaging.adapters.stamped import verify_stamped
from messaging.adapters.webhook import (
    Answer,
    BadPayload,
    Call,
    Delivery,
    DeliveryEvent,
    Ignored,
    InboundEvent,
    Normalised,
    RawEvent,
    event_key,
)
from messaging.enums import ErrorCode

DELIVERIES = {
    "message.sent": Delivery.ACCEPTED,
    "message.delivered": Delivery.DELIVERED,
    "message.failed": Delivery.FAILED,
}


class SandboxWebhook:
    """Account setting: `webhook_secret`. Replays are harmless by the event's own id, so no age limit is needed."""

    key: ClassVar[str] = "sandbox"
    answer: ClassVar[Answer] = Answer()

    def verify(self, call: Call, account: Account) -> None:
        header = call.headers.get("sandbox-signature", "")
        parts = dict(part.partition("=")[::2] for part in header.split(","))
        verify_stamped(call, account, stamp=parts.get("t", ""), given=parts.get("v1", ""))

    def split(self, call: Call, account: Account) -> Sequence[RawEvent]:
        try:
            events = json.loads(call.body)["events"]
            return [RawEvent(_key(each), each) for each in events]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise BadPayload(type(error).__name__) from error

    def normalise(self, payload: Mapping[str, Any]) -> Normalised:
        kind = text(payload, "type")
        if kind in DELIVERIES:
            return _delivery(kind, payload)
        if kind == "message.received":
            return _inbound(payload)
        return Ignored(f"unknown type {kind[:RAW_LENGTH]}")


def _key(event: Mapping[str, Any]) -> str:
    key = event_key(text(event, "id"))
    if not key:
        raise BadPayload("event without an id")
    return key


def _delivery(kind: str, payload: Mapping[str, Any]) -> DeliveryEvent:
    vendor = text(payload, "code")
    code = CODES.get(vendor, ErrorCode.UNKNOWN) if kind == "message.failed" else None
    return DeliveryEvent(
        reference=text(payload, "reference"),
        provider_id=text(payload, "message_id"),
        delivery=DELIVERIES[kind],
        at=moment(payload.get("at")),
        code=code,
        is_permanent=is_for_good(code),
        raw=vendor[:RAW_LENGTH],
    )


def _inbound(payload: Mapping[str, Any]) -> InboundEvent | Ignored:
    if text(payload, "channel") not in {Channel.SMS, Channel.EMAIL, Channel.VOICE}:
        return Ignored("unknown channel")
    return InboundEvent(
        channel=Channel(text(payload, "channel")),
        from_address=text(payload, "from"),
        to_address=text(payload, "to"),
        text=text(payload, "text"),
        subject=text(payload, "subject"),
        digits=text(payload, "digits"),
        in_reply_to=text(payload, "in_reply_to"),
        provider_id=text(payload, "id"),
        at=moment(payload.get("at")),
    )
