"""Real providers' calls through the real address: verified, stored once, understood."""

import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from common.tenancy import cross_tenant, tenant_scope
from messaging.adapters import reply_address
from messaging.adapters.base import Account
from messaging.adapters.webhook import Call
from messaging.interfaces.refused_calls import FAILURES
from messaging.models import InboundMessage, Message, ProviderAccount, Suppression, WebhookReceipt
from messaging.services import receipts_processing
from tests.conftest import NOW
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import MessageFactory
from tests.messaging.adapters.test_lob import EVENT as LOB_EVENT
from tests.messaging.adapters.test_lob import SECRET
from tests.messaging.adapters.test_lob import signed as lob_signed
from tests.messaging.adapters.test_sendgrid import CONFIG, EVENT, mail, posted, signed
from tests.messaging.adapters.webhook_contract import HOSTILE

TOKEN, SID = "0123456789abcdef0123456789abcdef", "AC" + "a" * 32


def use(world, channel, provider, config):
    """Give Alice's dealership that provider for the channel."""
    with cross_tenant(reason="test"):
        account = ProviderAccount.objects.get(dealership=world.dealership, channel=channel, is_active=True)
        account.provider, account.config = provider, config
        account.save()
    return account


def receipts():
    with cross_tenant(reason="test"):
        return list(WebhookReceipt.objects.order_by("pk").values_list("event_key", flat=True))


def process():
    receipts_processing.process(now=NOW)


@pytest.fixture
def texts(world):
    return use(world, "sms", "twilio_sms", {"account_sid": SID, "auth_token": TOKEN})


@pytest.fixture
def twilio(client, settings):
    def post(account, fields, *, query="", token=TOKEN, headers=None):
        fields = {"AccountSid": SID} | fields
        path = f"/hooks/{account.provider}/{account.uuid}/{query}"
        signature = RequestValidator(token).compute_signature(settings.PUBLIC_URL + path, fields)
        return client.post(
            path,
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature} if headers is None else headers,
        )

    return post


@pytest.fixture
def message(world, texts):
    with tenant_scope(world.dealership):
        return MessageFactory(
            dealership=world.dealership, account=texts, key="touch:17", state="unconfirmed", claimed_at=NOW
        )


def reload(message):
    with cross_tenant(reason="test"):
        return Message.objects.get(pk=message.pk)


class TestTwilioTexts:
    def test_status_settles_a_text_whose_answer_got_lost(self, twilio, texts, message):
        for status in ("sent", "delivered", "sent", "queued"):
            answer = twilio(texts, {"MessageSid": "SM1", "MessageStatus": status}, query="?m=touch%3A17")
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml")

        process()

        assert receipts() == ["SM1:sent", "SM1:delivered", "SM1:queued"]
        found = reload(message)
        assert (found.state, found.provider_id) == ("delivered", "SM1")

    def test_failed_text_suppresses_the_number(self, twilio, texts, message):
        fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}

        twilio(texts, fields, query="?m=touch%3A17")
        process()

        assert (reload(message).state, reload(message).error_code) == ("failed", "invalid_address")
        with cross_tenant(reason="test"):
            assert Suppression.objects.get().address == message.to_address

    @pytest.mark.parametrize(
        "headers",
        [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "é"}, {"X-Twilio-Signature": "AAAA"}],
    )
    def test_missing_or_malformed_signature_is_forbidden(self, twilio, texts, headers):
        answer = twilio(texts, {"MessageSid": "SM1", "MessageStatus": "sent"}, headers=headers)

        assert answer.status_code == 403
        assert receipts() == []

    def test_altered_reference_and_foreign_account_are_forbidden(self, client, twilio, texts, settings):
        fields = {"AccountSid": SID, "MessageSid": "SM1", "MessageStatus": "sent"}
        path = f"/hooks/twilio_sms/{texts.uuid}/"
        good = RequestValidator(TOKEN).compute_signature(f"{settings.PUBLIC_URL}{path}?m=touch%3A17", fields)
        altered = client.post(
            f"{path}?m=touch%3A18",
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": good},
        )

        assert altered.status_code == 403
        assert twilio(texts, fields | {"AccountSid": "AC" + "b" * 32}).status_code == 403
        assert receipts() == []

    def test_signed_call_without_a_message_is_a_bad_request(self, twilio, texts):
        assert twilio(texts, {"MessageStatus": "sent"}).status_code == 400

    def test_stop_is_carried_out_and_not_confirmed_twice(self, twilio, texts, world):
        with tenant_scope(world.dealership):
            customer = CustomerFactory(dealership=world.dealership)
            ContactPointFactory(
                dealership=world.dealership, customer=customer, kind="phone", value="+15125550155"
            )
        fields = {"MessageSid": "SM9", "SmsStatus": "received", "From": "+15125550155", "Body": "Stop 🚗"}

        twilio(texts, fields | {"OptOutType": "STOP"})
        process()

        with cross_tenant(reason="test"):
            assert InboundMessage.objects.get().is_opt_out
            assert {each.channel for each in Suppression.objects.all()} == {"sms", "voice"}
            assert not Message.objects.filter(key__startswith="stop:").exists()

    def test_help_that_twilio_has_answered_is_kept_and_not_answered_again(self, twilio, texts, world):
        with tenant_scope(world.dealership):
            customer = CustomerFactory(dealership=world.dealership)
            ContactPointFactory(
                dealership=world.dealership, customer=customer, kind="phone", value="+15125550155"
            )
        fields = {"MessageSid": "SM9", "SmsStatus": "received", "From": "+15125550155", "Body": "HELP"}

        twilio(texts, fields | {"OptOutType": "HELP"})
        process()

        with cross_tenant(reason="test"):
            assert InboundMessage.objects.get().state == "handled"
            assert not Message.objects.exists()


@pytest.fixture
def mails(world):
    return use(world, "email", "sendgrid", dict(CONFIG))


class TestSendgrid:
    def post(self, client, account, call):
        headers = {name: value for name, value in call.headers.items() if name != "content-type"}
        path = f"/hooks/sendgrid/{account.uuid}/"
        content_type = call.headers["content-type"]
        return client.post(path, call.body, content_type=content_type, headers=headers).status_code

    def test_events_of_a_batch_are_stored_once_and_understood(self, client, mails, world):
        with tenant_scope(world.dealership):
            message = MessageFactory(
                dealership=world.dealership,
                account=mails,
                channel="email",
                key="touch:17",
                to_address="ann@example.com",
                state="unconfirmed",
                claimed_at=NOW,
            )
        bounce = EVENT | {"event": "bounce", "type": "bounce", "sg_event_id": "b"}
        call = signed(json.dumps([EVENT | {"event": "processed", "sg_event_id": "a"}, bounce]).encode())

        for _ in range(2):
            assert self.post(client, mails, call) == 200
        process()

        assert receipts() == ["a", "b"]
        assert (reload(message).state, reload(message).error_code) == ("failed", "invalid_address")
        with cross_tenant(reason="test"):
            assert Suppression.objects.get().address == "ann@example.com"

    def test_answer_finds_its_message_and_a_stop_in_it_counts(self, client, mails, world):
        with tenant_scope(world.dealership):
            message = MessageFactory(
                dealership=world.dealership, account=mails, channel="email", key="touch:17", accepted_at=NOW
            )
        address = reply_address.for_message("touch:17", Account(1, str(mails.uuid), CONFIG))
        answer = mail("Please unsubscribe me").as_bytes()
        call = posted(email=answer, envelope=json.dumps({"to": [address]}), SPF="fail")

        for _ in range(2):
            assert self.post(client, mails, call) == 200
        process()

        with cross_tenant(reason="test"):
            inbound = InboundMessage.objects.get()
            assert (inbound.in_reply_to_id, inbound.customer_id) == (message.pk, message.customer_id)
            assert inbound.is_opt_out

    @pytest.mark.parametrize("body", HOSTILE)
    def test_strangers_are_forbidden_whatever_they_send(self, client, mails, body):
        for content_type in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
            assert self.post(client, mails, Call("", {"content-type": content_type}, body)) == 403
        assert receipts() == []


class TestLob:
    def test_returned_letter_fails_and_its_address_gets_no_more(self, client, world):
        letters = use(world, "letter", "lob", {"api_key": "test_x", "webhook_secret": SECRET})
        with tenant_scope(world.dealership):
            message = MessageFactory(
                dealership=world.dealership,
                account=letters,
                channel="letter",
                key="touch:17",
                to_address="3 Gone St, Austin, TX 78701",
                state="accepted",
                accepted_at=NOW,
            )
        named = {"metadata": {"anticipate_reference": f"{letters.uuid}/touch:17"}}
        call = lob_signed(json.dumps(LOB_EVENT | {"body": named}).encode())
        headers = {name: value for name, value in call.headers.items() if name != "content-type"}
        path = f"/hooks/lob/{letters.uuid}/"

        for _ in range(2):
            taken = client.post(path, call.body, content_type="application/json", headers=headers)
            assert taken.status_code == 200
        altered = client.post(path, call.body + b" ", content_type="application/json", headers=headers)
        process()

        assert altered.status_code == 403
        assert receipts() == ["evt_1"]
        assert (reload(message).state, reload(message).error_code) == ("failed", "invalid_address")
        with cross_tenant(reason="test"):
            assert Suppression.objects.get().address == message.to_address


class TestManyFailures:
    """Providers send in bursts from few addresses which many share: only what failed counts, and a good call never fails for it."""

    def test_are_told_apart_no_more_but_a_good_call_from_the_same_address_comes_in(
        self, client, twilio, texts
    ):
        fields = {"MessageSid": "SM1", "MessageStatus": "sent"}
        wrong = [twilio(texts, fields, token="x" * 32).status_code for _ in range(FAILURES.most)]
        unknown = f"/hooks/twilio_sms/{uuid4()}/"

        assert set(wrong) == {403}
        refused = twilio(texts, fields, token="x" * 32)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
        assert client.post(unknown).status_code == 429
        assert client.post(unknown, REMOTE_ADDR="198.51.100.7").status_code == 404

        assert twilio(texts, fields).status_code == 200
        assert receipts() == ["SM1:sent"]

    def test_bursts_of_good_calls_count_for_nothing(self, twilio, texts):
        answers = {
            twilio(texts, {"MessageSid": f"SM{number}", "MessageStatus": "sent"}).status_code
            for number in range(3 * FAILURES.most)
        }

        assert answers == {200}
        assert len(receipts()) == 3 * FAILURES.most
        assert twilio(texts, {"MessageSid": "SM1"}, token="x" * 32).status_code == 403

    def test_fill_no_log(self, twilio, texts):
        with capture_logs() as lines:
            for _ in range(FAILURES.most + 20):
                twilio(texts, {"MessageSid": "SM1"}, token="x" * 32)

        events = [line["event"] for line in lines if line["event"].startswith("webhook.")]
        assert events == ["webhook.bad_signature"] * FAILURES.most + ["webhook.many_failures"]
