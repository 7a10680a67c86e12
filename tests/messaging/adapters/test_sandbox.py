import json
from datetime import UTC, datetime

import pytest

from common.enums import Channel
from common.http import HttpResponse
from messaging.adapters.base import Account, Attachment, ProviderError, SendRequest
from messaging.adapters.sandbox.sender import SandboxSender
from messaging.adapters.sandbox.webhook import SandboxWebhook
from messaging.adapters.webhook import BadPayload, Call, Delivery, DeliveryEvent, Ignored, InboundEvent
from messaging.enums import ErrorCode
from tests.messaging.adapters.sender_contract import SenderContract

pytestmark = pytest.mark.logic

ACCOUNT = Account(
    1, "uuid-1", {"base_url": "http://sandbox", "token": "very-secret", "webhook_secret": "hush"}
)
REQUEST = SendRequest(
    "touch:17", Channel.SMS, "+15125550155", "Your car is ready.", sender_address="+15125550100"
)


def answer(status, data, **headers):
    return HttpResponse(status, headers, json.dumps(data).encode())


def refusal(status, code, **headers):
    return answer(status, {"error": {"code": code}}, **headers)


class TestSandboxSender(SenderContract):
    sender = SandboxSender()
    account = ACCOUNT
    request = REQUEST
    secrets = ("very-secret", "hush")
    accepted = answer(201, {"id": "sb_1", "segments": 2, "cost_cents": 2})
    permanent = refusal(422, "invalid_address")
    rate_limited = refusal(429, "rate_limited", **{"retry-after": "30"})
    unauthorized = refusal(401, "unauthorized")
    unknown_code = refusal(422, "cosmic_rays")
    found = answer(200, {"messages": [{"id": "sb_1", "reference": "touch:17"}]})
    not_found = answer(200, {"messages": [{"id": "sb_2", "reference": "touch:170"}]})

    def test_request_says_what_is_sent(self):
        built = self.sender.build(self.request, self.account)

        assert (built.method, built.url) == ("POST", "http://sandbox/accounts/uuid-1/messages")
        assert json.loads(built.body) == {
            "reference": "touch:17",
            "channel": "sms",
            "to": "+15125550155",
            "from": "+15125550100",
            "from_name": "",
            "text": "Your car is ready.",
        }

    def test_extras_are_sent_where_there_are_some(self):
        request = SendRequest(
            "touch:18",
            Channel.EMAIL,
            "a@example.com",
            "Hello",
            subject="Due",
            html="<p>Hello</p>",
            attachments=(Attachment("visit.ics", "text/calendar", "QQ=="),),
            headers={"List-Unsubscribe": "<https://example.com/b/x>"},
            expires_at=datetime(2026, 11, 21, tzinfo=UTC),
        )

        body = json.loads(self.sender.build(request, self.account).body)

        assert body["attachments"] == [{"name": "visit.ics", "type": "text/calendar", "content": "QQ=="}]
        assert (body["subject"], body["html"], body["expires_at"]) == (
            "Due",
            "<p>Hello</p>",
            "2026-11-21T00:00:00+00:00",
        )
        assert body["headers"] == {"List-Unsubscribe": "<https://example.com/b/x>"}

    def test_rate_limit_says_how_long(self):
        assert self.outcome(refusal(429, "rate_limited", **{"retry-after": "2.5"})).retry_after == 2.5
        assert self.outcome(refusal(429, "rate_limited", **{"retry-after": "soon"})).retry_after is None

    def test_letter_is_not_for_the_sandbox(self):
        letter = SendRequest("touch:19", Channel.LETTER, "12 Oak St", "Hello")
        with pytest.raises(ProviderError) as caught:
            self.sender.build(letter, self.account)
        assert caught.value.code is ErrorCode.UNSUPPORTED


class TestSandboxWebhook:
    webhook = SandboxWebhook()

    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            (
                {"type": "message.delivered", "reference": "touch:17", "message_id": "sb_1", "at": 0},
                DeliveryEvent("touch:17", "sb_1", Delivery.DELIVERED, datetime(1970, 1, 1, tzinfo=UTC)),
            ),
            (
                {"type": "message.failed", "reference": "touch:17", "code": "blocked"},
                DeliveryEvent("touch:17", "", Delivery.FAILED, None, ErrorCode.BLOCKED, True, "blocked"),
            ),
            (
                {"type": "message.failed", "code": "expired", "at": True},
                DeliveryEvent("", "", Delivery.FAILED, None, ErrorCode.EXPIRED, False, "expired"),
            ),
            (
                {"type": "message.received", "channel": "voice", "from": "+1", "digits": "9", "at": 1e300},
                InboundEvent(Channel.VOICE, "+1", "", digits="9"),
            ),
            (
                {"type": "message.received", "channel": "sms", "from": "+1", "text": "a\x00b", "id": "e"},
                InboundEvent(Channel.SMS, "+1", "", text="ab", provider_id="e"),
            ),
            ({"type": "message.received", "channel": "fax"}, Ignored("unknown channel")),
            ({"type": 7}, Ignored("unknown type ")),
            ({}, Ignored("unknown type ")),
        ],
    )
    def test_payload_is_put_into_our_words(self, payload, expected):
        assert self.webhook.normalise(payload) == expected

    def test_event_is_known_by_its_id_however_long(self):
        events = [{"id": "e1"}, {"id": "x" * 200 + "1"}, {"id": "x" * 200 + "2"}]
        call = Call(
            "https://app.example.com/hooks/sandbox/u-1/", body=json.dumps({"events": events}).encode()
        )

        first, *long_ones = [each.key for each in self.webhook.split(call, Account(1, "u-1", {}))]

        assert first == "e1"
        assert [len(key) for key in long_ones] == [64, 64]
        assert len(set(long_ones)) == 2

    @pytest.mark.parametrize("event", [{}, {"id": ""}, {"id": 7}, {"id": "\x00"}, "e1", None])
    def test_event_without_an_id_is_a_bad_payload(self, event):
        call = Call(
            "https://app.example.com/hooks/sandbox/u-1/", body=json.dumps({"events": [event]}).encode()
        )
        with pytest.raises(BadPayload):
            self.webhook.split(call, Account(1, "u-1", {}))
