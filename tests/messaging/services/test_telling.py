"""What protects the customer stands whatever the apps above do; they are told again until it works, or somebody looks."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from common.tenancy import cross_tenant, tenant_scope
from messaging.adapters.registry import WEBHOOKS
from messaging.enums import ConsentSource
from messaging.logic.trying_again import MOST_TRIES, WAITS
from messaging.models import InboundMessage, Message, Suppression, Untold, WebhookReceipt
from messaging.services import consent, receipts_processing, stuck
from messaging.signals import consent_withdrawn, message_settled, reply_received
from tests.conftest import NOW
from tests.factories.campaigns import EnrolmentFactory, TouchFactory
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import MessageFactory
from tests.messaging.services.test_receipts import event, receipt

PHONE = "+15125550123"


@pytest.fixture
def customer(world):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
        ContactPointFactory(dealership=world.dealership, customer=customer, value=PHONE)
        return customer


@pytest.fixture
def enrolment(world, customer):
    with tenant_scope(world.dealership):
        return EnrolmentFactory(dealership=world.dealership, customer=customer)


class Receiver:
    """Fails for as long as it is told to, and keeps whom it was told about."""

    def __init__(self, signal):
        self.fails, self.calls, self.signal = True, [], signal
        signal.connect(self.hear, dispatch_uid="test.receiver")

    def hear(self, **about):
        self.calls.append(about)
        if self.fails:
            raise RuntimeError("boom")

    def disconnect(self):
        self.signal.disconnect(dispatch_uid="test.receiver")


@pytest.fixture
def breaks(world):
    made = []

    def make(signal):
        made.append(Receiver(signal))
        return made[-1]

    yield make
    for each in made:
        each.disconnect()


def say(account, text, key="in1", sender=PHONE):
    said = {"channel": "sms", "from": sender, "to": "", "text": text}
    with tenant_scope(account.dealership_id):
        return receipt(account, key, **event("received", 1, **said) | {"id": key})


def for_days(days):
    """Process each minute, hour by hour: what a sweep would do in that time."""
    for hours in range(24 * days):
        receipts_processing.process(now=NOW + timedelta(hours=hours))


def untold():
    with cross_tenant(reason="test"):
        return [(each.signal, each.receiver, each.attempt_count) for each in Untold.objects.order_by("pk")]


def test_stop_stands_although_a_receiver_fails_for_days(customer, enrolment, sms_account, world, breaks):
    broken = breaks(consent_withdrawn)
    with tenant_scope(world.dealership):
        waiting = MessageFactory(dealership=world.dealership, account=sms_account, customer=customer)
    say(sms_account, "STOP")

    for_days(2)

    with tenant_scope(world.dealership):
        assert set(customer.consent_events.values_list("channel", "action")) == {
            ("sms", "withdrawn"),
            ("voice", "withdrawn"),
        }
        assert set(Suppression.objects.values_list("channel", "address")) == {
            ("sms", PHONE),
            ("voice", PHONE),
        }
        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == ("cancelled", "opted_out")
        assert Message.objects.filter(confirms_stop=True).count() == 1
        assert InboundMessage.objects.get().is_opt_out
        # The other receiver of the same signal has done its part, once.
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.end_reason) == ("ended", "opted_out")
    assert {(signal, receiver) for signal, receiver, _ in untold()} == {
        ("consent_withdrawn", "test.receiver")
    }
    assert len(broken.calls) == sum(count for _, _, count in untold())


def test_stop_is_on_record_before_any_receiver_is_told(customer, sms_account, world, django_db_blocker):
    told = []

    def look(**_):
        with cross_tenant(reason="test"):
            told.append(WebhookReceipt.objects.filter(processed_at=None).count())

    consent_withdrawn.connect(look, dispatch_uid="test.look")
    say(sms_account, "STOP")
    receipts_processing.process(now=NOW)
    consent_withdrawn.disconnect(dispatch_uid="test.look")

    assert told == [0, 0]  # for each of two channels; the receipt was done with before


def test_reply_is_told_to_each_receiver_once_and_to_the_broken_one_again(
    customer, enrolment, sms_account, world, breaks
):
    broken = breaks(reply_received)
    say(sms_account, "what do you charge?")

    receipts_processing.process(now=NOW)

    with tenant_scope(world.dealership):
        enrolment.refresh_from_db()
        assert enrolment.state == "paused"
        assert InboundMessage.objects.get().understanding.action == "handed_over"
    assert untold() == [("reply_received", "test.receiver", 1)]

    broken.fails = False
    receipts_processing.process(now=NOW + timedelta(seconds=30))
    assert len(broken.calls) == 1  # its time has not come

    receipts_processing.process(now=NOW + timedelta(minutes=1))
    receipts_processing.process(now=NOW + timedelta(minutes=2))
    assert len(broken.calls) == 2
    assert untold() == []
    with tenant_scope(world.dealership):
        assert InboundMessage.objects.count() == 1


def test_stop_given_to_an_advisor_stands_although_a_receiver_fails(customer, enrolment, world, breaks):
    breaks(consent_withdrawn)

    with tenant_scope(world.dealership):
        evidence = consent.Evidence(ConsentSource.ADVISOR, actor=world.bob)
        consent.withdraw(customer, channels=None, purpose=None, evidence=evidence, now=NOW)

        assert customer.consent_events.get().action == "withdrawn"
        enrolment.refresh_from_db()
        assert enrolment.end_reason == "opted_out"
    assert untold() == [("consent_withdrawn", "test.receiver", 1)]


def test_complaint_stands_and_no_channel_takes_over_although_ending_fails(
    customer, enrolment, sms_account, world, monkeypatch
):
    def fail(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr("campaigns.services.reactions.end_for_opt_out", fail)
    with tenant_scope(world.dealership):
        sent = MessageFactory(
            dealership=world.dealership,
            account=sms_account,
            customer=customer,
            state="accepted",
            to_address=PHONE,
        )
        TouchFactory(
            dealership=world.dealership, enrolment=enrolment, channel="sms", state="sent", message=sent
        )
        receipt(sms_account, "e1", **event("failed", reference=sent.key, code="complained"))

    receipts_processing.process(now=NOW)

    with tenant_scope(world.dealership):
        sent.refresh_from_db()
        assert (sent.state, Suppression.objects.get().reason) == ("failed", "complained")
        assert customer.consent_events.get().source == "provider"
        assert enrolment.touches.count() == 1
    assert [each[:2] for each in untold()] == [("consent_withdrawn", "campaigns.consent_withdrawn")]


def test_delivery_counts_although_a_receiver_fails(customer, sms_account, world, breaks):
    broken = breaks(message_settled)
    with tenant_scope(world.dealership):
        sent = MessageFactory(dealership=world.dealership, account=sms_account, state="accepted")
        receipt(sms_account, "e1", **event("delivered", reference=sent.key))

    receipts_processing.process(now=NOW)
    broken.fails = False
    receipts_processing.process(now=NOW + timedelta(hours=1))

    with tenant_scope(world.dealership):
        sent.refresh_from_db()
        assert sent.state == "delivered"
        assert WebhookReceipt.objects.get().processed_at == NOW
    assert untold() == []
    assert broken.calls[-1]["message_id"] == sent.pk


class TestReceiptThatCannotBeRead:
    """An adapter's bug: the receipt stays open, is tried again with growing waits, and at last shown as given up."""

    @pytest.fixture
    def broken_adapter(self, monkeypatch):
        def fail(self, payload):
            raise KeyError("vendor changed something")

        monkeypatch.setattr(type(WEBHOOKS["sandbox"]), "normalise", fail)
        return monkeypatch

    def row(self):
        with cross_tenant(reason="test"):
            return WebhookReceipt.objects.get()

    def test_is_tried_again_with_growing_waits(self, customer, sms_account, broken_adapter):
        say(sms_account, "STOP")

        receipts_processing.process(now=NOW)
        assert (self.row().attempt_count, self.row().next_try_at) == (1, NOW + WAITS[0])
        assert self.row().failure == "KeyError('vendor changed something')"

        receipts_processing.process(now=NOW + timedelta(seconds=59))
        assert self.row().attempt_count == 1

        receipts_processing.process(now=NOW + timedelta(seconds=60))
        assert (self.row().attempt_count, self.row().next_try_at) == (2, NOW + WAITS[0] + WAITS[1])

    def test_stop_counts_as_soon_as_it_can_be_read(self, customer, sms_account, broken_adapter, world):
        say(sms_account, "STOP")
        for_days(2)
        broken_adapter.undo()

        for_days(4)

        with tenant_scope(world.dealership):
            assert customer.consent_events.filter(action="withdrawn").count() == 2
        assert (self.row().failure, self.row().processed_at is None) == ("", False)

    def test_is_given_up_in_the_end_and_can_be_tried_again(
        self, customer, sms_account, broken_adapter, world
    ):
        say(sms_account, "STOP")
        for_days(6)
        assert self.row().attempt_count == MOST_TRIES
        broken_adapter.undo()
        for_days(7)
        assert self.row().processed_at is None

        with tenant_scope(world.dealership):
            assert stuck.try_again(now=NOW) == 1
            assert stuck.try_again(now=NOW) == 0
        receipts_processing.process(now=NOW + timedelta(days=8))

        with tenant_scope(world.dealership):
            assert customer.consent_events.filter(action="withdrawn").count() == 2


def test_command_has_it_tried_again_everywhere_and_says_what_still_fails(sms_account, world, capsys):
    with tenant_scope(world.dealership):
        for key, body in {"good": b"{}", "bad": b"no JSON"}.items():
            WebhookReceipt.objects.create(
                dealership=world.dealership,
                account=sms_account,
                event_key=key,
                body=body,
                received_at=NOW,
                attempt_count=MOST_TRIES,
            )

    call_command("retry_stuck")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 tried again."
    assert lines[1].startswith("live-oak: From sandbox (sms), 2026-11-20 16:00 UTC: JSONDecodeError(")
    assert len(lines) == 2
    with cross_tenant(reason="test"):
        done = WebhookReceipt.objects.order_by("pk").values_list("event_key", "attempt_count")
        assert list(done.filter(processed_at=None)) == [("bad", 1)]


def test_command_refuses_a_dealership_that_is_not(db):
    with pytest.raises(CommandError, match="There is no dealership “nowhere”"):
        call_command("retry_stuck", "nowhere")
