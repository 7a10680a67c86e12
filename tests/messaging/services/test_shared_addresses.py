"""One person in several rows: what they withdrew once holds for all of them."""

import pytest

from common.enums import Channel, Purpose
from customers.signals import contact_points_recorded
from messaging.enums import ConsentSource
from messaging.logic.consent import Said, Standing, standing
from messaging.models import ConsentEvent
from messaging.services import consent, customer_opt_out, shared_addresses
from messaging.services.consent import Evidence
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import ConsentEventFactory, MessageFactory

EMAIL, PHONE = "marisol@mail.example.com", "+15125550123"


def person(dealership, *, phone="", email=""):
    customer = CustomerFactory(dealership=dealership)
    for kind, value in (("phone", phone), ("email", email)):
        if value:
            ContactPointFactory(dealership=dealership, customer=customer, kind=kind, value=value)
    return customer


def is_withdrawn(customer, channel, purpose=Purpose.MARKETING):
    events = ConsentEvent.objects.filter(customer=customer).order_by("-at", "-pk")
    said = [Said(each.channel, each.purpose, each.action, each.source, each.at) for each in events]
    return standing(said, channel=channel, purpose=purpose) is Standing.WITHDRAWN


def comes_in(customer, world):
    contact_points_recorded.send(
        sender=None,
        dealership_id=customer.dealership_id,
        contact_point_ids=list(customer.contact_points.values_list("pk", flat=True)),
        import_id=None,
    )


class TestLink:
    def test_stops_the_same_mailbox_of_another_row_and_nothing_else_of_it(self, dealership, now):
        me = person(dealership, email=EMAIL)
        double = person(dealership, email=EMAIL, phone=PHONE)
        waiting = MessageFactory(dealership=dealership, customer=double, channel="email", to_address=EMAIL)

        cancelled = customer_opt_out.stop(me, choice="everything", wording="Stop all", touch_id=7, now=now)

        waiting.refresh_from_db()
        assert (cancelled, waiting.state, waiting.reason) == (1, "cancelled", "opted_out")
        assert is_withdrawn(double, "email")
        assert not is_withdrawn(double, "sms")
        event = double.consent_events.get()
        assert event.evidence == {"touch_id": 7, shared_addresses.TAKEN_OVER_FROM: me.pk}

    def test_reminders_only_leaves_the_others_confirmations(self, dealership, now):
        me, double = person(dealership, phone=PHONE), person(dealership, phone=PHONE)

        customer_opt_out.stop(me, choice="reminders", wording="", touch_id=0, now=now)

        assert is_withdrawn(double, "sms")
        assert is_withdrawn(double, "voice")
        assert not is_withdrawn(double, "sms", Purpose.TRANSACTIONAL)

    def test_letters_to_one_stop_no_letters_to_another_of_the_house(self, dealership, now):
        me, other = (CustomerFactory(dealership=dealership) for _ in range(2))
        for each in (me, other):
            ContactPointFactory(dealership=dealership, customer=each, kind="postal", value="1 Main St")

        customer_opt_out.stop(me, choice="everything", wording="", touch_id=0, now=now)

        assert not is_withdrawn(other, "letter")

    def test_filler_that_everybody_has_is_not_shared(self, dealership, now):
        people = [person(dealership, email=EMAIL) for _ in range(shared_addresses.MOST_WHO_SHARE + 1)]

        customer_opt_out.stop(people[0], choice="email", wording="", touch_id=0, now=now)

        assert [is_withdrawn(each, "email") for each in people] == [True] + [False] * (len(people) - 1)

    def test_another_dealership_is_another_caller(self, world, dealership, now):
        from common.tenancy import tenant_scope  # noqa: PLC0415

        me = person(dealership, email=EMAIL)
        with tenant_scope(world.other):
            there = person(world.other, email=EMAIL)

        customer_opt_out.stop(me, choice="everything", wording="", touch_id=0, now=now)

        with tenant_scope(world.other):
            assert not is_withdrawn(there, "email")


class TestComingInLater:
    """The next import has the person again, under another customer number."""

    @pytest.mark.parametrize("source", [ConsentSource.LINK, ConsentSource.ADVISOR, ConsentSource.REPLY])
    def test_takes_over_the_stop_in_spite_of_the_attestation(self, world, dealership, now, source):
        me = person(dealership, phone=PHONE)
        consent.withdraw(me, channels=None, purpose=Purpose.MARKETING, evidence=Evidence(source), now=now)
        double = person(dealership, phone=PHONE)

        comes_in(double, world)
        comes_in(double, world)

        assert [is_withdrawn(double, channel) for channel in (Channel.SMS, Channel.VOICE)] == [True, True]
        assert not is_withdrawn(double, "email")
        assert not is_withdrawn(double, "sms", Purpose.TRANSACTIONAL)

    def test_what_was_allowed_again_is_not_taken_over(self, world, dealership, now):
        me = person(dealership, phone=PHONE)
        consent.withdraw(me, channels=None, purpose=None, evidence=Evidence(ConsentSource.LINK), now=now)
        ConsentEventFactory(
            dealership=dealership, customer=me, channel="", action="granted", source="advisor", at=now
        )
        double = person(dealership, phone=PHONE)

        comes_in(double, world)

        assert not is_withdrawn(double, "sms")

    def test_a_refusal_in_one_row_of_the_data_is_about_that_row(self, world, dealership, now):
        me = person(dealership, phone=PHONE)
        consent.withdraw(
            me, channels=None, purpose=None, evidence=Evidence(ConsentSource.DMS_REFUSAL), now=now
        )
        double = person(dealership, phone=PHONE)

        comes_in(double, world)

        assert not is_withdrawn(double, "sms")
