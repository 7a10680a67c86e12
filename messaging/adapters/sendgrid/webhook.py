"""What SendGrid tells us: events of our e-mails as JSON, and answers of customers as a form. One address for both.

Set it for the signed event webhook and, with a password in it, for Inbound Parse, best with "send raw".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from common.enums import Channel
from messaging.adapters.base import Account, is_for_good
from messaging.adapters.reading import RAW_LENGTH, moment, text
from messaging.adapters.sendgrid import signature
from messaging.adapters.sendgrid.answers import ANSWER, read_answer, read_stored
from messaging.adapters.sendgrid.codes import BOUNCED, DROPPED
from messaging.adapters.sendgrid.sender import REFERENCE
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
    "processed": Delivery.ACCEPTED,
    "deferred": Delivery.ACCEPTED,
    "delivered": Delivery.DELIVERED,
    "bounce": Delivery.FAILED,
    "dropped": Delivery.FAILED,
}
# An objection at the provider counts as one to us, and stands in the thread in these words.
OBJECTIONS = {
    "unsubscribe": "Unsubscribed with the mail provider",
    "group_unsubscribe": "Unsubscribed with the mail provider",
    "spamreport": "Marked as spam",
}


class SendgridWebhook:
    key: ClassVar[str] = "sendgrid"
    answer: ClassVar[Answer] = Answer(200)

    def verify(self, call: Call, account: Account) -> None:
        if _is_form(call):
            signature.verify_answer(call, account)
        else:
            signature.verify_events(call, account)

    def split(self, call: Call, account: Account) -> Sequence[RawEvent]:
        if _is_form(call):
            answer = read_answer(call, account)
            return [RawEvent(_digest(answer), answer)]
        return [RawEvent(_key(each), each) for each in _events(call.body)]

    def normalise(self, payload: Mapping[str, Any]) -> Normalised:
        if ANSWER in payload:
            return read_stored(payload)
        kind = text(payload, "event")
        if kind in DELIVERIES:
            return _delivery(kind, payload)
        if kind in OBJECTIONS:
            return _objection(kind, payload)
        return Ignored(f"event {kind[:RAW_LENGTH]}")


def _is_form(call: Call) -> bool:
    return call.headers.get("content-type", "").lower().startswith("multipart/form-data")


def _events(body: bytes) -> list[dict[str, Any]]:
    """What is no event is left out, so that it cannot hold up the others of its batch."""
    try:
        events = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadPayload(type(error).__name__) from error
    if not isinstance(events, list):
        raise BadPayload("not a list")
    return [each for each in events if isinstance(each, dict)]


def _key(event: dict[str, Any]) -> str:
    return event_key(text(event, "sg_event_id")) or _digest(event)


def _digest(event: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def _delivery(kind: str, payload: Mapping[str, Any]) -> DeliveryEvent:
    reason = text(payload, "reason")
    code = None
    if kind == "bounce":
        code = BOUNCED.get(text(payload, "type") or "bounce", ErrorCode.UNKNOWN)
    elif kind == "dropped":
        code = DROPPED.get(reason.strip().lower(), ErrorCode.UNKNOWN)
    return DeliveryEvent(
        reference=text(payload, REFERENCE),
        provider_id=text(payload, "sg_message_id").partition(".")[0],
        delivery=DELIVERIES[kind],
        at=moment(payload.get("timestamp")),
        code=code,
        is_permanent=is_for_good(code),
        raw=_why(kind, payload, reason) if code else "",
    )


def _why(kind: str, payload: Mapping[str, Any], reason: str) -> str:
    """A status, or SendGrid's own reason; a bounce's words come from a foreign server and may hold the address."""
    return (reason if kind == "dropped" else text(payload, "status") or kind)[:RAW_LENGTH]


def _objection(kind: str, payload: Mapping[str, Any]) -> InboundEvent:
    return InboundEvent(
        channel=Channel.EMAIL,
        from_address=text(payload, "email").lower(),
        to_address="",
        text=OBJECTIONS[kind],
        in_reply_to=text(payload, REFERENCE),
        provider_id=text(payload, "sg_event_id"),
        at=moment(payload.get("timestamp")),
        provider_has_stopped=True,
        is_report=True,
        provider_has_answered=True,
    )
