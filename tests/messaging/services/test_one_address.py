"""Two customers with one mailbox or number are one person to whom two messages a day are one too many."""

from datetime import timedelta

import pytest

from common.tenancy import cross_tenant, tenant_scope
from messaging.models import Message
from messaging.services.claiming import claim_batch
from tests.conftest import NOW
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory

PHONE = "+15125550123"


@pytest.fixture
def queue(world, sms_account):
    """Queue a marketing text to the number, for a customer of its own each time."""

    def one(**fields):
        with tenant_scope(world.dealership):
            customer = CustomerFactory(dealership=world.dealership)
            ContactPointFactory(dealership=world.dealership, customer=customer, value=PHONE)
            ConsentEventFactory(dealership=world.dealership, customer=customer)
            fields = {"purpose": "marketing", "to_address": PHONE, **fields}
            return MessageFactory(
                dealership=world.dealership, account=sms_account, customer=customer, **fields
            )

    return one


def claim(now=NOW):
    return claim_batch(limit=100, after_dealership_id=0, full_account_ids=(), now=now)


def states():
    with cross_tenant(reason="test"):
        return list(Message.objects.order_by("pk").values_list("state", "reason"))


def test_one_batch_lets_one_of_them_through(queue):
    queue()
    queue()

    assert len(claim().messages) == 1
    assert states() == [("sending", ""), ("queued", "frequency_cap")]


def test_what_went_out_today_holds_the_next(queue):
    queue(state="accepted", accepted_at=NOW - timedelta(hours=1), claimed_at=NOW - timedelta(hours=1))
    queue()

    assert list(claim().messages) == []
    assert states()[1] == ("queued", "frequency_cap")


def test_yesterdays_does_not(queue):
    before = NOW - timedelta(hours=20)
    queue(state="accepted", accepted_at=before, claimed_at=before, created_at=before)
    queue()

    assert len(claim().messages) == 1


def test_another_address_of_the_other_customer_does_not(queue):
    queue(state="accepted", to_address="+15125550199", accepted_at=NOW, claimed_at=NOW)
    queue()

    assert len(claim().messages) == 1


def test_transactional_messages_are_not_held(queue):
    queue(state="accepted", accepted_at=NOW, claimed_at=NOW)
    queue(purpose="transactional")

    assert len(claim().messages) == 1
