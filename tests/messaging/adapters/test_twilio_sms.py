import json
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from twilio.request_validator import RequestValidator

from common.enums import Channel
from common.http import HttpResponse
from messaging.adapters.base import (
    Account,
    Attachment,
    NotKnownYet,
    NotThere,
    ProviderError,
    Question,
    SendRequest,
    SendResult,
)
from messaging.adapters.twilio.signature import is_signed
from messaging.adapters.twilio_sms.sender import TwilioSmsSender
from messaging.adapters.twilio_sms.webhook import TwilioSmsWebhook
from messaging.adapters.webhook import Call, Delivery, DeliveryEvent, Ignored, InboundEvent, RawEvent
from messaging.enums import ErrorCode
from tests.messaging.adapters.sender_contract import HANDED_OVER_AT, SenderContract
from tests.messaging.adapters.webhook_contract import WebhookContract

pytestmark = pytest.mark.logic

SID = "AC" + "a" * 32
SERVICE = "MG" + "c" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
HOOK = "https://app.example.com/hooks/twilio_sms/8f14e45f-ceea-467f-a8d1-000000000001/"
ACCOUNT = Account(
    1,
    "8f14e45f-ceea-467f-a8d1-000000000001",
    {"account_sid": SID, "auth_token": TOKEN},
    callback_url=HOOK,
    from_address="+15005550006",
)
TEXT = "Live Oak Motors: your 2019 Forester is ready."
REQUEST = SendRequest("touch:17", Channel.SMS, "+14155552345", TEXT)


def answer(status, data, **headers):
    return HttpResponse(status, headers, json.dumps(data).encode())


def refusal(status, code, **headers):
    return answer(status, {"code": code, "message": "words", "status": status}, **headers)


def listed(*messages, more=None):
    return answer(200, {"messages": list(messages), "next_page_uri": more})


def sent(sid="SM1", body=TEXT, made="Fri, 20 Nov 2026 16:00:03 +0000", direction="outbound-api"):
    return {"sid": sid, "body": body, "date_created": made, "direction": direction, "status": "sent"}


def form_of(built):
    return parse_qsl(built.body.decode(), keep_blank_values=True)


class TestTwilioSmsSender(SenderContract):
    sender = TwilioSmsSender()
    account = ACCOUNT
    request = REQUEST
    secrets = (TOKEN,)
    official = "twilio_api_v2010.json"
    accepted = answer(201, {"sid": "SM1", "status": "queued", "num_segments": "1", "body": TEXT})
    permanent = refusal(400, 21211)
    rate_limited = refusal(429, 20429, **{"retry-after": "30"})
    unauthorized = refusal(401, 20003)
    unknown_code = refusal(400, 99999)
    found = listed(sent())
    not_found = listed(sent(made="Fri, 20 Nov 2026 09:00:00 +0000"), sent(direction="inbound"))

    def every_request(self):
        service = Account(1, "u", dict(ACCOUNT.config) | {"messaging_service_sid": SERVICE}, HOOK)
        picture = SendRequest(
            "touch:18",
            Channel.SMS,
            "+14155552345",
            TEXT,
            media_urls=("https://app.example.com/a.jpg", "https://app.example.com/b.jpg"),
            deliver_within=timedelta(minutes=20),
        )
        return [
            self.sender.build(self.request, self.account),
            self.sender.build(self.request, service),
            self.sender.build(picture, self.account),
        ]

    def test_number_sends_and_status_comes_back_with_our_reference(self):
        built = self.sender.build(REQUEST, ACCOUNT)

        assert (built.method, built.url) == (
            "POST",
            f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json",
        )
        assert built.headers["Authorization"].startswith("Basic ")
        assert form_of(built) == [
            ("To", "+14155552345"),
            ("From", "+15005550006"),
            ("Body", TEXT),
            ("StatusCallback", f"{HOOK}?m=touch%3A17#rc=5&rp=all"),
        ]

    def test_messaging_service_sends_instead_of_the_number(self):
        form = dict(form_of(self.every_request()[1]))

        assert form["MessagingServiceSid"] == SERVICE
        assert "From" not in form

    def test_api_key_signs_for_a_subaccount(self):
        config = dict(ACCOUNT.config) | {"api_key_sid": "SK1", "api_key_secret": "hush"}

        built = self.sender.build(REQUEST, Account(1, "u", config, HOOK, "+15005550006"))

        assert built.headers["Authorization"] == "Basic U0sxOmh1c2g="
        assert SID in built.url

    @pytest.mark.parametrize(
        ("within", "validity"),
        [
            (timedelta(minutes=10), "600"),
            (timedelta(seconds=0.4), "1"),
            (timedelta(seconds=-5), "1"),
            (timedelta(days=3), "36000"),
        ],
    )
    def test_queued_text_never_leaves_in_quiet_hours(self, within, validity):
        request = SendRequest("touch:1", Channel.SMS, "+14155552345", "Hi", deliver_within=within)

        assert dict(form_of(self.sender.build(request, ACCOUNT)))["ValidityPeriod"] == validity

    @pytest.mark.parametrize(
        ("account", "code"),
        [
            (Account(1, "u", ACCOUNT.config, HOOK), ErrorCode.CONFIGURATION),
            (Account(1, "u", {"auth_token": "t"}, HOOK, "+1"), ErrorCode.CONFIGURATION),
            (Account(1, "u", {"account_sid": SID}, HOOK, "+1"), ErrorCode.CONFIGURATION),
            (Account(1, "u", ACCOUNT.config, "https://my_host.example.com/", "+1"), ErrorCode.CONFIGURATION),
        ],
    )
    def test_incomplete_account_makes_the_message_wait(self, account, code):
        with pytest.raises(ProviderError) as caught:
            self.sender.build(REQUEST, account)
        assert (caught.value.code, caught.value.is_permanent) == (code, False)

    @pytest.mark.parametrize(
        "request_",
        [
            SendRequest("touch:1", Channel.EMAIL, "a@example.com", "Hi"),
            SendRequest("touch:1", Channel.SMS, "+1", "Hi", attachments=(Attachment("a", "b", "c"),)),
        ],
    )
    def test_what_a_text_cannot_carry_is_unsupported(self, request_):
        with pytest.raises(ProviderError) as caught:
            self.sender.build(request_, ACCOUNT)
        assert caught.value.code is ErrorCode.UNSUPPORTED

    @pytest.mark.parametrize(
        ("told", "body", "segments"),
        [("2", TEXT, 2), ("0", TEXT, 1), ("0", "é🚗" * 36, 2), (None, TEXT, 1)],
    )
    def test_segments_are_twilios_or_our_own_count(self, told, body, segments):
        data = {"sid": "SM1", "status": "accepted", "num_segments": told, "body": body}

        assert self.sender.parse(answer(201, data)) == SendResult("SM1", segments=segments, raw="accepted")

    @pytest.mark.parametrize(
        ("status", "vendor", "code", "is_permanent"),
        [
            (400, 21610, ErrorCode.OPTED_OUT, True),
            (400, 21614, ErrorCode.NOT_TEXTABLE, True),
            (400, 21635, ErrorCode.NOT_TEXTABLE, True),
            (400, 21612, ErrorCode.UNSUPPORTED, True),
            (400, 21408, ErrorCode.CONFIGURATION, False),
            (400, 21611, ErrorCode.TEMPORARY, False),
            (400, 21617, ErrorCode.REJECTED_CONTENT, True),
            (404, 20404, ErrorCode.CONFIGURATION, False),
            (403, None, ErrorCode.AUTHENTICATION, False),
            (400, "21211", ErrorCode.INVALID_ADDRESS, True),
            (400, [21211], ErrorCode.UNKNOWN, True),
        ],
    )
    def test_code_says_what_to_do(self, status, vendor, code, is_permanent):
        error = self.outcome(refusal(status, vendor))

        assert (error.code, error.is_permanent) == (code, is_permanent)

    def test_error_of_the_newer_shape_is_read_too(self):
        body = {"type": "about:blank", "title": "Bad", "status": 400, "code": 21610, "detail": "x"}

        assert self.outcome(answer(400, body)).code is ErrorCode.OPTED_OUT

    def test_request_that_timed_out_at_twilio_is_unknown(self):
        assert self.outcome(HttpResponse(408, {}, b"")).code is ErrorCode.UNKNOWN_OUTCOME

    def test_message_made_and_failed_at_once_is_refused(self):
        data = {"sid": "SM1", "status": "failed", "error_code": 30034}

        assert self.outcome(answer(201, data)).code is ErrorCode.CONFIGURATION

    def test_lookup_asks_by_number(self):
        built = self.sender.build_lookup(self.question, ACCOUNT)

        assert (built.method, built.url) == (
            "GET",
            f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json?To=%2B14155552345&PageSize=200",
        )

    @pytest.mark.parametrize(
        ("answered", "expected"),
        [
            (listed(sent("SM7", body=TEXT + " ")), SendResult("SM7", raw="sent")),
            (listed(sent("SM6", body="Other"), sent("SM7")), SendResult("SM7", raw="sent")),
            (listed(sent("SM6"), sent("SM7")), NotKnownYet()),  # two of the same: which is ours?
            (listed(sent("SM9")), NotThere()),  # known to be another of our messages
            (listed(sent(body="Sent from a trial: " + TEXT)), NotKnownYet()),  # altered, or another
            (listed(sent(made="nonsense")), SendResult("SM1", raw="sent")),
            (listed(sent(made="Fri, 20 Nov 2026 16:30:00 +0000")), NotThere()),
            (listed(more="/page2"), NotKnownYet()),
            (listed(), NotThere()),
            (listed(7, None), NotThere()),
            (answer(200, {"messages": {}}), NotKnownYet()),
        ],
    )
    def test_lookup_proves_by_number_time_and_text(self, answered, expected):
        question = Question("touch:17", REQUEST.to, TEXT, HANDED_OVER_AT, frozenset({"SM9"}))

        assert self.sender.parse_lookup(answered, question) == expected


STATUS = {
    "AccountSid": SID,
    "ApiVersion": "2010-04-01",
    "ErrorCode": "30005",
    "From": "+15005550006",
    "MessageSid": "SM" + "b" * 32,
    "MessageStatus": "undelivered",
    "MessagingServiceSid": SERVICE,
    "SmsSid": "SM" + "b" * 32,
    "SmsStatus": "undelivered",
    "To": "+14155552345",
}
STATUS_URL = "https://app.example.com/hooks/twilio/sms/status?m=7b0f6d4e-0000-4000-8000-000000000001"
INBOUND = {
    "AccountSid": SID,
    "Body": "Stop 🚗 café",
    "From": "+14155552345",
    "FromCity": "",
    "MessageSid": "SM" + "d" * 32,
    "NumMedia": "0",
    "NumSegments": "1",
    "OptOutType": "STOP",
    "SmsMessageSid": "SM" + "d" * 32,
    "SmsSid": "SM" + "d" * 32,
    "SmsStatus": "received",
    "To": "+15005550006",
}
INBOUND_URL = "https://app.example.com/hooks/twilio/sms/inbound"


def signed(url, fields, token=TOKEN, body=None):
    signature = RequestValidator(token).compute_signature(url, fields)
    return Call(url, {"x-twilio-signature": signature}, urlencode(fields).encode() if body is None else body)


class TestTwilioSmsWebhook(WebhookContract):
    webhook = TwilioSmsWebhook()
    account = ACCOUNT
    call = signed(STATUS_URL, STATUS)
    signature_header = "x-twilio-signature"

    def test_call_of_another_account_is_refused(self):
        self.refuses(signed(STATUS_URL, STATUS | {"AccountSid": "AC" + "e" * 32}))
        self.refuses(signed(STATUS_URL, {key: STATUS[key] for key in STATUS if key != "AccountSid"}))

    @pytest.mark.parametrize(
        "url",
        [
            STATUS_URL.replace("https", "http"),
            STATUS_URL.replace("status?", "status/?"),
            STATUS_URL.replace("7b0f", "7b0e"),
            STATUS_URL + "&x=1",
        ],
    )
    def test_other_address_than_the_signed_is_refused(self, url):
        self.refuses(Call(url, self.call.headers, self.call.body))

    def test_blank_field_left_out_is_refused(self):
        call = signed(INBOUND_URL, INBOUND)
        without = urlencode({key: value for key, value in INBOUND.items() if value}).encode()

        self.webhook.verify(call, ACCOUNT)
        self.refuses(Call(call.url, call.headers, without))

    def test_next_token_is_good_before_it_is_the_only_one(self):
        config = {"account_sid": SID, "auth_token": "old", "next_auth_token": TOKEN}

        self.webhook.verify(self.call, Account(1, "u", config))

    def test_account_without_a_token_accepts_nothing(self):
        for config in ({"account_sid": SID}, {"account_sid": SID, "auth_token": ""}):
            call = signed(STATUS_URL, STATUS, token="")
            self.refuses(call, Account(1, "u", config))

    def test_form_with_too_many_fields_is_refused(self):
        self.refuses(Call(STATUS_URL, self.call.headers, b"a=1&" * 5000))

    def test_status_and_inbound_are_told_apart_and_keyed(self):
        (status,) = self.webhook.split(self.call, self.account)
        (inbound,) = self.webhook.split(signed(INBOUND_URL, INBOUND), ACCOUNT)

        assert status == RawEvent(
            f"SM{'b' * 32}:undelivered", STATUS | {"_reference": "7b0f6d4e-0000-4000-8000-000000000001"}
        )
        assert inbound == RawEvent(f"SM{'d' * 32}:in", INBOUND | {"_reference": ""})

    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            (
                STATUS | {"_reference": "touch:17"},
                DeliveryEvent(
                    "touch:17",
                    "SM" + "b" * 32,
                    Delivery.FAILED,
                    code=ErrorCode.INVALID_ADDRESS,
                    is_permanent=True,
                    raw="30005",
                ),
            ),
            (
                {"MessageStatus": "failed", "SmsSid": "SM1", "ErrorCode": "30003"},
                DeliveryEvent("", "SM1", Delivery.FAILED, code=ErrorCode.TEMPORARY, raw="30003"),
            ),
            (
                {"MessageStatus": "undelivered", "MessageSid": "SM1", "ErrorCode": "31999"},
                DeliveryEvent(
                    "", "SM1", Delivery.FAILED, code=ErrorCode.UNKNOWN, is_permanent=True, raw="31999"
                ),
            ),
            ({"MessageStatus": "sent", "MessageSid": "SM1"}, DeliveryEvent("", "SM1", Delivery.ACCEPTED)),
            (
                {"MessageStatus": "delivered", "MessageSid": "SM1"},
                DeliveryEvent("", "SM1", Delivery.DELIVERED),
            ),
            ({"MessageStatus": "teleported"}, Ignored("unknown status teleported")),
            (
                INBOUND,
                InboundEvent(
                    Channel.SMS,
                    "+14155552345",
                    "+15005550006",
                    text="Stop 🚗 café",
                    provider_id="SM" + "d" * 32,
                    provider_has_stopped=True,
                    provider_has_answered=True,
                    attachments=[],
                ),
            ),
            (
                {"From": "+1", "Body": "", "NumMedia": "2", "MediaUrl0": "https://a", "SmsStatus": "received"}
                | {"MediaContentType0": "image/jpeg", "OptOutType": "HELP"},
                InboundEvent(
                    Channel.SMS,
                    "+1",
                    "",
                    provider_has_answered=True,
                    attachments=[{"url": "https://a", "content_type": "image/jpeg"}],
                ),
            ),
        ],
    )
    def test_payload_is_put_into_our_words(self, payload, expected):
        assert self.webhook.normalise(payload) == expected

    def test_answer_is_an_empty_reply(self):
        assert (self.webhook.answer.status, self.webhook.answer.content_type) == (200, "text/xml")


class TestVectors:
    """Signatures made by others than our own code."""

    OLD_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"

    @pytest.mark.parametrize(
        ("url", "fields", "token", "signature", "settings"),
        [
            (
                OLD_URL,
                {
                    "CallSid": "CA1234567890ABCDE",
                    "Digits": "1234",
                    "From": "+14158675309",
                    "To": "+18005551212",
                    "Caller": "+14158675309",
                },
                "12345",
                "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
                "",
            ),
            (STATUS_URL, STATUS, TOKEN, "5Y1UDNrCahhh+weiwn9eXYsKpg4=", ""),
            (STATUS_URL, STATUS, TOKEN, "5b6Tdd3ZeQZDXSJhHMvEUVSEGUA=", ""),  # signed with the port
            (
                STATUS_URL,
                STATUS,
                TOKEN,
                "z5fc5EUFYaXMXr1oqmNoaPpLU+MrKJ9F6M1hAC8MREQ=",
                "key=k,algorithm=HMAC_SHA256",
            ),
            (INBOUND_URL, INBOUND, TOKEN, "jJRtHi6W4quosZW1wMYizWZCEPs=", ""),
            (
                OLD_URL,
                [
                    ("Sid", "CA123"),
                    ("SidAccount", "AC123"),
                    ("Digits", "5678"),
                    ("Digits", "1234"),
                    ("Digits", "1234"),
                ],
                "12345",
                "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
                "",
            ),
        ],
    )
    def test_form_is_signed(self, url, fields, token, signature, settings):
        headers = {"x-twilio-signature": signature, "x-twilio-webhooks-signature-settings": settings}
        call = Call(url, headers, urlencode(fields).encode())

        assert is_signed(call, token)
        assert not is_signed(call, token + "x")

    BODY = b'{"property": "value", "boolean": true}'
    HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

    @pytest.mark.parametrize(
        ("url", "token", "signature"),
        [
            (f"{OLD_URL}&bodySHA256={HASH}", "12345", "a9nBmqA0ju/hNViExpshrM61xv4="),
            (
                f"https://app.example.com/hooks/twilio/events?bodySHA256={HASH}",
                TOKEN,
                "7hKVUd034osYO7nYUVZgjtc6+d4=",
            ),
        ],
    )
    def test_json_is_signed_by_its_hash(self, url, token, signature):
        headers = {"x-twilio-signature": signature}

        assert is_signed(Call(url, headers, self.BODY), token)
        assert not is_signed(Call(url, headers, self.BODY + b" "), token)

    def test_unknown_algorithm_is_not_signed(self):
        headers = {"x-twilio-signature": "x", "x-twilio-webhooks-signature-settings": "algorithm=MD5"}
        assert not is_signed(Call(STATUS_URL, headers, b""), TOKEN)
