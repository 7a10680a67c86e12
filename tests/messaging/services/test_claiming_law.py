"""The law at the claim: by the places a message carries, what it must say, and until when it may be handed over."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from common.tenancy import cross_tenant, tenant_scope
from messaging.logic.own_rules import SUBJECTS, own_rule
from messaging.logic.rules import Hours
from messaging.models import Message, ProviderAccount
from messaging.services.claiming import claim_batch
from messaging.services.law_changes import LawChange, set_own, supersede
from tests.conftest import NOW
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory
from tests.law import week

pytestmark = pytest.mark.django_db

SATURDAY = NOW + timedelta(days=1)  # 10:00 in Chicago


@pytest.fixture
def queued(world, sms_account):
    """Queue a marketing text to somebody who agreed."""

    def one(**fields):
        with tenant_scope(world.dealership):
            customer = CustomerFactory(dealership=world.dealership)
            ConsentEventFactory(dealership=world.dealership, customer=customer, at=NOW - timedelta(days=9))
            usual = {"purpose": "marketing", "account": sms_account, "places": ["US-TX"]}
            return MessageFactory(dealership=world.dealership, customer=customer, **(usual | fields))

    return one


def claim(now=NOW):
    return claim_batch(limit=100, after_dealership_id=0, full_account_ids=(), now=now)


def reload(message):
    with cross_tenant(reason="test"):
        return Message.objects.get(pk=message.pk)


@pytest.mark.parametrize(
    ("places", "waits_until"),
    [
        (["US-TX"], datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (["US-FL", "US-TX"], datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ([], datetime(2026, 11, 23, 16, tzinfo=UTC)),  # nobody noted a place: the country's cautious hours
        (["US-FL"], None),
    ],
)
def test_a_saturday_text_waits_where_the_place_wants_it(queued, places, waits_until):
    message = queued(places=places, not_before=SATURDAY)

    found = claim(SATURDAY)

    assert [each.id for each in found.messages] == ([] if waits_until else [message.pk])
    assert reload(message).not_before == (waits_until or SATURDAY)


def test_a_claimed_message_knows_when_its_hours_end(queued):
    queued()
    queued(zone_names=["America/Chicago", "America/New_York"], places=["US-FL"])
    queued(purpose="transactional")
    queued(purpose="transactional", is_answer=True)

    found = sorted(claim().messages, key=lambda message: message.id)

    assert [message.hours_end for message in found] == [
        datetime(2026, 11, 20, 23, tzinfo=UTC),  # five in Chicago
        datetime(2026, 11, 21, 1, tzinfo=UTC),  # eight in New York
        datetime(2026, 11, 21, 3, tzinfo=UTC),
        datetime(2026, 11, 21, 3, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("zones", "ends_after"),
    [
        (["America/Chicago"], timedelta(hours=1)),  # eleven at night: as long as it is an answer
        (["Asia/Tokyo"], timedelta(hours=7)),  # two in the afternoon there: until nine
    ],
)
def test_an_answer_at_night_may_go_while_it_is_one(queued, zones, ends_after):
    night = NOW.replace(hour=5)
    queued(purpose="transactional", is_answer=True, zone_names=zones, created_at=night, not_before=night)

    (message,) = claim(night).messages

    assert message.hours_end == night + ends_after


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "sending"),
        ({"body_text": "An oil change is due. STOP to opt out"}, "cancelled"),  # says not who
        ({"body_text": "Live Oak Motors: an oil change is due"}, "cancelled"),  # no way out
        ({"body_text": "An oil change is due", "is_answer": True}, "sending"),
        ({"body_text": "Your car is ready", "purpose": "transactional"}, "sending"),
    ],
)
def test_a_text_that_lacks_what_the_law_wants_is_not_sent(queued, fields, state):
    message = queued(**fields)

    claim()

    held = reload(message)
    assert (held.state, held.reason) == (state, "incomplete" if state == "cancelled" else "")


@pytest.mark.parametrize(
    ("street", "state"), [("100 Congress Ave", "sending"), ("", "cancelled"), ("7 Elm St", "cancelled")]
)
def test_an_e_mail_needs_the_address_the_dealership_has_now(queued, world, street, state):
    world.dealership.street = street
    world.dealership.save(update_fields=["street"])
    with tenant_scope(world.dealership):
        account = ProviderAccount.objects.get(channel="email", is_active=True)
    message = queued(
        channel="email",
        to_address="a@example.com",
        account=account,
        body_text="Live Oak Motors, 100 Congress Ave, Austin. https://x.example/b/AgMDmK0y4lQ3xT0aQ1rP",
    )

    claim()

    assert reload(message).state == state


def test_a_dealerships_own_hours_hold_its_messages_and_no_others(queued, world):
    message = queued()
    afternoon = own_rule(SUBJECTS[0], Hours(week(time(12), time(16))), on=NOW.date())
    with tenant_scope(world.dealership):
        set_own(afternoon, by=world.alice, now=NOW)

    claim()

    assert reload(message).not_before == NOW + timedelta(hours=2)


def test_a_change_of_the_law_holds_what_is_queued_from_its_day_on(queued, world):
    message, late = queued(places=["US-FL"]), queued(places=["US-FL"], not_before=NOW + timedelta(days=3))
    change = LawChange(Hours(week(time(12), time(16))), NOW.date(), "primary", "A test")
    supersede(
        "us-fl.hours.solicitation", replace(change, effective_on=date(2026, 11, 23)), by=world.alice, now=NOW
    )

    assert [each.id for each in claim().messages] == [message.pk]
    assert claim(NOW + timedelta(days=3)).messages == []
    assert reload(late).not_before == datetime(2026, 11, 23, 18, tzinfo=UTC)
