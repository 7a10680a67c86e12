"""What Twilio tells us of texts: how far ours got, and what customers wrote. One address for both.

Set it as the messaging service's (or number's) inbound address; for our own texts each names it itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from common.enums import Channel
from messaging.adapters.base import Account, is_for_good
from messaging.adapters.reading import RAW_LENGTH, text, whole
from messaging.adapters.twilio.codes import CODES
from messaging.adapters.twilio.webhook import OUR_REFERENCE, TwilioWebhook, read_payload
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

NO_REPLY = Answer(200, "text/xml", b'<?xml version="1.0" encoding="UTF-8"?><Response/>')
MOST_MEDIA = 10
DELIVERIES = {
    "accepted": Delivery.ACCEPTED,
    "scheduled": Delivery.ACCEPTED,
    "queued": Delivery.ACCEPTED,
    "sending": Delivery.ACCEPTED,
    "sent": Delivery.ACCEPTED,
    "delivered": Delivery.DELIVERED,
    "partially_delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}


class TwilioSmsWebhook(TwilioWebhook):
    key: ClassVar[str] = "twilio_sms"
    answer: ClassVar[Answer] = NO_REPLY

    def split(self, call: Call, account: Account) -> Sequence[RawEvent]:
        payload = read_payload(call)
        message = payload.get("MessageSid") or payload.get("SmsSid", "")
        if not message:
            raise BadPayload("neither MessageSid nor SmsSid")
        return [RawEvent(event_key(message, payload.get("MessageStatus", "in")), payload)]

    def normalise(self, payload: Mapping[str, Any]) -> Normalised:
        status = text(payload, "MessageStatus")
        if status in DELIVERIES:
            return _delivery(status, payload)
        if not status and text(payload, "SmsStatus") in {"", "received"}:
            return _inbound(payload)
        return Ignored(f"unknown status {status[:RAW_LENGTH]}")


def _delivery(status: str, payload: Mapping[str, Any]) -> DeliveryEvent:
    delivery, vendor = DELIVERIES[status], whole(text(payload, "ErrorCode"))
    code = CODES.get(vendor, ErrorCode.UNKNOWN) if delivery is Delivery.FAILED else None
    return DeliveryEvent(
        reference=text(payload, OUR_REFERENCE),
        provider_id=text(payload, "MessageSid") or text(payload, "SmsSid"),
        delivery=delivery,
        code=code,
        is_permanent=is_for_good(code),
        raw=str(vendor or status) if code else "",
    )


def _inbound(payload: Mapping[str, Any]) -> InboundEvent:
    opt_out = text(
        payload, "OptOutType"
    )  # only where Twilio handles opt-outs for this service, and has answered
    return InboundEvent(
        channel=Channel.SMS,
        from_address=text(payload, "From"),
        to_address=text(payload, "To"),
        text=text(payload, "Body"),
        provider_id=text(payload, "MessageSid") or text(payload, "SmsSid"),
        provider_has_stopped=opt_out == "STOP",
        provider_has_answered=bool(opt_out),
        attachments=_media(payload),
    )


def _media(payload: Mapping[str, Any]) -> list[dict[str, str]]:
    count = min(whole(text(payload, "NumMedia")), MOST_MEDIA)
    media = [
        {"url": text(payload, f"MediaUrl{n}"), "content_type": text(payload, f"MediaContentType{n}")}
        for n in range(count)
    ]
    return [each for each in media if each["url"]]
