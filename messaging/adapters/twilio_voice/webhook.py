"""What Twilio tells us of calls: how far each got, and inside a call what was pressed and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from messaging.adapters.base import Account, is_for_good
from messaging.adapters.reading import RAW_LENGTH, text, whole
from messaging.adapters.twilio.webhook import OUR_REFERENCE, TwilioWebhook, read_payload
from messaging.adapters.webhook import (
    Answer,
    BadPayload,
    Call,
    Delivery,
    DeliveryEvent,
    Ignored,
    Normalised,
    RawEvent,
    event_key,
)
from messaging.enums import ErrorCode

DELIVERIES = {
    "queued": Delivery.ACCEPTED,
    "initiated": Delivery.ACCEPTED,
    "ringing": Delivery.ACCEPTED,
    "in-progress": Delivery.ACCEPTED,
    "completed": Delivery.DELIVERED,  # somebody, or their voicemail, answered
    "busy": Delivery.FAILED,
    "no-answer": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}
NO_SUCH_NUMBER = frozenset({404, 410, 484, 604})  # SIP: not found, gone, incomplete, exists nowhere
LONGEST_SPEECH = 2_000  # characters; a turn of four minutes holds fewer
MACHINES = ("machine", "fax")  # how AnsweredBy begins; `unknown` may be a person and is treated as one


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn of a call: what the caller pressed or said, or, at its beginning, who answered."""

    call_id: str
    reference: str
    digits: str = ""
    speech: str = ""
    is_machine: bool = False


class TwilioVoiceWebhook(TwilioWebhook):
    key: ClassVar[str] = "twilio_voice"
    answer: ClassVar[Answer] = Answer()

    def split(self, call: Call, account: Account) -> Sequence[RawEvent]:
        payload = _read_call(call)
        names = [payload.get(name, "") for name in ("CallSid", "SequenceNumber", "CallStatus")]
        return [RawEvent(event_key(*names), payload)]

    def normalise(self, payload: Mapping[str, Any]) -> Normalised:
        status = text(payload, "CallStatus")
        if status not in DELIVERIES:
            return Ignored(f"unknown status {status[:RAW_LENGTH]}")
        delivery = DELIVERIES[status]
        code = _code(payload) if delivery is Delivery.FAILED else None
        return DeliveryEvent(
            reference=text(payload, OUR_REFERENCE),
            provider_id=text(payload, "CallSid"),
            delivery=delivery,
            code=code,
            is_permanent=is_for_good(code),
            raw=f"{status} {text(payload, 'SipResponseCode')}".strip()[:RAW_LENGTH] if code else "",
        )


def _code(payload: Mapping[str, Any]) -> ErrorCode:
    """Nobody home says nothing against a number; a network that knows no such number does."""
    is_unknown = whole(text(payload, "SipResponseCode")) in NO_SUCH_NUMBER
    failed = text(payload, "CallStatus") == "failed"
    return ErrorCode.INVALID_ADDRESS if failed and is_unknown else ErrorCode.TEMPORARY


def read_turn(call: Call) -> Heard:
    """What was heard in a call that is going on; the call must be verified before.

    raises: BadPayload
    """
    payload = _read_call(call)
    return Heard(
        call_id=event_key(payload["CallSid"]),
        reference=payload[OUR_REFERENCE],
        digits=payload.get("Digits", "")[:1],
        speech=payload.get("SpeechResult", "").strip()[:LONGEST_SPEECH],
        is_machine=payload.get("AnsweredBy", "").startswith(MACHINES),
    )


def _read_call(call: Call) -> dict[str, str]:
    payload = read_payload(call)
    if not payload.get("CallSid"):
        raise BadPayload("no CallSid")
    return payload
