"""Reminder calls by Twilio: the call is made here, what it says is asked of us when somebody answers.

Account settings: those of `messaging/adapters/twilio/rest.py`; the account's number calls.
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
from messaging.adapters.reading import RAW_LENGTH, text
from messaging.adapters.twilio import rest
from messaging.enums import ErrorCode

CALL_PATH = "call/"  # below the account's own address: what the call says
RING_SECONDS = 30  # policy: long enough for a voicemail to answer
# policy: hard end of a call; a booking by keys takes about one minute. It ends a loop of any kind as well.
LONGEST_CALL_SECONDS = 240
# Twilio waits up to 30 s for a voicemail's greeting to end; people say hello in two, and hang up on silence.
MACHINE_SECONDS = 20
TOO_CLOSE = timedelta(seconds=RING_SECONDS + 5)


class TwilioVoiceSender:
    key: ClassVar[str] = "twilio_voice"
    capabilities: ClassVar[Capabilities] = Capabilities(
        channels=frozenset({Channel.VOICE}),
        can_look_up=True,
        settled_after=600,  # policy: a call unlisted ten minutes after its hand-over was not made
        max_in_flight=1,  # an account makes one call a second
    )

    def build(self, request: SendRequest, account: Account) -> HttpRequest:
        if request.channel != Channel.VOICE:
            raise refusal(ErrorCode.UNSUPPORTED, str(request.channel))
        if request.deliver_within is not None and request.deliver_within < TOO_CLOSE:
            # It would ring after the hours have ended; there is no validity period for calls.
            raise refusal(ErrorCode.EXPIRED, "too close to the quiet hours")
        form = [
            ("To", request.to),
            ("From", rest.sender_number(request, account)),
            ("Url", rest.callback(account, request.reference, below=CALL_PATH)),
            ("StatusCallback", rest.callback(account, request.reference) + rest.REPEAT_CALLBACKS),
            *[("StatusCallbackEvent", event) for event in ("initiated", "answered", "completed")],
            ("MachineDetection", "DetectMessageEnd"),
            ("MachineDetectionTimeout", str(MACHINE_SECONDS)),
            ("Timeout", str(RING_SECONDS)),
            ("TimeLimit", str(LONGEST_CALL_SECONDS)),
        ]
        return rest.post(account, "Calls", form)

    def parse(self, response: HttpResponse) -> SendResult:
        data = rest.read_created(response)
        return SendResult(text(data, "sid"), raw=text(data, "status")[:RAW_LENGTH])

    def build_lookup(self, question: Question, account: Account) -> HttpRequest:
        return rest.get_sent(account, "Calls", question.to)

    def parse_lookup(self, response: HttpResponse, question: Question) -> LookupAnswer:
        return rest.read_found(response, "calls", question, same_text=False)
