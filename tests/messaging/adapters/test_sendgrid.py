import base64
import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common.enums import Channel
from common.http import HttpResponse
from messaging.adapters import reply_address
from messaging.adapters.base import Account, Attachment, ProviderError, SendRequest, SendResult
from messaging.adapters.sendgrid.sender import SendgridSender
from messaging.adapters.sendgrid.signature import is_signed
from messaging.adapters.sendgrid.webhook import SendgridWebhook
from messaging.adapters.webhook import (
    BadPayload,
    Call,
    Delivery,
    DeliveryEvent,
    Ignored,
    InboundEvent,
)
from messaging.enums import ErrorCode
from tests.messaging.adapters.sender_contract import SenderContract
from tests.messaging.adapters.webhook_contract import WebhookContract

pytestmark = pytest.mark.logic

KEY = ec.derive_private_key(20261121, ec.SECP256R1())
PUBLIC_KEY = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
CONFIG = {
    "api_key": "SG.very-secret",
    "webhook_public_key": PUBLIC_KEY,
    "inbound_password": "let-mail-in",
    "reply_domain": "answers.example.com",
    "reply_secret": "hush-hush",
}
ACCOUNT = Account(
    1,
    "u-1",
    CONFIG,
    "https://app.example.com/hooks/sendgrid/u-1/",
    from_address="service@liveoak.example.com",
    sender_name="Live Oak Motors",
)
REQUEST = SendRequest("touch:17", Channel.EMAIL, "ann@example.com", "Your car is due.", subject="Due soon")
FULL = SendRequest(
    "touch:18",
    Channel.EMAIL,
    "ann@example.com",
    "Your car is due.",
    subject="Due soon",
    html="<p>Your car is due.</p>",
    sender_name="Live Oak <Service>",
    attachments=(Attachment("visit.ics", "text/calendar", "QUJD"),),
    headers={
        "List-Unsubscribe": "<https://app.example.com/b/abc>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
)


def refused(status, field=None, message="words", **headers):
    body = {"errors": [{"message": message, "field": field, "help": None}]}
    return HttpResponse(status, headers, json.dumps(body).encode())


class TestSendgridSender(SenderContract):
    sender = SendgridSender()
    account = ACCOUNT
    request = REQUEST
    secrets = ("SG.very-secret", "let-mail-in", "hush-hush")
    official = "tsg_mail_v3.json"
    accepted = HttpResponse(202, {"x-message-id": "LRzXl_NHStOGhQ4kofSm_A"})
    permanent = refused(400, "personalizations.0.to.0.email")
    rate_limited = refused(
        429,
        **{"x-ratelimit-reset": "1795190430", "date": "Fri, 20 Nov 2026 16:00:00 GMT"},
    )
    unauthorized = refused(401)
    unknown_code = refused(400, "moon_phase")
    found = not_found = None

    def every_request(self):
        subuser = Account(1, "u", CONFIG | {"subuser": "live-oak"}, from_address="a@example.com")
        return [
            self.sender.build(REQUEST, ACCOUNT),
            self.sender.build(FULL, ACCOUNT),
            self.sender.build(FULL, subuser),
        ]

    def test_one_call_says_everything(self):
        built = self.sender.build(FULL, ACCOUNT)

        assert (built.method, built.url) == ("POST", "https://api.sendgrid.com/v3/mail/send")
        assert built.headers == {
            "Authorization": "Bearer SG.very-secret",
            "Content-Type": "application/json",
        }
        assert json.loads(built.body) == {
            "personalizations": [
                {
                    "to": [{"email": "ann@example.com"}],
                    "custom_args": {"anticipate_reference": "touch:18"},
                    "headers": dict(FULL.headers),
                }
            ],
            "from": {"email": "service@liveoak.example.com", "name": "Live Oak <Service>"},
            "reply_to": {"email": reply_address.for_message("touch:18", ACCOUNT)},
            "subject": "Due soon",
            "content": [
                {"type": "text/plain", "value": "Your car is due."},
                {"type": "text/html", "value": "<p>Your car is due.</p>"},
            ],
            "attachments": [
                {
                    "content": "QUJD",
                    "filename": "visit.ics",
                    "type": "text/calendar",
                    "disposition": "attachment",
                }
            ],
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
                "subscription_tracking": {"enable": False},
            },
        }

    def test_no_header_is_one_sendgrid_keeps_to_itself(self):
        (about,) = json.loads(self.sender.build(FULL, ACCOUNT).body)["personalizations"]
        kept = {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "to", "from", "subject"}
        kept |= {"content-transfer-encoding", "reply-to", "cc", "bcc"}

        assert not kept & {name.lower() for name in about["headers"]}

    def test_plain_message_has_no_empty_parts(self):
        body = json.loads(self.sender.build(REQUEST, Account(1, "u", {"api_key": "k"}, "", "a@b.co")).body)

        assert set(body) == {"personalizations", "from", "subject", "content", "tracking_settings"}
        assert body["from"] == {"email": "a@b.co"}
        assert set(body["personalizations"][0]) == {"to", "custom_args"}

    def test_subuser_and_region_are_the_accounts(self):
        config = CONFIG | {"subuser": "live-oak", "base_url": "https://api.eu.sendgrid.com/"}
        built = self.sender.build(REQUEST, Account(1, "u", config, "", "a@example.com"))

        assert built.url == "https://api.eu.sendgrid.com/v3/mail/send"
        assert built.headers["On-Behalf-Of"] == "live-oak"
        assert "On-Behalf-Of" not in self.sender.build(REQUEST, ACCOUNT).headers

    @pytest.mark.parametrize(
        ("account", "request_", "code"),
        [
            (Account(1, "u", {}, "", "a@b.co"), REQUEST, ErrorCode.CONFIGURATION),
            (Account(1, "u", CONFIG), REQUEST, ErrorCode.CONFIGURATION),
            (ACCOUNT, SendRequest("touch:1", Channel.SMS, "+1", "Hi"), ErrorCode.UNSUPPORTED),
        ],
    )
    def test_what_cannot_be_sent_says_why(self, account, request_, code):
        with pytest.raises(ProviderError) as caught:
            self.sender.build(request_, account)
        assert caught.value.code is code

    @pytest.mark.parametrize(
        ("response", "code", "is_permanent"),
        [
            (refused(400, "content.0.value"), ErrorCode.REJECTED_CONTENT, True),
            (refused(403, "from"), ErrorCode.CONFIGURATION, False),
            (refused(403), ErrorCode.AUTHENTICATION, False),
            (HttpResponse(413, {}, b"<html>nginx</html>"), ErrorCode.REJECTED_CONTENT, True),
            (HttpResponse(400, {}, b'{"errors": [7]}'), ErrorCode.UNKNOWN, True),
            (HttpResponse(408, {}, b""), ErrorCode.UNKNOWN_OUTCOME, False),
        ],
    )
    def test_refusal_says_what_to_do(self, response, code, is_permanent):
        error = self.outcome(response)

        assert (error.code, error.is_permanent) == (code, is_permanent)

    @pytest.mark.parametrize(
        ("headers", "wait"),
        [
            ({"retry-after": "7"}, 7.0),
            ({"x-ratelimit-reset": "1795190400", "date": "Fri, 20 Nov 2026 16:00:30 GMT"}, 0.0),
            ({"x-ratelimit-reset": "1795190430"}, None),
            ({"x-ratelimit-reset": "soon", "date": "Fri, 20 Nov 2026 16:00:00 GMT"}, None),
            ({}, None),
        ],
    )
    def test_rate_limit_waits_for_the_reset(self, headers, wait):
        assert self.outcome(refused(429, **headers)).retry_after == wait

    def test_accepted_without_an_id_is_accepted(self):
        assert self.sender.parse(HttpResponse(202, {}, b"")) == SendResult("")


def signed(body, stamp="1795000001"):
    raw = KEY.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return Call(
        ACCOUNT.callback_url,
        {
            "content-type": "application/json",
            "x-twilio-email-event-webhook-signature": base64.b64encode(raw).decode(),
            "x-twilio-email-event-webhook-timestamp": stamp,
        },
        body,
    )


def posted(password="let-mail-in", **fields):
    """A form as Inbound Parse posts it."""
    parts = [
        f'--xYz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        + b"\r\n"
        for name, value in fields.items()
    ]
    headers = {
        "content-type": "multipart/form-data; boundary=xYz",
        "authorization": "Basic " + base64.b64encode(f"sendgrid:{password}".encode()).decode(),
    }
    return Call(ACCOUNT.callback_url, headers, b"".join(parts) + b"--xYz--\r\n")


def mail(text="Tuesday at 3 works.", **headers):
    message = EmailMessage()
    usual = {"From": "Ann Lee <Ann@Example.com>", "Subject": "Re: Due soon", "Message-ID": "<m1@example.com>"}
    for name, value in (usual | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        message[name] = value
    message.set_content(text)
    return message


EVENT = {
    "email": "ann@example.com",
    "timestamp": 1795000000,
    "event": "delivered",
    "sg_event_id": "ZHJvcC0x",
    "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b",
    "anticipate_reference": "touch:17",
}
AT = datetime.fromtimestamp(1795000000, tz=UTC)


class TestSendgridEvents(WebhookContract):
    webhook = SendgridWebhook()
    account = ACCOUNT
    call = signed(json.dumps([EVENT]).encode() + b"\r\n")
    signature_header = "x-twilio-email-event-webhook-signature"
    content_types = ("application/json", "multipart/form-data; boundary=xYz", "multipart/form-data", "")

    def test_timestamp_is_signed_too(self):
        stamp = "x-twilio-email-event-webhook-timestamp"
        for given in ("1795000002", "", "é"):
            self.refuses(Call(self.call.url, dict(self.call.headers) | {stamp: given}, self.call.body))

    @pytest.mark.parametrize("key", ["", "nonsense", "AAAA", PUBLIC_KEY[:-8], "-----BEGIN PUBLIC KEY-----"])
    def test_account_without_a_good_key_accepts_nothing(self, key):
        self.refuses(self.call, Account(1, "u", CONFIG | {"webhook_public_key": key}))

    def test_password_for_answers_opens_no_way_for_events(self):
        headers = {
            "content-type": "application/json",
            "authorization": posted().headers["authorization"],
        }
        self.refuses(Call(self.call.url, headers, self.call.body))

    def test_batch_is_split_and_nonsense_in_it_left_out(self):
        other = {"event": "open", "email": "a@b.co"}
        call = signed(json.dumps([EVENT, 7, None, other, EVENT | {"sg_event_id": "x" * 500}]).encode())

        keys = [each.key for each in self.webhook.split(call, ACCOUNT)]

        assert keys[0] == "ZHJvcC0x"
        assert [len(key) for key in keys[1:]] == [64, 64]
        assert len(set(keys)) == 3

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({}, (Delivery.DELIVERED, None, False, "")),
            ({"event": "processed"}, (Delivery.ACCEPTED, None, False, "")),
            ({"event": "deferred", "response": "450"}, (Delivery.ACCEPTED, None, False, "")),
            (
                {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 ann@example.com"},
                (Delivery.FAILED, ErrorCode.INVALID_ADDRESS, True, "5.1.1"),
            ),
            (
                {"event": "bounce", "type": "blocked", "status": "4.7.1"},
                (Delivery.FAILED, ErrorCode.TURNED_AWAY, True, "4.7.1"),
            ),
            (
                {"event": "bounce", "type": "sneeze"},
                (Delivery.FAILED, ErrorCode.UNKNOWN, True, "bounce"),
            ),
            (
                {"event": "dropped", "reason": "Bounced Address"},
                (Delivery.FAILED, ErrorCode.INVALID_ADDRESS, True, "Bounced Address"),
            ),
            (
                {"event": "dropped", "reason": "Unsubscribed Address"},
                (Delivery.FAILED, ErrorCode.OPTED_OUT, True, "Unsubscribed Address"),
            ),
            (
                {"event": "dropped", "reason": "Cosmic Rays"},
                (Delivery.FAILED, ErrorCode.UNKNOWN, True, "Cosmic Rays"),
            ),
        ],
    )
    def test_event_is_put_into_our_words(self, more, expected):
        delivery, code, is_permanent, raw = expected

        assert self.webhook.normalise(EVENT | more) == DeliveryEvent(
            "touch:17", "LRzXl_NHStOGhQ4kofSm_A", delivery, AT, code, is_permanent, raw
        )

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("unsubscribe", "Unsubscribed with the mail provider"),
            ("group_unsubscribe", "Unsubscribed with the mail provider"),
            ("spamreport", "Marked as spam"),
        ],
    )
    def test_objection_at_the_provider_is_a_stop(self, kind, words):
        assert self.webhook.normalise(EVENT | {"event": kind, "email": "Ann@Example.com"}) == InboundEvent(
            Channel.EMAIL,
            "ann@example.com",
            "",
            text=words,
            in_reply_to="touch:17",
            provider_id="ZHJvcC0x",
            at=AT,
            provider_has_stopped=True,
            is_report=True,
            provider_has_answered=True,
        )

    @pytest.mark.parametrize("kind", ["open", "click", "group_resubscribe", "account_status_change", "new"])
    def test_other_events_are_kept_and_harmless(self, kind):
        assert self.webhook.normalise(EVENT | {"event": kind}) == Ignored(f"event {kind}")


class TestSendgridAnswers:
    webhook = SendgridWebhook()

    def read(self, call):
        self.webhook.verify(call, ACCOUNT)
        (event,) = self.webhook.split(call, ACCOUNT)
        return self.webhook.normalise(json.loads(json.dumps(event.payload)))

    def test_raw_answer_names_the_message_it_is_about(self):
        address = reply_address.for_message("touch:17", ACCOUNT)
        envelope = json.dumps({"to": [address.upper()], "from": "ann@example.com"})

        found = self.read(posted(email=mail().as_bytes(), envelope=envelope, SPF="pass", to="else@x.co"))

        assert found == InboundEvent(
            Channel.EMAIL,
            "ann@example.com",
            address.upper(),
            text="Tuesday at 3 works.",
            subject="Re: Due soon",
            in_reply_to="touch:17",
            provider_id="<m1@example.com>",
            attachments=(),
        )

    def test_answer_taken_apart_is_read_by_its_charsets(self):
        found = self.read(
            posted(
                **{"from": "Ann <ann@example.com>", "subject": "Re: Due soon"},
                text="¿martes a las 3?".encode("latin-1"),
                charsets='{"text": "iso-8859-1"}',
                headers="Message-ID: <m2@example.com>\nFrom: Ann <ann@example.com>",
                dkim="{@example.com : pass}",
            )
        )

        assert (found.text, found.from_address, found.provider_id, found.is_authenticated) == (
            "¿martes a las 3?",
            "ann@example.com",
            "<m2@example.com>",
            True,
        )

    def test_html_alone_is_read_without_its_markup(self):
        found = self.read(
            posted(**{"from": "a@b.co"}, html="<p>stop<br>these&nbsp;mails</p><style>x</style>")
        )

        assert found.text == "stop\nthese mails"

    def test_unproven_sender_is_marked(self):
        assert not self.read(posted(email=mail().as_bytes(), SPF="fail", dkim="none")).is_authenticated

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
            {"From": "MAILER-DAEMON@example.com"},
        ],
    )
    def test_machine_is_not_answered(self, headers):
        assert self.read(posted(email=mail(**headers).as_bytes())) == Ignored("automatic e-mail")

    def test_person_whose_mail_says_so_is_not_automatic(self):
        assert isinstance(self.read(posted(email=mail(Auto_Submitted="no").as_bytes())), InboundEvent)

    def test_forged_reply_address_names_no_message(self):
        address = reply_address.for_message("touch:17", ACCOUNT).replace("reply+orx", "reply+ory")
        envelope = json.dumps({"to": [address]})

        assert self.read(posted(email=mail().as_bytes(), envelope=envelope)).in_reply_to == ""

    def test_attachments_are_named(self):
        message = mail()
        message.add_attachment(b"12345", maintype="image", subtype="png", filename="photo.png")

        assert self.read(posted(email=message.as_bytes())).attachments == (
            {"name": "photo.png", "content_type": "image/png", "bytes": "5"},
        )

    @pytest.mark.parametrize("password", ["", "let-mail-out", "é"])
    def test_wrong_password_is_refused(self, password):
        TestSendgridEvents().refuses(posted(password, email=mail().as_bytes()))

    def test_account_without_a_password_takes_no_answers(self):
        account = Account(1, "u", CONFIG | {"inbound_password": ""})
        TestSendgridEvents().refuses(posted("", email=mail().as_bytes()), account)

    def test_answer_signed_by_a_security_policy_needs_no_password(self):
        call = posted(email=mail().as_bytes())
        headers = dict(signed(call.body).headers) | {"content-type": call.headers["content-type"]}
        account = Account(1, "u", CONFIG | {"inbound_public_key": PUBLIC_KEY})

        self.webhook.verify(Call(call.url, headers, call.body), account)

    def test_form_without_a_mail_is_a_bad_payload(self):
        with pytest.raises(BadPayload):
            self.webhook.split(posted(subject="x"), ACCOUNT)

    def test_same_answer_has_the_same_key(self):
        keys = {self.webhook.split(posted(email=mail().as_bytes()), ACCOUNT)[0].key for _ in range(2)}
        other = self.webhook.split(posted(email=mail("No").as_bytes()), ACCOUNT)[0].key

        assert len(keys) == 1
        assert other not in keys


class TestVectors:
    """Signatures made by others than our own code; the second by a key of which only the public half is here."""

    OFFICIAL_KEY = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
    OFFICIAL = (
        OFFICIAL_KEY,
        "1600112502",
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
        b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n',
    )
    ACCENTED = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIC9sz14228zryn0LDTPhNk+YcflAyIr9FhjZvKMVsJg8MvlPnT2S2csCooYjJ+AfvtnHdULxiXZZISpCcBDl2Q==",
        "1795000001",
        "MEUCIQCQ2j2DKvODDS0MOJv8slNSvWMMk+pox8IENk6X4IW2HwIgd3dRY5/EbwNJm5usRUjvLE+EuFFmJwNdoujmv3uUPRs=",
        '[{"email":"ann@example.com","timestamp":1795000000,"event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 no such user café","sg_event_id":"Ym91bmNlLTAtMTIz","sg_message_id":"abc.recvd-1.0","delivery_id":"7b0f6d4e"}]\r\n'.encode(),
    )

    @pytest.mark.parametrize("vector", [OFFICIAL, ACCENTED])
    def test_signature_is_right_to_the_last_byte(self, vector):
        key, stamp, signature, body = vector
        headers = {
            "x-twilio-email-event-webhook-signature": signature,
            "x-twilio-email-event-webhook-timestamp": stamp,
        }

        assert is_signed(Call("", headers, body), key)
        assert not is_signed(Call("", headers, body.rstrip()), key)
        assert not is_signed(Call("", headers, body), PUBLIC_KEY)
