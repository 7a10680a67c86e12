from datetime import timedelta

import pytest

from common.tenancy import cross_tenant, tenant_scope
from messaging.models import Attempt, Message
from messaging.services import reconciling, sending, sweeping
from messaging.signals import message_settled
from tests.conftest import NOW
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def unknown(world, sandbox, sms_account):
    """Hand one message over while the sandbox plays a trick, and return it."""

    def _unknown(trick, **fields):
        sandbox.behave(str(sms_account.uuid), rules=[{"do": trick, "times": 1}])
        with tenant_scope(world.dealership):
            message = MessageFactory(dealership=world.dealership, account=sms_account, **fields)
        sending.drain(now=lambda: NOW)
        assert reload(message).state == "unconfirmed"
        return message

    return _unknown


def reload(message):
    with cross_tenant(reason="test"):
        return Message.objects.get(pk=message.pk)


def test_found_at_the_provider_is_accepted(unknown, sandbox, sms_account):
    message = unknown("fail_after_accepting")

    report = reconciling.reconcile(now=LATER)

    assert report.found == 1
    message = reload(message)
    assert message.state == "accepted"
    assert message.provider_id == sandbox.messages(str(sms_account.uuid))[0]["id"]


def test_surely_not_there_is_sent_again_and_arrives_once(unknown, sandbox, sms_account):
    message = unknown("fail")

    report = reconciling.reconcile(now=LATER)
    sending.drain(now=lambda: LATER)

    assert report.requeued == 1
    assert reload(message).state == "accepted"
    assert [each["reference"] for each in sandbox.messages(str(sms_account.uuid))] == [message.key]
    with cross_tenant(reason="test"):
        outcomes = list(Attempt.objects.order_by("number").values_list("number", "outcome"))
    assert outcomes == [(1, "unknown"), (2, "accepted")]


def test_not_there_so_soon_proves_nothing(unknown):
    message = unknown("fail")

    report = reconciling.reconcile(now=NOW + timedelta(seconds=5))

    assert report.still_open == 1
    message = reload(message)
    assert (message.state, message.lookup_count) == ("unconfirmed", 1)
    assert message.not_before == NOW + timedelta(seconds=5) + reconciling.WAITS[0]


def test_not_there_but_stopped_meanwhile_is_cancelled(unknown, world):
    message = unknown("fail")
    with tenant_scope(world.dealership):
        Message.objects.filter(pk=message.pk).update(reason="opted_out")

    reconciling.reconcile(now=LATER)

    assert reload(message).state == "cancelled"


def test_not_there_but_too_late_fails(unknown):
    message = unknown("fail", expires_at=NOW + timedelta(minutes=1))

    reconciling.reconcile(now=LATER)

    message = reload(message)
    assert (message.state, message.reason) == ("failed", "too_late")


def test_provider_that_never_tells_leaves_it_to_a_person(unknown, settings, world):
    message = unknown("fail")
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    heard = []

    def hear(**about):
        heard.append((about["message_id"], about["state"]))

    message_settled.connect(hear)

    now = LATER
    for _ in range(reconciling.MOST_LOOKUPS + 3):
        reconciling.reconcile(now=now)
        now += timedelta(days=1)
    message_settled.disconnect(hear)

    left = reload(message)
    assert (left.state, left.reason, left.lookup_count) == ("unconfirmed", "by_hand", 6)
    assert heard == [(message.pk, "unconfirmed")]
    with tenant_scope(world.dealership):
        assert reconciling.decide(left, was_sent=False, actor=world.alice, now=now)
        assert not reconciling.decide(left, was_sent=True, actor=world.alice, now=now)
    assert reload(message).state == "failed"


def test_lost_claim_becomes_unconfirmed_after_ten_minutes(world, sms_account):
    with tenant_scope(world.dealership):
        message = MessageFactory(
            dealership=world.dealership,
            account=sms_account,
            state="sending",
            claimed_at=NOW,
            attempt_count=1,
        )

    assert sweeping.give_up_lost_claims(now=NOW + timedelta(minutes=10)) == 0
    assert sweeping.give_up_lost_claims(now=NOW + timedelta(minutes=11)) == 1
    assert sweeping.give_up_lost_claims(now=NOW + timedelta(minutes=12)) == 0

    assert reload(message).state == "unconfirmed"
    with cross_tenant(reason="test"):
        attempt = Attempt.objects.get()
    assert (attempt.number, attempt.outcome, attempt.detail) == (1, "unknown", "the sender was lost")


def test_receipt_settles_what_nobody_knew(unknown, world, sms_account):
    from messaging.services import receipts_processing  # noqa: PLC0415
    from tests.messaging.services.test_receipts import receipt  # noqa: PLC0415

    message = unknown("fail_after_accepting")
    with tenant_scope(world.dealership):
        receipt(sms_account, "e1", type="message.delivered", reference=message.key, message_id="sb_1")

    receipts_processing.process(now=LATER)

    message = reload(message)
    assert (message.state, message.provider_id) == ("delivered", "sb_1")
    assert reconciling.reconcile(now=LATER).found == 0
