import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from common.enums import Channel
from common.http import HttpResponse
from messaging.adapters.base import (
    Account,
    Letter,
    NotThere,
    PostalAddress,
    ProviderError,
    SendRequest,
    SendResult,
)
from messaging.adapters.letter_parts import DoesNotFit
from messaging.adapters.lob.page import write_page
from messaging.adapters.lob.sender import LobSender
from messaging.adapters.lob.verification import Deliverability, build_verification, parse_verification
from messaging.adapters.lob.webhook import LobWebhook
from messaging.adapters.webhook import BadPayload, Call, Delivery, DeliveryEvent, Ignored, RawEvent
from messaging.enums import ErrorCode
from tests.messaging.adapters.official import official_document
from tests.messaging.adapters.sender_contract import SenderContract
from tests.messaging.adapters.webhook_contract import WebhookContract

pytestmark = pytest.mark.logic

SECRET = "lob_whsec_0123456789"
ACCOUNT = Account(1, "u-1", {"api_key": "live_very_secret", "webhook_secret": SECRET})
ANN = PostalAddress("Ann Lee", "210 King St", "San Francisco", "CA", "94107")
OAK = PostalAddress("Live Oak Motors", "100 Congress Ave", "Austin", "tx", "78701-1234")
LETTER = Letter(
    ANN, OAK, "(512) 555-0100", "en", "November 20, 2026", "https://app.example.com/b/abc", "Stop: ask us"
)
REQUEST = SendRequest(
    "touch:17",
    Channel.LETTER,
    "210 King St, San Francisco, CA 94107",
    "Dear Ann,\n\nYour car & van <are> due.\nSoon.",
    subject="Service due",
    purpose="marketing",
    letter=LETTER,
)


def answer(status, data, **headers):
    return HttpResponse(status, headers, json.dumps(data).encode())


def refusal(status, code, **headers):
    return answer(status, {"error": {"message": "words", "status_code": status, "code": code}}, **headers)


def with_(**changes):
    return replace(REQUEST, letter=replace(LETTER, **changes))


class TestLobSender(SenderContract):
    sender = LobSender()
    account = ACCOUNT
    request = REQUEST
    secrets = ("live_very_secret", SECRET)
    official = "lob-api-bundled.yml"
    accepted = answer(200, {"id": "ltr_1", "expected_delivery_date": "2026-11-27"})
    permanent = refusal(422, "failed_deliverability_strictness")
    rate_limited = refusal(429, "rate_limit_exceeded", **{"ratelimit-reset": "30"})
    unauthorized = refusal(401, "unauthorized")
    unknown_code = refusal(422, "moon_phase")
    found = answer(200, {"data": [{"id": "ltr_1"}], "count": 1})
    not_found = answer(200, {"data": [], "count": 0})

    def every_request(self):
        plain = replace(REQUEST, purpose="transactional", letter=replace(LETTER, book_url=""))
        return [self.sender.build(each, ACCOUNT) for each in (REQUEST, plain)]

    def test_letter_says_everything_and_can_be_repeated(self):
        built = self.sender.build(REQUEST, ACCOUNT)
        body = json.loads(built.body)

        assert (built.method, built.url) == ("POST", "https://api.lob.com/v1/letters")
        assert built.headers["Idempotency-Key"] == "u-1/touch:17"
        assert built.headers["Authorization"] == "Basic bGl2ZV92ZXJ5X3NlY3JldDo="
        assert body.pop("file").startswith('<!DOCTYPE html><html lang="en">')
        assert body == {
            "description": "touch:17",
            "to": {
                "name": "Ann Lee",
                "address_line1": "210 King St",
                "address_city": "San Francisco",
                "address_state": "CA",
                "address_zip": "94107",
            },
            "from": {
                "name": "Live Oak Motors",
                "address_line1": "100 Congress Ave",
                "address_city": "Austin",
                "address_state": "TX",
                "address_zip": "78701-1234",
            },
            "color": False,
            "double_sided": False,
            "address_placement": "top_first_page",
            "use_type": "marketing",
            "metadata": {"anticipate_reference": "u-1/touch:17"},
        }

    def test_dealerships_that_share_a_key_share_no_letter(self):
        other = self.sender.build(REQUEST, replace(ACCOUNT, uuid="u-2"))

        assert (
            other.headers["Idempotency-Key"] != self.sender.build(REQUEST, ACCOUNT).headers["Idempotency-Key"]
        )

    def test_long_name_is_cut_and_a_missing_one_replaced(self):
        long = self.sender.build(with_(recipient=replace(ANN, name="Ann " * 20)), ACCOUNT)
        none = self.sender.build(with_(recipient=replace(ANN, name=" ")), ACCOUNT)

        assert json.loads(long.body)["to"]["name"] == ("Ann " * 10).strip()
        assert json.loads(none.body)["to"]["name"] == "Resident"

    @pytest.mark.parametrize(
        ("request_", "code"),
        [
            (replace(REQUEST, channel=Channel.SMS), ErrorCode.UNSUPPORTED),
            (replace(REQUEST, letter=None), ErrorCode.UNSUPPORTED),
            (with_(recipient=replace(ANN, country="CA")), ErrorCode.UNSUPPORTED),
            (with_(recipient=replace(ANN, street="")), ErrorCode.INVALID_ADDRESS),
            (with_(recipient=replace(ANN, region="Calif")), ErrorCode.INVALID_ADDRESS),
            (with_(recipient=replace(ANN, postal_code="9410")), ErrorCode.INVALID_ADDRESS),
            (with_(recipient=replace(ANN, postal_code="94107-12345")), ErrorCode.INVALID_ADDRESS),
            (with_(recipient=replace(ANN, street="x" * 51)), ErrorCode.REJECTED_CONTENT),
            (with_(sender=replace(OAK, city="")), ErrorCode.CONFIGURATION),
            (replace(REQUEST, text="x" * 1801), ErrorCode.REJECTED_CONTENT),
        ],
    )
    def test_what_cannot_be_mailed_says_why(self, request_, code):
        with pytest.raises(ProviderError) as caught:
            self.sender.build(request_, ACCOUNT)
        assert caught.value.code is code

    @pytest.mark.parametrize(
        ("response", "code", "is_permanent"),
        [
            (refusal(403, "feature_limit_reached"), ErrorCode.CONFIGURATION, False),
            (refusal(403, "other"), ErrorCode.AUTHENTICATION, False),
            (refusal(422, "invalid_template_html"), ErrorCode.REJECTED_CONTENT, True),
            (HttpResponse(400, {}, b"<html>"), ErrorCode.UNKNOWN, True),
            (HttpResponse(408, {}, b""), ErrorCode.UNKNOWN_OUTCOME, False),
        ],
    )
    def test_code_says_what_to_do(self, response, code, is_permanent):
        error = self.outcome(response)
        assert (error.code, error.is_permanent) == (code, is_permanent)

    @pytest.mark.parametrize(
        ("headers", "wait"),
        [({"x-rate-limit-reset": "5"}, 5.0), ({"ratelimit-reset": "1795190430"}, None), ({}, None)],
    )
    def test_rate_limit_waits_as_long_as_a_wait_can_be(self, headers, wait):
        assert self.outcome(refusal(429, "rate_limit_exceeded", **headers)).retry_after == wait

    def test_lookup_asks_by_our_reference(self):
        built = self.sender.build_lookup(self.question, ACCOUNT)

        assert built.url == (
            "https://api.lob.com/v1/letters?metadata%5Banticipate_reference%5D=u-1%2Ftouch%3A17"
        )
        assert self.sender.parse_lookup(self.found, self.question) == SendResult("ltr_1")
        assert self.sender.parse_lookup(self.not_found, self.question) == NotThere()


class TestPage:
    def test_words_are_words_and_never_markup(self):
        page = write_page(
            replace(LETTER, opt_out_line="<script>1</script>"),
            subject="<b>",
            text=REQUEST.text + "\u202e\x0b",
        )

        assert "<p>Your car &amp; van &lt;are&gt; due.<br>Soon.</p>" in page
        assert "<script>" not in page
        assert "&lt;b&gt;" in page
        assert "\u202e" not in page

    def test_longest_text_with_a_code_fits_what_lob_takes(self):
        url = "https://service.longdealershipname.example.com/b/" + "x" * 40
        page = write_page(replace(LETTER, book_url=url), subject="s" * 150, text="w" * 1800)

        assert "<svg" in page
        assert len(page) < 10_000

    def test_what_escapes_into_too_many_characters_does_not_fit(self):
        with pytest.raises(DoesNotFit):
            write_page(LETTER, subject="", text='"' * 1800)


EVENT = {
    "id": "evt_1",
    "reference_id": "ltr_1",
    "event_type": {
        "id": "letter.returned_to_sender",
        "enabled_for_test": False,
        "resource": "letters",
        "object": "event_type",
    },
    "date_created": "2026-11-21T00:00:00.000Z",
    "object": "event",
    "body": {"id": "ltr_1", "metadata": {"anticipate_reference": "u-1/touch:17"}},
}
STAMP = "1795000000000"


def signed(body, secret=SECRET):
    raw = hmac.new(secret.encode(), STAMP.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "lob-signature": raw,
        "lob-signature-timestamp": STAMP,
        "content-type": "application/json",
    }
    return Call("https://app.example.com/hooks/lob/u-1/", headers, body)


class TestLobWebhook(WebhookContract):
    webhook = LobWebhook()
    account = ACCOUNT
    call = signed(json.dumps(EVENT).encode())
    signature_header = "lob-signature"
    content_types = ("application/json",)

    def test_signature_made_by_others_is_right(self):
        body = b'{"id":"evt_1","reference_id":"ltr_1","event_type":{"id":"letter.returned_to_sender","enabled_for_test":false,"resource":"letters","object":"event_type"},"date_created":"2026-11-21T00:00:00.000Z","object":"event","body":{"id":"ltr_1","metadata":{"delivery_id":"7b0f"}}}'
        headers = {
            "lob-signature": "ba252fc1805e0d912671c448e0ffbeb7f0ac07c94d7d547a35f4324d66a74db0",
            "lob-signature-timestamp": STAMP,
        }

        self.webhook.verify(Call("", headers, body), ACCOUNT)

    def test_timestamp_is_signed_too(self):
        headers = dict(self.call.headers) | {"lob-signature-timestamp": "1795000000001"}
        self.refuses(replace(self.call, headers=headers))

    def test_account_without_a_secret_accepts_nothing(self):
        self.refuses(signed(self.call.body, secret=""), Account(1, "u-1", {}))

    def test_event_keeps_what_is_needed_and_our_reference(self):
        assert self.webhook.split(self.call, ACCOUNT) == [
            RawEvent(
                "evt_1",
                {name: EVENT[name] for name in ("reference_id", "event_type", "date_created")}
                | {"_reference": "touch:17"},
            )
        ]

    def test_letter_of_another_account_names_no_message_of_ours(self):
        (event,) = self.webhook.split(self.call, replace(ACCOUNT, uuid="u-2"))
        assert event.payload["_reference"] == ""

    def test_event_with_a_long_id_is_stored_under_its_hash(self):
        (event,) = self.webhook.split(signed(json.dumps(EVENT | {"id": "x" * 129}).encode()), ACCOUNT)
        assert len(event.key) == 64

    @pytest.mark.parametrize("id_", ["", 7])
    def test_event_without_an_id_is_a_bad_payload(self, id_):
        with pytest.raises(BadPayload):
            self.webhook.split(signed(json.dumps(EVENT | {"id": id_}).encode()), ACCOUNT)

    @pytest.mark.parametrize(
        ("kind", "delivery", "code"),
        [
            ("letter.created", Delivery.ACCEPTED, None),
            ("letter.mailed", Delivery.ACCEPTED, None),
            ("letter.processed_for_delivery", Delivery.DELIVERED, None),
            ("letter.returned_to_sender", Delivery.FAILED, ErrorCode.INVALID_ADDRESS),
            ("letter.failed", Delivery.FAILED, ErrorCode.REJECTED_CONTENT),
            ("letter.deleted", Delivery.FAILED, ErrorCode.UNKNOWN),
        ],
    )
    def test_event_is_put_into_our_words(self, kind, delivery, code):
        (event,) = self.webhook.split(
            signed(json.dumps(EVENT | {"event_type": {"id": kind}}).encode()), ACCOUNT
        )

        assert self.webhook.normalise(event.payload) == DeliveryEvent(
            "touch:17",
            "ltr_1",
            delivery,
            datetime(2026, 11, 21, tzinfo=UTC),
            code,
            code is not None,
            kind if code else "",
        )

    @pytest.mark.parametrize("kind", ["letter.viewed", "letter.re-routed", "letter.re_routed", "postcard.x"])
    def test_other_events_are_kept_and_harmless(self, kind):
        assert self.webhook.normalise({"event_type": {"id": kind}}) == Ignored(f"event {kind}")


class TestVerification:
    def test_request_fits_the_official_document(self):
        built = build_verification(ANN, ACCOUNT)

        assert json.loads(built.body) == {
            "primary_line": "210 King St",
            "city": "San Francisco",
            "state": "CA",
            "zip_code": "94107",
        }
        assert official_document("lob-api-bundled.yml").violations(built) == []

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("deliverable", Deliverability.DELIVERABLE),
            ("deliverable_missing_unit", Deliverability.UNSURE),
            ("undeliverable", Deliverability.UNDELIVERABLE),
            ("perhaps", None),
        ],
    )
    def test_answer_is_put_into_our_words(self, said, expected):
        assert parse_verification(answer(200, {"id": "us_ver_1", "deliverability": said})) is expected

    def test_refusal_says_nothing_of_the_address(self):
        with pytest.raises(ProviderError):
            parse_verification(refusal(429, "rate_limit_exceeded"))
