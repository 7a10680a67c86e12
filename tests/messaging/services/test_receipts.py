import itertools
import json
import time
from datetime import timedelta

import pytest

from common.tenancy import cross_tenant, tenant_scope
from messaging.models import InboundMessage, Message, ProviderAccount, Suppression, Untold, WebhookReceipt
from messaging.sandbox import keys
from messaging.services import receipts_processing
from messaging.signals import message_settled, reply_received
from tests.conftest import NOW
from tests.factories.campaigns import EnrolmentFactory, TouchFactory
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import MessageFactory


def receipt(account, key, **payload):
    return WebhookReceipt.objects.create(
        dealership_id=account.dealership_id,
        account=account,
        event_key=key,
        body=json.dumps(payload).encode(),
        received_at=NOW,
    )


@pytest.fixture
def message(world, sms_account):
    with tenant_scope(world.dealership):
        return MessageFactory(
            dealership=world.dealership,
            account=sms_account,
            state="accepted",
            provider_id="sb_1",
            accepted_at=NOW,
            claimed_at=NOW,
        )


def reload(message):
    with cross_tenant(reason="test"):
        return Message.objects.get(pk=message.pk)


@pytest.fixture
def post(client, settings):
    """Post events to an account's webhook, signed unless told otherwise, and return the status."""

    def _post(account, *events, body=None, secret=None, header=None):
        body = json.dumps({"events": events}).encode() if body is None else body
        secret = secret or keys.webhook_secret(settings.SECRET_KEY, str(account.uuid))
        stamp = str(int(time.time()))
        signature = f"t={stamp},v1={keys.sign(secret, timestamp=stamp, body=body)}"
        headers = {"Sandbox-Signature": signature if header is None else header}
        return client.post(
            f"/hooks/sandbox/{account.uuid}/", body, content_type="application/json", headers=headers
        ).status_code

    return _post


def event(kind, number=1, **more):
    return {"id": f"evt_{number}", "type": f"message.{kind}", "at": 1795190400.0} | more


def stored():
    with cross_tenant(reason="test"):
        return WebhookReceipt.objects.count()


@pytest.mark.usefixtures("db")
class TestWebhook:
    def test_signed_call_is_stored_and_answered(self, post, sms_account):
        assert post(sms_account, event("delivered"), event("sent", 2)) == 204
        assert stored() == 2

    def test_replay_is_stored_once(self, post, sms_account):
        for _ in range(3):
            assert post(sms_account, event("delivered")) == 204

        assert stored() == 1

    def test_same_event_id_of_another_account_is_another_event(self, post, sms_account, world):
        with cross_tenant(reason="test"):
            other = ProviderAccount.objects.get(dealership=world.other, channel="sms")

        post(sms_account, event("delivered"))
        post(other, event("delivered"))

        assert stored() == 2

    @pytest.mark.parametrize(
        "header", ["", "t=1", "v1=aa", "t=1,v1=", "nonsense", "t=1,v1=é", "=,=,=", "t=1,v1=00", "\x01"]
    )
    def test_bad_signature_is_refused_and_nothing_stored(self, post, sms_account, header):
        assert post(sms_account, event("delivered"), header=header) == 403
        assert stored() == 0

    def test_signature_of_another_account_is_refused(self, post, sms_account, settings, world):
        with cross_tenant(reason="test"):
            other = ProviderAccount.objects.get(dealership=world.other, channel="sms")
        secret = keys.webhook_secret(settings.SECRET_KEY, str(other.uuid))

        assert post(sms_account, event("delivered"), secret=secret) == 403

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b"[]",
            b"null",
            b'{"events": 3}',
            b'{"events": [3]}',
            b'{"events": [{}]}',
            b'{"events": [{"id": ""}]}',
            b'{"events": [{"id": 7}]}',
            b"\xff\xfe",
            b'{"events": [' + b"[" * 50_000,
        ],
    )
    def test_signed_nonsense_is_a_bad_request(self, post, sms_account, body):
        assert post(sms_account, body=body) == 400
        assert stored() == 0

    def test_unknown_account_or_provider_is_not_found(self, client, sms_account):
        assert client.post("/hooks/sandbox/00000000-0000-4000-8000-000000000000/").status_code == 404
        assert client.post(f"/hooks/twilio/{sms_account.uuid}/").status_code == 404

    def test_get_is_not_allowed(self, client, sms_account):
        assert client.get(f"/hooks/sandbox/{sms_account.uuid}/").status_code == 405

    def test_unknown_event_is_kept_and_harmless(self, post, sms_account):
        post(sms_account, event("exploded"), event("received", 2, channel="fax"))

        receipts_processing.process(now=NOW)

        with cross_tenant(reason="test"):
            assert list(WebhookReceipt.objects.values_list("processed_at", flat=True)) == [NOW, NOW]
            assert InboundMessage.objects.count() == 0


@pytest.mark.usefixtures("db")
class TestDelivery:
    @pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered"])))
    @pytest.mark.parametrize("is_one_batch", [True, False])
    def test_order_does_not_matter(self, message, sms_account, order, is_one_batch):
        for number, kind in enumerate(order):
            with tenant_scope(message.dealership):
                receipt(sms_account, f"e{number}", **event(kind, reference=message.key, message_id="sb_1"))
            if not is_one_batch:
                receipts_processing.process(now=NOW)
        receipts_processing.process(now=NOW)

        assert reload(message).state == "delivered"

    def test_bounce_after_delivery_fails_suppresses_and_tells(self, message, sms_account):
        heard = []

        def hear(**about):
            heard.append((about["message_id"], about["state"], about["is_permanent"]))

        message_settled.connect(hear)
        with tenant_scope(message.dealership):
            receipt(sms_account, "e1", **event("delivered", reference=message.key))
            receipt(sms_account, "e2", **event("failed", reference=message.key, code="invalid_address"))

        receipts_processing.process(now=NOW)
        message_settled.disconnect(hear)

        assert (reload(message).state, reload(message).error_code) == ("failed", "invalid_address")
        assert heard == [(message.pk, "delivered", False), (message.pk, "failed", True)]
        with cross_tenant(reason="test"):
            assert Suppression.objects.get().address == message.to_address

    def test_complaint_is_a_stop_and_no_channel_takes_over(self, world, message, sms_account):
        with tenant_scope(world.dealership):
            enrolment = EnrolmentFactory(dealership=world.dealership, customer=message.customer)
            TouchFactory(
                dealership=world.dealership, enrolment=enrolment, channel="sms", state="sent", message=message
            )
            receipt(sms_account, "e1", **event("failed", reference=message.key, code="complained"))

        receipts_processing.process(now=NOW)

        with tenant_scope(world.dealership):
            enrolment.refresh_from_db()
            assert (enrolment.state, enrolment.end_reason) == ("ended", "opted_out")
            assert enrolment.touches.count() == 1
            said = message.customer.consent_events.values_list("channel", "action", "source")
            assert list(said) == [("sms", "withdrawn", "provider")]

    def test_event_a_receiver_chokes_on_holds_up_no_other(self, world, message, sms_account):
        with tenant_scope(world.dealership):
            poison = MessageFactory(dealership=world.dealership, account=sms_account, state="accepted")
            receipt(sms_account, "e1", **event("delivered", reference=poison.key))
            receipt(sms_account, "e2", **event("delivered", reference=message.key))

        def choke(message_id, **_):
            if message_id == poison.pk:
                raise RuntimeError("boom")

        message_settled.connect(choke)
        done = receipts_processing.process(now=NOW)
        message_settled.disconnect(choke)

        assert done == 2
        assert (reload(poison).state, reload(message).state) == ("delivered", "delivered")
        with cross_tenant(reason="test"):
            left = Untold.objects.values_list("facts__message_id", "failure")
            assert list(left) == [(poison.pk, "RuntimeError('boom')")]

    def test_without_our_reference_the_providers_id_counts(self, message, sms_account):
        with tenant_scope(message.dealership):
            receipt(sms_account, "e1", **event("delivered", message_id="sb_1"))

        receipts_processing.process(now=NOW)

        assert reload(message).state == "delivered"

    def test_event_of_another_dealership_moves_nothing_of_ours(self, message, world):
        with tenant_scope(world.other):
            other = ProviderAccount.objects.get(channel="sms")
            receipt(other, "e1", **event("delivered", reference=message.key, message_id="sb_1"))

        receipts_processing.process(now=NOW)

        assert reload(message).state == "accepted"

    def test_event_that_overtakes_the_record_keeps_its_state(self, message, sms_account):
        from messaging.logic.outcomes import Try, accepted  # noqa: PLC0415
        from messaging.services.recording import record  # noqa: PLC0415

        claim = "00000000-0000-4000-8000-000000000001"
        with tenant_scope(message.dealership):
            Message.objects.filter(pk=message.pk).update(
                state="sending", claim=claim, provider_id="", attempt_count=1
            )
            receipt(sms_account, "e1", **event("delivered", reference=message.key, message_id="sb_1"))

        receipts_processing.process(now=NOW)
        tried = Try(message.pk, message.dealership_id, claim, 1, NOW, NOW)
        record([accepted(tried, provider_id="sb_1", segments=2, cost_cents=2)], now=NOW)

        after = reload(message)
        assert (after.state, after.provider_id, after.segments) == ("delivered", "sb_1", 2)


@pytest.mark.usefixtures("db")
class TestInbound:
    @pytest.fixture
    def customer(self, world, message):
        with tenant_scope(world.dealership):
            ContactPointFactory(
                dealership=world.dealership, customer=message.customer, value=message.to_address
            )
        return message.customer

    @pytest.fixture
    def replies(self):
        heard = []

        def hear(**about):
            heard.append(about["inbound_message_id"])

        reply_received.connect(hear)
        yield heard
        reply_received.disconnect(hear)

    def say(self, account, text="", number=1, **more):
        said = {"channel": "sms", "from": "", "to": "", "text": text} | more
        with tenant_scope(account.dealership_id):
            receipt(account, f"in{number}", **event("received", number, **said))
        receipts_processing.process(now=NOW)

    def test_reply_is_stored_once_with_its_customer_and_told(self, customer, message, sms_account, replies):
        self.say(sms_account, "tuesday at 3 works", **{"from": message.to_address})
        with cross_tenant(reason="test"):
            WebhookReceipt.objects.update(processed_at=None)
        receipts_processing.process(now=NOW)

        with cross_tenant(reason="test"):
            inbound = InboundMessage.objects.get()
        assert (inbound.customer_id, inbound.in_reply_to_id, inbound.state, inbound.is_opt_out) == (
            customer.pk,
            message.pk,
            "handled",
            False,
        )
        assert replies == [inbound.pk]

    def test_stranger_is_kept_unmatched(self, sms_account, replies):
        self.say(sms_account, "who is this", **{"from": "+15129999999"})

        with cross_tenant(reason="test"):
            assert InboundMessage.objects.get().state == "unmatched"
        assert replies == []

    def test_stop_withdraws_for_everybody_with_the_number_and_confirms_once(
        self, customer, message, sms_account, replies, world
    ):
        with tenant_scope(world.dealership):
            spouse = CustomerFactory(dealership=world.dealership)
            ContactPointFactory(dealership=world.dealership, customer=spouse, value=message.to_address)
            waiting = MessageFactory(dealership=world.dealership, account=sms_account, customer=spouse)

        for number in (1, 2):
            self.say(sms_account, "STOP", number, **{"from": message.to_address})

        assert replies == []
        assert reload(waiting).state == "cancelled"
        with tenant_scope(world.dealership):
            for person in (customer, spouse):
                said = set(person.consent_events.values_list("channel", "purpose", "action", "source"))
                assert said == {("sms", "", "withdrawn", "reply"), ("voice", "", "withdrawn", "reply")}
            confirmations = Message.objects.filter(confirms_stop=True)
            assert [each.body_text for each in confirmations] == [
                (
                    "Live Oak Motors: you will get no more automated texts or calls from us. "
                    "Questions? Call +15125550100."
                )
            ]
            blocked = set(Suppression.objects.values_list("channel", "address", "reason"))
            assert blocked == {
                ("sms", message.to_address, "opted_out"),
                ("voice", message.to_address, "opted_out"),
            }

    def test_stop_of_a_stranger_blocks_the_number(self, sms_account):
        self.say(sms_account, "stop", **{"from": "+15129999999"})

        with cross_tenant(reason="test"):
            assert Suppression.objects.filter(address="+15129999999", channel="sms").exists()
            assert not Message.objects.filter(confirms_stop=True).exists()

    def test_key_nine_on_a_call_stops_calls_and_texts(self, customer, message, sms_account, world):
        self.say(sms_account, channel="voice", digits="9", **{"from": message.to_address})

        with tenant_scope(world.dealership):
            said = set(customer.consent_events.values_list("channel", "action", "source"))
        assert said == {("sms", "withdrawn", "keypress"), ("voice", "withdrawn", "keypress")}

    def test_off_the_list_means_every_channel(self, customer, message, sms_account, world):
        self.say(sms_account, "take me off your list", **{"from": message.to_address})

        with tenant_scope(world.dealership):
            assert set(customer.consent_events.values_list("channel", flat=True)) == {""}

    def test_reply_is_kept_although_a_receiver_fails_and_told_to_it_again(
        self, customer, message, sms_account, world
    ):
        def explode(**_):
            raise RuntimeError("boom")

        reply_received.connect(explode)
        self.say(sms_account, "hello", **{"from": message.to_address})
        reply_received.disconnect(explode)

        with cross_tenant(reason="test"):
            assert InboundMessage.objects.count() == 1
            assert WebhookReceipt.objects.get().processed_at == NOW
            assert Untold.objects.get().failure == "RuntimeError('boom')"
        receipts_processing.process(now=NOW + timedelta(minutes=1))
        with cross_tenant(reason="test"):
            assert InboundMessage.objects.count() == 1
            assert not Untold.objects.exists()
