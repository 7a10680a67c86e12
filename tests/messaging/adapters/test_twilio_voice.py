import json
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from common.enums import Channel
from common.http import HttpResponse
from messaging.adapters.base import Account, NotKnownYet, NotThere, ProviderError, SendRequest, SendResult
from messaging.adapters.twilio_voice import twiml
from messaging.adapters.twilio_voice.sender import TwilioVoiceSender
from messaging.adapters.twilio_voice.webhook import Heard, TwilioVoiceWebhook, read_turn
from messaging.adapters.webhook import BadPayload, Call, Delivery, DeliveryEvent, Ignored, RawEvent
from messaging.enums import ErrorCode
from tests.messaging.adapters.sender_contract import SenderContract
from tests.messaging.adapters.webhook_contract import WebhookContract

pytestmark = pytest.mark.logic

SID = "AC" + "a" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
HOOK = "https://app.example.com/hooks/twilio_voice/8f14e45f-ceea-467f-a8d1-000000000001/"
ACCOUNT = Account(1, "u-1", {"account_sid": SID, "auth_token": TOKEN}, HOOK, from_address="+15005550006")
REQUEST = SendRequest("touch:17", Channel.VOICE, "+14155552345", "Hello from Live Oak Motors.")


def answer(status, data, **headers):
    return HttpResponse(status, headers, json.dumps(data).encode())


def refusal(status, code, **headers):
    return answer(status, {"code": code, "message": "words"}, **headers)


def listed(*calls, more=None):
    return answer(200, {"calls": list(calls), "next_page_uri": more})


def made(sid="CA1", at="Fri, 20 Nov 2026 16:00:03 +0000", direction="outbound-api"):
    return {"sid": sid, "date_created": at, "direction": direction, "status": "completed"}


class TestTwilioVoiceSender(SenderContract):
    sender = TwilioVoiceSender()
    account = ACCOUNT
    request = REQUEST
    secrets = (TOKEN,)
    official = "twilio_api_v2010.json"
    accepted = answer(201, {"sid": "CA1", "status": "queued"})
    permanent = refusal(400, 13224)
    rate_limited = refusal(429, 20429, **{"retry-after": "30"})
    unauthorized = refusal(401, 20003)
    unknown_code = refusal(400, 99999)
    found = listed(made())
    not_found = listed(made(at="Fri, 20 Nov 2026 09:00:00 +0000"), made(direction="inbound"))

    def test_call_asks_us_what_to_say_and_has_an_end(self):
        built = self.sender.build(REQUEST, ACCOUNT)

        assert built.url == f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Calls.json"
        assert parse_qsl(built.body.decode()) == [
            ("To", "+14155552345"),
            ("From", "+15005550006"),
            ("Url", f"{HOOK}call/?m=touch%3A17"),
            ("StatusCallback", f"{HOOK}?m=touch%3A17#rc=5&rp=all"),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
            ("MachineDetection", "DetectMessageEnd"),
            ("MachineDetectionTimeout", "20"),
            ("Timeout", "30"),
            ("TimeLimit", "240"),
        ]

    @pytest.mark.parametrize(
        ("request_", "account", "code", "is_permanent"),
        [
            (SendRequest("t:1", Channel.SMS, "+1", "Hi"), ACCOUNT, ErrorCode.UNSUPPORTED, True),
            (REQUEST, Account(1, "u", ACCOUNT.config, HOOK), ErrorCode.CONFIGURATION, False),
            (
                SendRequest("t:1", Channel.VOICE, "+1", "Hi", deliver_within=timedelta(seconds=34)),
                ACCOUNT,
                ErrorCode.EXPIRED,
                False,
            ),
        ],
    )
    def test_what_cannot_be_called_says_why(self, request_, account, code, is_permanent):
        with pytest.raises(ProviderError) as caught:
            self.sender.build(request_, account)
        assert (caught.value.code, caught.value.is_permanent) == (code, is_permanent)

    def test_call_with_time_enough_is_made(self):
        request = SendRequest("t:1", Channel.VOICE, "+1", "Hi", deliver_within=timedelta(seconds=36))
        assert self.sender.build(request, ACCOUNT).method == "POST"

    @pytest.mark.parametrize(
        ("answered", "expected"),
        [
            (listed(made("CA7")), SendResult("CA7", raw="completed")),
            (listed(made("CA6"), made("CA7")), NotKnownYet()),
            (listed(more="/page2"), NotKnownYet()),
            (listed(), NotThere()),
        ],
    )
    def test_lookup_proves_by_number_and_time(self, answered, expected):
        assert self.sender.parse_lookup(answered, self.question) == expected


STATUS = {
    "AccountSid": SID,
    "CallSid": "CA" + "b" * 32,
    "CallStatus": "completed",
    "SequenceNumber": "3",
    "CallDuration": "41",
    "From": "+15005550006",
    "To": "+14155552345",
}


def signed(url, fields):
    signature = RequestValidator(TOKEN).compute_signature(url, fields)
    return Call(url, {"x-twilio-signature": signature}, urlencode(fields).encode())


class TestTwilioVoiceWebhook(WebhookContract):
    webhook = TwilioVoiceWebhook()
    account = ACCOUNT
    call = signed(f"{HOOK}?m=touch%3A17", STATUS)
    signature_header = "x-twilio-signature"

    def test_event_is_known_by_call_and_sequence(self):
        assert self.webhook.split(self.call, ACCOUNT) == [
            RawEvent(f"CA{'b' * 32}:3:completed", STATUS | {"_reference": "touch:17"})
        ]

    def test_events_of_a_call_with_a_long_name_stay_apart(self):
        calls = [
            signed(HOOK, STATUS | {"CallSid": "C" * 128, "CallStatus": status})
            for status in ("ringing", "completed")
        ]
        keys = [event.key for call in calls for event in self.webhook.split(call, ACCOUNT)]

        assert [len(key) for key in keys] == [64, 64]
        assert len(set(keys)) == 2

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({}, (Delivery.DELIVERED, None, False, "")),
            ({"CallStatus": "initiated"}, (Delivery.ACCEPTED, None, False, "")),
            ({"CallStatus": "in-progress"}, (Delivery.ACCEPTED, None, False, "")),
            ({"CallStatus": "no-answer"}, (Delivery.FAILED, ErrorCode.TEMPORARY, False, "no-answer")),
            (
                {"CallStatus": "busy", "SipResponseCode": "486"},
                (Delivery.FAILED, ErrorCode.TEMPORARY, False, "busy 486"),
            ),
            (
                {"CallStatus": "failed", "SipResponseCode": "404"},
                (Delivery.FAILED, ErrorCode.INVALID_ADDRESS, True, "failed 404"),
            ),
            (
                {"CallStatus": "failed", "SipResponseCode": "503"},
                (Delivery.FAILED, ErrorCode.TEMPORARY, False, "failed 503"),
            ),
        ],
    )
    def test_status_is_put_into_our_words(self, more, expected):
        delivery, code, is_permanent, raw = expected

        assert self.webhook.normalise(STATUS | {"_reference": "touch:17"} | more) == DeliveryEvent(
            "touch:17", "CA" + "b" * 32, delivery, None, code, is_permanent, raw
        )

    def test_unknown_status_is_kept_and_harmless(self):
        assert self.webhook.normalise({"CallStatus": "levitating"}) == Ignored("unknown status levitating")

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"Digits": "1"}, {"digits": "1"}),
            ({"Digits": "12"}, {"digits": "1"}),
            ({"SpeechResult": " Tuesday at 3. ", "Confidence": "0.9"}, {"speech": "Tuesday at 3."}),
            ({"AnsweredBy": "machine_end_beep"}, {"is_machine": True}),
            ({"AnsweredBy": "fax"}, {"is_machine": True}),
            ({"AnsweredBy": "unknown"}, {}),
            ({"AnsweredBy": "human"}, {}),
        ],
    )
    def test_turn_is_what_was_pressed_or_said(self, fields, expected):
        call = signed(f"{HOOK}turn/?m=touch%3A17&s=1", {"AccountSid": SID, "CallSid": "CA1"} | fields)

        assert read_turn(call) == Heard("CA1", "touch:17", **expected)

    def test_turn_without_a_call_is_a_bad_payload(self):
        with pytest.raises(BadPayload):
            read_turn(Call(HOOK, {}, b"Digits=1"))


class TestDocuments:
    def test_question_listens_for_a_key_or_words(self):
        root = ET.fromstring(twiml.ask("Press 1 & hold <on>.", language="en", action="https://x/?a=1&b=2"))

        gather, hangup = root
        assert (gather.tag, hangup.tag) == ("Gather", "Hangup")
        assert {key: gather.attrib[key] for key in gather.attrib if key != "hints"} == {
            "action": "https://x/?a=1&b=2",
            "actionOnEmptyResult": "true",
            "bargeIn": "true",
            "input": "dtmf speech",
            "language": "en-US",
            "method": "POST",
            "numDigits": "1",
            "speechTimeout": "auto",
            "timeout": "6",
        }
        (say,) = gather
        assert (say.text, say.attrib) == (
            "Press 1 & hold <on>.",
            {"voice": "Polly.Joanna", "language": "en-US"},
        )

    def test_voice_speaks_the_language(self):
        (say, hangup) = ET.fromstring(twiml.say("Hola, ¿qué tal?", language="es"))

        assert (say.text, say.attrib["language"], say.attrib["voice"]) == (
            "Hola, ¿qué tal?",
            "es-US",
            "Polly.Lupe",
        )
        assert hangup.tag == "Hangup"

    def test_caller_is_put_through(self):
        root = ET.fromstring(twiml.connect("One moment.", language="fr", phone="+15125550100"))

        assert [(each.tag, each.text) for each in root] == [
            ("Say", "One moment."),
            ("Dial", "+15125550100"),
            ("Hangup", None),
        ]

    def test_nothing_is_said(self):
        assert [each.tag for each in ET.fromstring(twiml.hang_up())] == ["Hangup"]

    @given(words=st.text(max_size=60).map(lambda text: text + "\x0b\ud800\ufffe"))
    def test_whatever_an_import_brings_is_xml(self, words):
        for document in (
            twiml.ask(words, language="en", action="https://x/"),
            twiml.say(words, language="es"),
        ):
            assert ET.fromstring(document).tag == "Response"

    def test_words_have_an_end(self):
        assert len(twiml.sayable("long " * 5_000)) <= 3_000
