"""Texts and picture messages by Twilio.

Account settings: those of `messaging/adapters/twilio/rest.py`; optional `messaging_service_sid`, else the account's
number sends.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from common.enums import Channel
from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import (
    Account,
    Capabilities,
    LookupAnswer,
    Question,
    SendRequest,
    SendResult,
    refusal,
)
from messaging.adapters.reading import RAW_LENGTH, text, whole
from messaging.adapters.twilio import rest
from messaging.adapters.twilio.codes import CODES
from messaging.enums import ErrorCode
from messaging.logic.segments import count_segments

LONGEST_VALIDITY = 36_000  # seconds; Twilio's own default as well
NEVER_SENT = frozenset({"failed", "undelivered", "canceled"})


class TwilioSmsSender:
    key: ClassVar[str] = "twilio_sms"
    capabilities: ClassVar[Capabilities] = Capabilities(
        channels=frozenset({Channel.SMS}),
        can_look_up=True,
        settled_after=600,  # policy: a message unlisted ten minutes after its hand-over was not accepted
        max_in_flight=32,  # policy: above Twilio's unpublished bound on calls at once, requests are refused
    )

    def build(self, request: SendRequest, account: Account) -> HttpRequest:
        if request.channel != Channel.SMS or request.attachments:
            raise refusal(ErrorCode.UNSUPPORTED, f"{request.channel} with files")
        form = [("To", request.to), _sender(request, account), ("Body", request.text)]
        form += [("MediaUrl", url) for url in request.media_urls]
        form.append(("StatusCallback", rest.callback(account, request.reference) + rest.REPEAT_CALLBACKS))
        if request.deliver_within is not None:
            form.append(("ValidityPeriod", str(_validity(request.deliver_within))))
        return rest.post(account, "Messages", form)

    def parse(self, response: HttpResponse) -> SendResult:
        data = rest.read_created(response)
        status = text(data, "status")
        if status in NEVER_SENT:
            vendor = whole(data.get("error_code"))
            raise refusal(CODES.get(vendor, ErrorCode.UNKNOWN), str(vendor or status)[:RAW_LENGTH])
        # A messaging service counts when it has chosen the sender: until then our own count of what it took.
        segments = whole(data.get("num_segments")) or count_segments(text(data, "body")).segments
        return SendResult(text(data, "sid"), segments=segments, raw=status[:RAW_LENGTH])

    def build_lookup(self, question: Question, account: Account) -> HttpRequest:
        return rest.get_sent(account, "Messages", question.to)

    def parse_lookup(self, response: HttpResponse, question: Question) -> LookupAnswer:
        return rest.read_found(response, "messages", question, same_text=True)


def _sender(request: SendRequest, account: Account) -> tuple[str, str]:
    service = account.config.get("messaging_service_sid")
    return (
        ("MessagingServiceSid", str(service)) if service else ("From", rest.sender_number(request, account))
    )


def _validity(within: timedelta) -> int:
    return max(1, min(LONGEST_VALIDITY, int(within.total_seconds())))
