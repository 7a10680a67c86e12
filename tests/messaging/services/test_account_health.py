"""Credentials that are refused, replaced or unreadable, in the middle of sending: nothing is lost, nothing goes twice."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connections

from common.secrets import Sealed, seal
from common.tenancy import cross_tenant, tenant_scope
from dealerships.models import LogEntry
from messaging.enums import Reason
from messaging.models import Attempt, Message, ProviderAccount
from messaging.services import account_changes, account_health, consent, reconciling, sending
from messaging.services.lanes import open_lanes
from messaging.signals import message_settled
from tests.conftest import NOW
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)


def drain(now=NOW, **more):
    return sending.drain(now=lambda: now, **more)


def rows(**filters):
    with cross_tenant(reason="test"):
        return list(Message.objects.filter(**filters).order_by("pk"))


def states(**filters):
    return Counter(message.state for message in rows(**filters))


def account_of(row):
    with cross_tenant(reason="test"):
        return ProviderAccount.objects.get(pk=row.pk)


def release(now, row):
    return account_health.release(row.channel, dealership_id=row.dealership_id, now=now)


@pytest.fixture
def account(quiet_account):
    """Its credentials are wrong: the sandbox answers 401."""
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config={"token": "wrong"})
    return account_of(quiet_account)


@pytest.fixture
def make(world, quiet_account):
    def _make(count=1, **fields):
        with tenant_scope(world.dealership):
            return MessageFactory.create_batch(
                count, dealership=world.dealership, account=quiet_account, **fields
            )

    return _make


def put_right(row, now=LATER, **config):
    """As `account_changes.replace` does; the sandbox has no form."""
    with tenant_scope(row.dealership_id):
        found = ProviderAccount.objects.get(pk=row.pk)
        found.config, found.version, found.state = config, found.version + 1, "working"
        found.credentials_at = now
        found.save()


def test_refused_credentials_hold_the_account_and_fail_no_message(make, account, sandbox, world):
    make(30)

    drain()

    held = account_of(account)
    assert (held.state, held.trouble) == ("failing", "unauthorized")
    assert timedelta() <= held.state_since - NOW < timedelta(minutes=1)
    assert states() == {"queued": 30}
    with tenant_scope(world.dealership):
        entry = LogEntry.objects.get(action="messaging.account.failed")
        assert (entry.actor, entry.data, entry.subject_id) == (None, {"detail": "unauthorized"}, account.pk)


def test_held_account_is_not_tried_again_and_each_message_says_why_it_waits(make, account, sandbox):
    make(3)
    drain()
    with cross_tenant(reason="test"):
        before = Attempt.objects.count()
    make(5)

    report = drain(LATER)

    with cross_tenant(reason="test"):
        assert Attempt.objects.count() == before
    assert report.held == 8
    assert {(m.state, m.reason, m.not_before) for m in rows()} == {
        ("queued", Reason.ACCOUNT_HELD, LATER + timedelta(minutes=30))
    }


def test_new_credentials_let_everything_go_once(make, account, sandbox):
    made = make(40)
    drain()
    drain(LATER)

    put_right(account)
    assert release(LATER, account) == 40
    drain(LATER)

    assert states() == {"accepted": 40}
    kept = Counter(each["reference"] for each in sandbox.messages(str(account.uuid)))
    assert kept == Counter(message.key for message in made)


def test_what_is_not_released_goes_by_itself(make, account, sandbox):
    make(4)
    drain()
    drain(LATER)
    put_right(account)

    drain(LATER + timedelta(minutes=31))

    assert states() == {"accepted": 4}


def test_release_leaves_alone_what_waits_for_something_else(make, account, world):
    make(1)
    make(1, not_before=LATER + timedelta(days=1), reason="quiet_hours")
    with tenant_scope(world.other):
        MessageFactory(dealership=world.other, not_before=LATER + timedelta(days=1), reason="account_held")
    drain()

    assert release(LATER, account) == 0  # its time has come
    assert release(NOW, account) == 1


def test_late_and_stopped_messages_do_not_go_when_the_account_works_again(make, account, world, sandbox):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
    (late,) = make(1, expires_at=LATER - timedelta(minutes=1))
    (stopped,) = make(1, customer=customer)
    (good,) = make(1)
    drain()
    settled = []
    hear = lambda **about: settled.append((about["message_id"], about["state"]))  # noqa: E731
    message_settled.connect(hear)
    with tenant_scope(world.dealership):
        consent.withdraw(
            customer,
            channels=None,
            purpose=None,
            evidence=consent.Evidence("advisor"),
            now=NOW,
        )

    put_right(account)
    release(LATER, account)
    drain(LATER)
    message_settled.disconnect(hear)

    found = {message.pk: (message.state, message.reason) for message in rows()}
    assert found == {
        late.pk: ("cancelled", "too_late"),
        stopped.pk: ("cancelled", "opted_out"),
        good.pk: ("accepted", ""),
    }
    assert (late.pk, "cancelled") in settled
    assert [each["reference"] for each in sandbox.messages(str(account.uuid))] == [good.key]


def test_held_message_that_gets_too_late_is_settled_while_the_account_fails(make, account):
    make(1, expires_at=LATER)
    drain()

    drain(LATER)

    assert [(m.state, m.reason) for m in rows()] == [("cancelled", "too_late")]


def test_refusal_of_replaced_credentials_says_nothing_of_the_new_ones(make, account, sandbox, monkeypatch):
    """Replaced after the claim and before the provider's refusal is written."""
    make(10)
    record = sending.record

    def replaced_meanwhile(batch, *, now):
        put_right(account)
        return record(batch, now=now)

    monkeypatch.setattr(sending, "record", replaced_meanwhile)
    rung = []
    monkeypatch.setattr(account_health, "ring", lambda name, **about: rung.append((name, about)))
    drain()
    monkeypatch.undo()

    assert account_of(account).state == "working"
    assert ("messaging.release", {"channel": "sms", "dealership_id": account.dealership_id}) in rung
    assert release(NOW, account) == 10
    drain(NOW + timedelta(minutes=1))
    assert states() == {"accepted": 10}


def test_rotation_while_sending_uses_the_new_credentials_from_the_next_claim_on(
    make, quiet_account, sandbox, monkeypatch
):
    """The number stands in for the credential: the sandbox tells which one a message came by."""
    made = make(60)
    sandbox.behave(str(quiet_account.uuid), answer_after=0.05)
    monkeypatch.setattr(sending, "BATCH", 10)
    monkeypatch.setattr(sending, "IN_HAND", 20)
    claim, claims = sending.claim_batch, []

    def rotated_after_two(**about):
        if len(claims) == 2:
            with tenant_scope(quiet_account.dealership_id):
                row = ProviderAccount.objects.get(pk=quiet_account.pk)
                row.from_address, row.version = "+15125550199", row.version + 1
                row.save()
        claims.append(claim(**about))
        return claims[-1]

    monkeypatch.setattr(sending, "claim_batch", rotated_after_two)
    drain()

    kept = sandbox.messages(str(quiet_account.uuid))
    assert Counter(each["reference"] for each in kept) == Counter(message.key for message in made)
    old = {message.key for each in claims[:2] for message in each.messages}
    by = {each["reference"]: each["content"]["from"] for each in kept}
    assert by == {m.key: "+15125550100" if m.key in old else "+15125550199" for m in made}
    assert len(old) == 20
    assert states() == {"accepted": 60}


def test_credentials_change_hands_back_and_forth_under_load_and_each_goes_once(make, quiet_account, sandbox):
    made = make(300)
    sandbox.behave(str(quiet_account.uuid), answer_after=0.01)
    is_over = threading.Event()

    def turn():
        number = 0
        while not is_over.wait(0.03):
            number += 1
            put_right(quiet_account, **({"token": "wrong"} if number % 2 else {}))
            release(NOW, quiet_account)
        connections.close_all()

    thread = threading.Thread(target=turn)
    thread.start()
    for minute in range(4):
        drain(NOW + timedelta(minutes=20 * minute))
    is_over.set()
    thread.join()
    put_right(quiet_account)
    release(LATER + timedelta(hours=2), quiet_account)
    drain(LATER + timedelta(hours=2))

    kept = Counter(each["reference"] for each in sandbox.messages(str(quiet_account.uuid)))
    assert kept == Counter(message.key for message in made)
    assert states() == {"accepted": 300}


def test_account_that_was_replaced_hands_its_waiting_messages_on(make, quiet_account, world, sandbox):
    made = make(5)
    with tenant_scope(world.dealership):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(is_active=False)
        fresh = ProviderAccount.objects.create(
            dealership=world.dealership, channel="sms", provider="sandbox", from_address="+15125550177"
        )
    sandbox.behave(str(fresh.uuid))

    drain()

    assert {message.account_id for message in rows()} == {fresh.pk}
    assert states() == {"accepted": 5}
    assert sandbox.messages(str(quiet_account.uuid)) == []
    assert len(sandbox.messages(str(fresh.uuid))) == len(made)
    assert {message.attempt_count for message in rows()} == {1}


def test_channel_without_any_account_cancels_and_says_why(make, quiet_account, world):
    make(2)
    with tenant_scope(world.dealership):
        ProviderAccount.objects.filter(channel="sms").update(is_active=False)

    drain()

    assert {(m.state, m.reason) for m in rows()} == {("cancelled", "no_provider")}


def test_paused_account_holds_and_other_channels_go_on(make, quiet_account, world, sandbox):
    make(3)
    with tenant_scope(world.dealership):
        email = ProviderAccount.objects.get(channel="email")
        MessageFactory(
            dealership=world.dealership, account=email, channel="email", to_address="a@example.com"
        )
        account_changes.pause(quiet_account, by=world.alice, now=NOW)
    sandbox.behave(str(email.uuid))

    drain()

    assert (states(channel="sms"), states(channel="email")) == ({"queued": 3}, {"accepted": 1})
    with tenant_scope(world.dealership):
        account_changes.resume(quiet_account, by=world.alice, now=NOW)
    release(NOW, quiet_account)
    drain()
    assert states(channel="sms") == {"accepted": 3}


def test_secrets_no_key_opens_hold_the_account_and_lose_nothing(make, quiet_account, settings, sandbox):
    right = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    lost = Sealed(seal({"max_in_flight": 2}))
    settings.ENCRYPTION_KEYS = right
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=quiet_account.pk).update(config=lost)
    make(3)

    drain()

    assert states() == {"queued": 3}
    assert (account_of(quiet_account).state, account_of(quiet_account).trouble) == (
        "failing",
        "secrets cannot be read",
    )
    put_right(quiet_account)
    release(NOW, quiet_account)
    drain(NOW + timedelta(minutes=1))
    assert states() == {"accepted": 3}


def test_unconfirmed_message_of_a_refused_account_is_not_asked_about_in_vain(make, account):
    make(1, state="unconfirmed", claimed_at=NOW, not_before=NOW)
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=account.pk).update(state="failing")

    reconciling.reconcile(now=LATER)
    assert [(m.state, m.lookup_count) for m in rows()] == [("unconfirmed", 0)]

    put_right(account)
    reconciling.reconcile(now=LATER)
    assert states() == {"queued": 1}


def test_nothing_found_with_credentials_of_perhaps_another_account_proves_nothing(
    make, quiet_account, monkeypatch
):
    """As with Lob, whose settings do not say which account a key is of: a second letter would be printed."""
    make(1, state="unconfirmed", claimed_at=NOW, not_before=NOW)
    put_right(quiet_account, now=NOW + timedelta(minutes=1))
    with cross_tenant(reason="test"):
        monkeypatch.setitem(reconciling.__dict__, "open_lanes", _lanes_of_unknown_identity)

    report = reconciling.reconcile(now=LATER)

    assert (report.requeued, report.still_open, states()) == (0, 1, {"unconfirmed": 1})


def _lanes_of_unknown_identity(account_ids):
    lanes = open_lanes(account_ids)
    for lane in lanes.values():
        lane.account = replace(lane.account, credentials_at=NOW + timedelta(minutes=1))
    return lanes
