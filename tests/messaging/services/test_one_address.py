"""Two customers with one mailbox or number are one person to whom two messages a day are one too many."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.tenancy import cross_tenant, tenant_scope
from messaging.models import Message, ProviderAccount
from messaging.services.claiming import claim_batch
from tests.conftest import NOW
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory, ProviderAccountFactory

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


@given(
    asked=st.lists(
        st.tuples(st.integers(0, 80), st.integers(0, 3), st.sampled_from(["sms", "email"])),
        min_size=1,
        max_size=14,
    )
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_queued_no_address_and_no_person_gets_more_than_the_caps_allow(world, asked):
    """Four customers, two of whom share number and mailbox; a sender that looks every four hours for six days."""
    with transaction.atomic():
        ids = _people(world, asked)
        for hours in range(0, 144, 4):
            now = NOW + timedelta(hours=hours)
            for message in claim(now).messages:
                with tenant_scope(world.dealership):
                    Message.objects.filter(pk=message.id).update(state="accepted", accepted_at=now)
        with tenant_scope(world.dealership):
            out = list(
                Message.objects.filter(pk__in=ids, state="accepted").values_list(
                    "to_address", "channel", "accepted_at", "customer_id"
                )
            )
        transaction.set_rollback(True)

    zone = ZoneInfo("America/Chicago")
    days = [(address, channel, at.astimezone(zone).date()) for address, channel, at, _ in out]
    assert len(days) == len(set(days))
    for *_, at, customer_id in out:
        window = [
            other for *_, other, who in out if who == customer_id and at - timedelta(hours=24) < other <= at
        ]
        assert len(window) <= 3
    assert out


def _people(world, asked):
    """Queue what is asked for: hours from now, whose, and on which channel."""
    tenant = world.dealership
    with tenant_scope(tenant):
        accounts = {
            channel: ProviderAccount.objects.filter(channel=channel, is_active=True).first()
            or ProviderAccountFactory(dealership=tenant, channel=channel)
            for channel in ("sms", "email")
        }
        customers = [CustomerFactory(dealership=tenant) for _ in range(4)]
        places = [
            {"sms": f"+1512555{1000 + max(number, 1)}", "email": f"p{max(number, 1)}@example.com"}
            for number in range(4)
        ]
        for customer, place in zip(customers, places, strict=True):
            ConsentEventFactory(dealership=tenant, customer=customer)
            for kind, channel in (("phone", "sms"), ("email", "email")):
                ContactPointFactory(dealership=tenant, customer=customer, kind=kind, value=place[channel])
        return [
            MessageFactory(
                dealership=tenant,
                account=accounts[channel],
                channel=channel,
                customer=customers[who],
                purpose="marketing",
                to_address=places[who][channel],
                not_before=NOW + timedelta(hours=hours),
                zone_names=["America/Chicago"],
                expires_at=NOW + timedelta(days=14),
            ).pk
            for hours, who, channel in asked
        ]
