"""Credentials change hands while a sender dies: what it held is asked about with what it was sent by, the rest goes anew."""

import signal
from collections import Counter
from datetime import timedelta

import pytest

from common.tenancy import cross_tenant, tenant_scope
from messaging.models import Message, ProviderAccount
from tests.conftest import NOW
from tests.factories.messaging import MessageFactory
from tests.messaging.crash.conftest import CHILD_SECONDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]


def killed(start_sender, step):
    victim = start_sender(crash_at=step)
    victim.communicate(timeout=CHILD_SECONDS)
    assert victim.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", ["claimed", "request left", "answered"])
def test_account_replaced_after_the_sender_died_loses_and_doubles_nothing(mail, start_sender, sandbox, step):
    if step == "request left":
        sandbox.behave(str(mail.account.uuid), answer_after=1.0)
    killed(start_sender, step)
    sandbox.behave(str(mail.account.uuid))
    with tenant_scope(mail.account.dealership_id):
        ProviderAccount.objects.filter(pk=mail.account.pk).update(is_active=False)
        fresh = ProviderAccount.objects.create(
            dealership_id=mail.account.dealership_id, channel="email", provider="sandbox"
        )
    sandbox.behave(str(fresh.uuid))
    # In a process of its own, which takes longer than what was on its way needs to arrive.
    _, errors = (survivor := start_sender()).communicate(timeout=CHILD_SECONDS)
    assert survivor.returncode == 0, errors

    mail.clean_up()

    by_new = Counter(each["reference"] for each in sandbox.messages(str(fresh.uuid)))
    assert mail.received() + by_new == Counter(mail.keys)
    assert mail.states() == {"accepted": len(mail.keys)}


def test_credentials_that_go_bad_and_are_put_right_while_senders_die_lose_nothing(
    mail, start_sender, sandbox
):
    killed(start_sender, "answered")
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=mail.account.pk).update(config={"token": "wrong"}, version=2)
        more = MessageFactory.create_batch(
            10,
            dealership=mail.account.dealership,
            account=mail.account,
            customer=Message.objects.filter(key__in=mail.keys)[0].customer,
            channel="email",
            to_address="ana@example.com",
        )
    mail.keys += [message.key for message in more]
    refused = start_sender(now=NOW + timedelta(minutes=1))
    refused.communicate(timeout=CHILD_SECONDS)
    with cross_tenant(reason="test"):
        assert ProviderAccount.objects.get(pk=mail.account.pk).state == "failing"
        ProviderAccount.objects.filter(pk=mail.account.pk).update(config={}, version=3, state="working")

    mail.clean_up()

    mail.assert_each_went_out_once()
