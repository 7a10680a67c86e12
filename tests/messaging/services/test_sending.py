import time
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError

from common import doorbell
from common.tenancy import cross_tenant, tenant_scope
from messaging.enums import MessageState, Reason
from messaging.models import Attempt, Message, PrintedLetter, ProviderAccount, Suppression
from messaging.services import consent, outbox, patience, sending
from messaging.services.slots import LOCK_CLASS
from messaging.signals import message_settled
from tests.conftest import NOW
from tests.database_address import database_url
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory

pytestmark = pytest.mark.django_db(transaction=True)


def drain(now=NOW, **more):
    return sending.drain(now=lambda: now, **more)


def states(**filters):
    with cross_tenant(reason="test"):
        return list(Message.objects.filter(**filters).order_by("pk").values_list("state", flat=True))


def reload(message):
    with cross_tenant(reason="test"):
        return Message.objects.get(pk=message.pk)


@pytest.fixture
def make(world, quiet_account):
    def _make(count=1, **fields):
        with tenant_scope(world.dealership):
            return MessageFactory.create_batch(
                count, dealership=world.dealership, account=fields.pop("account", quiet_account), **fields
            )

    return _make


@pytest.fixture
def settled():
    heard = []

    def hear(**about):
        heard.append((about["message_id"], about["state"], about["is_permanent"]))

    message_settled.connect(hear)
    yield heard
    message_settled.disconnect(hear)


def test_drain_of_queued_messages_hands_each_over_once(make, sandbox, quiet_account):
    made = make(30)

    report = drain()

    assert (report.accepted, report.not_accepted, report.held) == (30, 0, 0)
    kept = sandbox.messages(str(quiet_account.uuid))
    assert sorted(each["reference"] for each in kept) == sorted(message.key for message in made)
    message = reload(made[0])
    of_it = next(each for each in kept if each["reference"] == message.key)
    assert (message.state, message.provider_id, message.segments, message.cost_cents) == (
        "accepted",
        of_it["id"],
        1,
        1,
    )
    assert of_it["content"]["text"] == "Your car is ready."
    assert of_it["content"]["from_name"] == "Live Oak Motors"
    with cross_tenant(reason="test"):
        attempt = Attempt.objects.get(message=message)
    assert (attempt.number, attempt.outcome, attempt.provider_id) == (1, "accepted", of_it["id"])


def test_drain_twice_sends_nothing_again(make, sandbox, quiet_account):
    make(3)

    drain()
    report = drain()

    assert report.accepted == 0
    assert len(sandbox.messages(str(quiet_account.uuid))) == 3


def test_drain_leaves_what_is_not_due(make):
    make(1, not_before=NOW + timedelta(seconds=1))

    assert drain().accepted == 0
    assert states() == ["queued"]


def test_refused_for_good_fails_suppresses_and_tells(make, sandbox, quiet_account, settled):
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": "refuse", "code": "invalid_address"}])
    (message,) = make(1)

    drain()

    message = reload(message)
    assert (message.state, message.error_code, message.attempt_count) == ("failed", "invalid_address", 1)
    assert settled == [(message.pk, "failed", True)]
    with cross_tenant(reason="test"):
        assert Suppression.objects.get().address == message.to_address


def test_refused_because_blocked_is_not_tried_again_and_the_number_kept_from_use(
    make, sandbox, quiet_account, settled
):
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": "refuse", "code": "blocked"}])
    (message,) = make(1)

    drain()
    drain(now=NOW + timedelta(days=1))

    assert (reload(message).state, reload(message).attempt_count) == ("failed", 1)
    assert settled == [(message.pk, "failed", True)]
    with cross_tenant(reason="test"):
        blocked = Suppression.objects.values_list("channel", "address", "reason")
        assert list(blocked) == [("sms", message.to_address, "blocked")]


def test_provider_that_knows_of_a_stop_withdraws_consent(make, sandbox, quiet_account):
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": "refuse", "code": "opted_out"}])
    (message,) = make(1)

    drain()

    with tenant_scope(message.dealership):
        withdrawn = message.customer.consent_events.get()
        assert (withdrawn.action, withdrawn.source, withdrawn.channel) == ("withdrawn", "provider", "sms")


def test_rate_limit_waits_as_long_as_asked_and_is_sent_then(make, sandbox, quiet_account):
    rule = {"do": "rate_limit", "retry_after": 3600, "times": 1}
    sandbox.behave(str(quiet_account.uuid), rules=[rule])
    (message,) = make(1)

    drain()

    waiting = reload(message)
    assert waiting.state == "queued"
    assert NOW + timedelta(hours=1) <= waiting.not_before <= NOW + timedelta(hours=1, minutes=16)
    drain(now=NOW + timedelta(hours=2))
    assert states() == ["accepted"]
    with cross_tenant(reason="test"):
        outcomes = list(Attempt.objects.order_by("number").values_list("number", "outcome"))
    assert outcomes == [(1, "temporary"), (2, "accepted")]


@pytest.mark.parametrize("trick", ["fail", "fail_after_accepting", "drop"])
def test_outcome_nobody_knows_is_unconfirmed_and_never_repeated(make, sandbox, quiet_account, trick):
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": trick, "times": 1}])
    make(1)

    drain()
    drain(now=NOW + timedelta(days=1))

    assert states() == ["unconfirmed"]
    assert len(sandbox.messages(str(quiet_account.uuid))) == (0 if trick == "fail" else 1)


def test_silent_provider_is_unconfirmed_after_the_time_allowed(make, sandbox, quiet_account):
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config={"answer_seconds": 0.3})
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": "hang"}])
    make(1)

    drain()

    assert states() == ["unconfirmed"]


def test_provider_that_is_down_was_surely_not_reached_and_is_tried_again(make, settings):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    make(1)

    drain()

    with cross_tenant(reason="test"):
        message = Message.objects.get()
    assert (message.state, message.error_code) == ("queued", "temporary")
    assert message.not_before > NOW


def test_account_that_fails_in_a_row_is_paused_and_the_rest_put_back_untried(make, sandbox, quiet_account):
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config={"max_in_flight": 1})
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": "fail"}])
    make(30)

    report = drain()

    assert report.not_accepted == 10
    assert report.put_back == 20
    with cross_tenant(reason="test"):
        untried = Message.objects.filter(state="queued")
        assert {(each.attempt_count, each.not_before > NOW) for each in untried} == {(0, True)}


def test_gate_is_asked_again_at_the_claim(make, world):
    with tenant_scope(world.dealership):
        stopped = CustomerFactory(dealership=world.dealership)
        ConsentEventFactory(dealership=world.dealership, customer=stopped, action="withdrawn", channel="")
    (message,) = make(1, customer=stopped)

    report = drain()

    assert (report.accepted, report.held) == (0, 1)
    message = reload(message)
    assert (message.state, message.reason, message.attempt_count) == ("cancelled", "opted_out", 0)


def test_text_outside_the_hours_waits_for_them(make):
    night = NOW.replace(hour=4)  # 22:00 of the day before in Chicago

    make(1)
    with cross_tenant(reason="test"):
        Message.objects.update(not_before=night)
    drain(now=night)

    with cross_tenant(reason="test"):
        message = Message.objects.get()
    assert (message.state, message.reason) == ("queued", "quiet_hours")
    assert message.not_before == NOW.replace(hour=14)  # 08:00


def test_answer_to_the_customer_goes_out_at_night(make):
    night = NOW.replace(hour=4)
    make(1, is_answer=True, not_before=night)

    assert drain(now=night).accepted == 1


def test_answer_that_could_not_leave_within_the_hour_keeps_to_the_hours(make):
    early = NOW.replace(hour=11)  # 05:00 in Chicago
    (late,) = make(1, is_answer=True, created_at=early - timedelta(hours=1), not_before=early)
    (fresh,) = make(1, is_answer=True, created_at=early - timedelta(minutes=59), not_before=early)

    drain(now=early)

    assert reload(fresh).state == "accepted"
    assert (reload(late).state, reload(late).reason) == ("queued", "quiet_hours")
    assert reload(late).not_before == NOW.replace(hour=14)  # 08:00


def test_claim_is_not_used_when_the_hours_have_ended_since(make, sandbox, quiet_account):
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config={"max_in_flight": 1})
    sandbox.behave(str(quiet_account.uuid), answer_after=2)
    made = make(2)
    began = time.monotonic()
    end = NOW.replace(day=21, hour=3)  # 21:00 in Chicago

    sending.drain(now=lambda: end + timedelta(seconds=time.monotonic() - began - 1.5))

    kept = sandbox.messages(str(quiet_account.uuid))
    assert [each["reference"] for each in kept] == [made[0].key]
    held = reload(made[1])
    assert (held.state, held.reason, held.attempt_count) == ("queued", "quiet_hours", 0)
    assert held.not_before == end.replace(hour=14)  # 08:00


def test_two_marketing_texts_to_one_person_in_one_batch_send_one(make, world, sandbox, quiet_account):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
        ConsentEventFactory(dealership=world.dealership, customer=customer)
    made = make(2, customer=customer, purpose="marketing")

    report = drain()

    assert (report.accepted, report.held) == (1, 1)
    held = reload(made[1])
    assert (held.state, held.reason) == ("queued", "frequency_cap")
    assert held.not_before == NOW.replace(day=23, hour=16)  # Monday, 10:00 in Chicago
    assert len(sandbox.messages(str(quiet_account.uuid))) == 1


def test_stop_between_claim_and_request_holds_the_request(make, world, sandbox, quiet_account, monkeypatch):
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config={"max_in_flight": 1})
    sandbox.behave(str(quiet_account.uuid), answer_after=0.7)
    made = make(2)
    claimed = sending.claim_batch

    def claim_then_stop(**kwargs):
        claim = claimed(**kwargs)
        if claim.messages:
            with tenant_scope(world.dealership):
                evidence = consent.Evidence("advisor")
                consent.withdraw(made[1].customer, channels=None, purpose=None, evidence=evidence, now=NOW)
        return claim

    monkeypatch.setattr(sending, "claim_batch", claim_then_stop)
    drain()

    kept = sandbox.messages(str(quiet_account.uuid))
    assert [each["reference"] for each in kept] == [made[0].key]
    stopped = reload(made[1])
    assert (stopped.state, stopped.reason, stopped.attempt_count) == ("cancelled", "opted_out", 0)


def test_database_away_at_the_last_look_gives_no_message_up(make, quiet_account, sandbox, monkeypatch):
    made = make(2)

    def is_away(_ids):
        raise OperationalError("the server went away")

    with monkeypatch.context() as patch:
        patch.setattr(sending, "STALE_SECONDS", -1.0)
        patch.setattr(sending, "still_wanted", is_away)
        patch.setattr(patience, "PATIENCE_SECONDS", 0.0)
        drain()
    assert states() == ["queued", "queued"]
    drain(now=NOW + timedelta(minutes=1))

    assert states() == ["accepted", "accepted"]
    kept = sandbox.messages(str(quiet_account.uuid))
    assert sorted(each["reference"] for each in kept) == sorted(message.key for message in made)


def test_claim_that_got_too_old_is_not_used(make, monkeypatch, sandbox, quiet_account):
    monkeypatch.setattr(sending, "CLAIM_SECONDS", -1.0)
    make(1)

    drain(run_seconds=0.3)

    assert sandbox.messages(str(quiet_account.uuid)) == []
    assert states() == ["queued"]


def test_letter_is_stored_with_the_record_of_it(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with tenant_scope(world.dealership):
        account = ProviderAccount.objects.get(channel="letter")
        message = MessageFactory(
            dealership=world.dealership,
            account=account,
            channel="letter",
            purpose="marketing",
            letter=LETTER,
        )

    drain()

    assert states() == ["accepted"]
    with cross_tenant(reason="test"):
        letter = PrintedLetter.objects.get()
    assert letter.key == message.key
    assert (tmp_path / letter.path).read_bytes().startswith(b"%PDF")


LETTER = {
    "recipient": {
        "name": "A",
        "street": "12 Oak St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
    },
    "sender": {
        "name": "B",
        "street": "1 Main St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
    },
    "phone": "",
    "language": "en",
    "written_on": "November 20, 2026",
    "book_url": "https://example.com/b/x",
    "opt_out_line": "Call us to stop letters.",
}


def test_urgent_goes_before_a_campaign(make, sandbox, quiet_account):
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config={"max_in_flight": 1})
    make(5)
    (urgent,) = make(1, priority=0)

    drain()

    assert sandbox.messages(str(quiet_account.uuid))[0]["reference"] == urgent.key


def test_small_dealership_is_not_kept_waiting_by_a_large_one(
    make, world, sandbox, quiet_account, monkeypatch
):
    monkeypatch.setattr(sending, "BATCH", 20)
    make(100)
    with tenant_scope(world.other):
        other = ProviderAccount.objects.get(channel="sms")
        MessageFactory.create_batch(
            3, dealership=world.other, account=other, not_before=NOW + timedelta(seconds=1)
        )
    sandbox.behave(str(other.uuid))

    drain(now=NOW + timedelta(minutes=1))

    large = sandbox.messages(str(quiet_account.uuid))
    small = sandbox.messages(str(other.uuid))
    assert (len(large), len(small)) == (100, 3)
    before = [each for each in large if each["accepted_at"] < small[-1]["accepted_at"]]
    assert len(before) <= 40


def test_cancelled_while_in_hand_is_not_queued_again(make, sandbox, quiet_account, world, monkeypatch):
    sandbox.behave(str(quiet_account.uuid), rules=[{"do": "rate_limit"}])
    (message,) = make(1)
    recorded = sending.record

    def cancel_then_record(batch, **kwargs):
        with tenant_scope(world.dealership):
            outbox.cancel(keys=[message.key], reason=Reason.BOOKED, now=NOW)
        return recorded(batch, **kwargs)

    monkeypatch.setattr(sending, "record", cancel_then_record)
    drain()

    message = reload(message)
    assert (message.state, message.reason) == (MessageState.CANCELLED, "booked")


@pytest.fixture
def rings(monkeypatch):
    """The doorbells rung, instead of a broker that hears them."""
    heard = []
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda name, **_: heard.append(name))
    return heard


@pytest.mark.usefixtures("sandbox", "quiet_account")
@pytest.mark.parametrize(("count", "expected"), [(1, []), (2, ["messaging.send"]), (7, ["messaging.send"])])
def test_full_batch_calls_one_more_sender_once(make, monkeypatch, rings, count, expected):
    monkeypatch.setattr(sending, "BATCH", 2)
    make(count)

    drain()

    assert rings == expected
    assert states() == ["accepted"] * count


@pytest.mark.usefixtures("sandbox", "quiet_account")
def test_sender_that_was_called_calls_nobody(make, monkeypatch, rings):
    monkeypatch.setattr(sending, "BATCH", 2)
    make(4)
    with psycopg.connect(database_url()) as first_sender:
        first_sender.execute("SELECT pg_advisory_lock(%s::int, 0)", [LOCK_CLASS])
        drain()

    assert (rings, states()) == ([], ["accepted"] * 4)
