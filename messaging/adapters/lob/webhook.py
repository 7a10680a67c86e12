"""What Lob tells us of letters on their way. Account setting: `webhook_secret`.

The signature is the HMAC-SHA256 of timestamp and raw body. A letter is delivered as far as anybody knows when the last
post office has processed it: a scan at the door is not promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from messaging.adapters.base import Account, is_for_good
from messaging.adapters.lob.sender import REFERENCE
from messaging.adapters.reading import RAW_LENGTH, inner, json_object, text
from messaging.adapters.stamped import verify_stamped
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

OUR_REFERENCE = "_reference"
DELIVERIES = {
    "letter.created": Delivery.ACCEPTED,
    "letter.rendered_pdf": Delivery.ACCEPTED,
    "letter.mailed": Delivery.ACCEPTED,
    "letter.in_transit": Delivery.ACCEPTED,
    "letter.in_local_area": Delivery.ACCEPTED,
    "letter.processed_for_delivery": Delivery.DELIVERED,
    "letter.delivered": Delivery.DELIVERED,
}
FAILURES = {
    "letter.returned_to_sender": ErrorCode.INVALID_ADDRESS,
    "letter.failed": ErrorCode.REJECTED_CONTENT,
    "letter.rejected": ErrorCode.REJECTED_CONTENT,
    "letter.deleted": ErrorCode.UNKNOWN,  # cancelled by a person, at Lob
}


class LobWebhook:
    key: ClassVar[str] = "lob"
    answer: ClassVar[Answer] = Answer(200)

    def verify(self, call: Call, account: Account) -> None:
        stamp = call.headers.get("lob-signature-timestamp", "")
        verify_stamped(call, account, stamp=stamp, given=call.headers.get("lob-signature", ""))

    def split(self, call: Call, account: Account) -> Sequence[RawEvent]:
        event = json_object(call.body)
        key = event_key(text(event, "id"))
        if not key:
            raise BadPayload("event without an id")
        named, _, reference = text(inner(inner(event, "body"), "metadata"), REFERENCE).partition("/")
        # A letter of another dealership with the same key at Lob is none of this account's.
        kept = {name: event[name] for name in ("reference_id", "event_type", "date_created") if name in event}
        return [RawEvent(key, kept | {OUR_REFERENCE: reference if named == account.uuid else ""})]

    def normalise(self, payload: Mapping[str, Any]) -> Normalised:
        kind = text(inner(payload, "event_type"), "id")
        code = FAILURES.get(kind)
        delivery = Delivery.FAILED if code else DELIVERIES.get(kind)
        if delivery is None:
            return Ignored(f"event {kind[:RAW_LENGTH]}")
        return DeliveryEvent(
            reference=text(payload, OUR_REFERENCE),
            provider_id=text(payload, "reference_id"),
            delivery=delivery,
            at=_moment(text(payload, "date_created")),
            code=code,
            is_permanent=is_for_good(code),
            raw=kind[:RAW_LENGTH] if code else "",
        )


def _moment(words: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    return at if at.tzinfo else None
