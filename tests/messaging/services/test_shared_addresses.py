"""One person in several rows: what they withdrew once holds for all of them."""

import pytest

from common.enums import Channel, Purpose
from common.tenancy import tenant_scope
from customers.signals import Refusal, contact_points_recorded
from messaging.enums import ConsentSource
from messaging.logic.consent import Said, Standing, standing
from messaging.models import ConsentEvent
from messaging.services import consent, customer_opt_out, imported_refusals, shared_addresses
from messaging.services.consent import Evidence
from messaging.signals import consent_withdrawn
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

    def test_takes_over_do_not_contact_of_another_row(self, world, dealership, now):
        me = person(dealership, phone=PHONE)
        consent.withdraw(
            me, channels=None, purpose=None, evidence=Evidence(ConsentSource.DMS_REFUSAL), now=now
        )
        double = person(dealership, phone=PHONE)

        comes_in(double, world)

        assert [is_withdrawn(double, channel) for channel in ("sms", "voice", "email")] == [True, True, False]


def refused(customer, *, channel=None, is_new=False):
    return Refusal(
        customer_id=customer.pk,
        source="dms_refusal",
        channel=channel,
        evidence={"column": "BlockAutoMsg", "value": "Y"},
        is_customer_new=is_new,
    )


class TestRefusalInTheData:
    """BlockAutoMsg=Y stands on one of three rows of the same person."""

    def test_covers_all_rows_with_that_number_or_mailbox_and_stops_what_is_queued(self, dealership, now):
        me = person(dealership, phone=PHONE, email=EMAIL)
        by_phone, by_email = person(dealership, phone=PHONE), person(dealership, email=EMAIL)
        stranger = person(dealership, phone="+15125550199")
        waiting = MessageFactory(dealership=dealership, customer=by_phone, channel="sms", to_address=PHONE)

        assert imported_refusals.record([refused(me)], now=now) == 4
        assert imported_refusals.record([refused(me)], now=now) == 0

        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == ("cancelled", "opted_out")
        found = {
            each: [
                is_withdrawn(each, channel, Purpose.TRANSACTIONAL) for channel in ("sms", "voice", "email")
            ]
            for each in (me, by_phone, by_email, stranger)
        }
        assert list(found.values()) == [
            [True, True, True],
            [True, True, False],
            [False, False, True],
            [False, False, False],
        ]
        assert by_phone.consent_events.first().evidence == {
            "column": "BlockAutoMsg",
            "value": "Y",
            shared_addresses.TAKEN_OVER_FROM: me.pk,
        }

    def test_of_one_channel_covers_that_channel_only(self, dealership, now):
        me, double = person(dealership, phone=PHONE), person(dealership, phone=PHONE)

        imported_refusals.record([refused(me, channel="sms")], now=now)

        assert [is_withdrawn(double, channel) for channel in ("sms", "voice")] == [True, False]

    def test_tells_the_apps_above_of_each(self, dealership, now, told):
        me, double = person(dealership, email=EMAIL), person(dealership, email=EMAIL)

        imported_refusals.record([refused(me, is_new=True)], now=now)

        assert told == [(double.pk, "email", None)]

    def test_by_filler_that_everybody_has_covers_nobody_else(self, dealership, now):
        people = [person(dealership, phone=PHONE) for _ in range(shared_addresses.MOST_WHO_SHARE + 1)]

        assert imported_refusals.record([refused(people[0])], now=now) == 1

    def test_that_is_known_lifts_no_yes_said_since_by_the_same_number(self, dealership, now):
        me = person(dealership, phone=PHONE)
        imported_refusals.record([refused(me)], now=now)
        double = person(dealership, phone=PHONE)
        ConsentEventFactory(
            dealership=dealership, customer=double, channel="sms", action="granted", source="reply", at=now
        )

        assert imported_refusals.record([refused(me)], now=now) == 0
        assert not is_withdrawn(double, "sms")

    def test_that_is_known_still_covers_who_has_the_number_by_now(self, dealership, now):
        me = person(dealership, phone=PHONE)
        imported_refusals.record([refused(me)], now=now)
        double = person(dealership, phone=PHONE)

        assert imported_refusals.record([refused(me)], now=now) == 2
        assert is_withdrawn(double, "sms")

    def test_own_refusal_goes_before_what_another_row_says(self, dealership, now):
        me, double = person(dealership, phone=PHONE), person(dealership, phone=PHONE)

        imported_refusals.record([refused(me), refused(double, channel="sms")], now=now)

        own = double.consent_events.get(channel="sms")
        assert shared_addresses.TAKEN_OVER_FROM not in own.evidence

    def test_another_dealership_is_another_caller(self, world, dealership, now):
        me = person(dealership, phone=PHONE)
        with tenant_scope(world.other):
            there = person(world.other, phone=PHONE)

        imported_refusals.record([refused(me)], now=now)

        with tenant_scope(world.other):
            assert not is_withdrawn(there, "sms")


@pytest.fixture
def told():
    heard = []

    def hear(*, customer_id, channel, purpose, **_):
        heard.append((customer_id, channel, purpose))

    consent_withdrawn.connect(hear)
    yield heard
    consent_withdrawn.disconnect(hear)
