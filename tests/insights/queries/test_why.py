from datetime import date, timedelta

import pytest

from campaigns.models import Step, Touch
from insights.queries import reach
from insights.queries.why import explain
from messaging.models import Message
from tests.conftest import NOW
from tests.factories.campaigns import EnrolmentFactory, TouchFactory
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import (
    ConsentEventFactory,
    MessageFactory,
    ProviderAccountFactory,
    SuppressionFactory,
)


def grounds(explanation) -> dict[str, str]:
    return {ground.label: ground.words for ground in explanation.grounds}


@pytest.fixture
def reminded(make_busy_customer, dealership):
    """A customer with touches 1 (sent), 2 (skipped) and 3 (planned), by step number."""
    car = make_busy_customer()
    touches = {touch.step_number: touch for touch in Touch.objects.filter(enrolment__customer=car.customer)}
    Step.objects.create(
        dealership=dealership,
        version=touches[1].enrolment.version,
        number=2,
        offset_days=-14,
        channel="email",
        send_time="10:00",
    )
    return car.customer, touches


def test_explain_a_skipped_touch_names_every_ground(reminded, near):
    customer, touches = reminded

    why = explain(touches[2].pk, customer_id=customer.pk, near=near)

    assert why.headline == "E-mail not sent. The customer has had enough messages for now"
    assert grounds(why) == {
        "Rule": "Service due, version 1, step 2: 14 days before the due date, this channel, or the next one that "
        "works. Meant for 23 Nov at 10:00 (America/Chicago)",
        "Forecast": "Oil and filter change, 2019 Honda Civic: due 1 Dec when this was planned. Now: likely 23 Nov, "
        "14 Nov to 7 Dec; about 980 mi a month over 6 visits",
        "Consent": "Allowed 16 Oct 2025, 11:00 am, attested by the dealership: “I agree to automated texts and calls.”",
        "Frequency": "1 other reminder in the week before, 0 of them on this channel. Allowed: At most 4 in 7 days over its "
        "channels together. House rule: who gets more than four reminders in seven days feels pestered; At most 1 a day on a "
        "channel. House rule: one reminder a day on a channel; At most 3 in 24 hours over its channels together. House rule "
        "after Fla. Stat. 501.616(6) and 15 O.S. 775C, counted over all channels",
        "Hours": "Open at 9:00 am in America/Chicago: every day 07:00 to 21:00. House rule: no law names hours for "
        "e-mail; nobody is woken by a phone that chimes. The customer may be in Texas",
        "Duplicate guard": "No message exists: this reminder can be handed over at most once",
    }


@pytest.mark.parametrize(
    ("fields", "headline"),
    [
        ({"state": "cancelled", "reason": "opted_out"}, "E-mail not sent. The customer asked us to stop"),
        (
            {"state": "failed", "error_code": "invalid_address"},
            "E-mail not delivered: the address does not exist",
        ),
    ],
)
def test_explain_a_touch_whose_message_did_not_leave_does_not_say_sent(reminded, near, fields, headline):
    customer, touches = reminded
    Message.objects.filter(pk=touches[1].message_id).update(channel="email", **fields)
    Touch.objects.filter(pk=touches[1].pk).update(channel="email")

    assert explain(touches[1].pk, customer_id=customer.pk, near=near).headline == headline


def test_explain_a_planned_touch_says_when(reminded, near):
    customer, touches = reminded

    why = explain(touches[3].pk, customer_id=customer.pk, near=near)

    assert why.headline == "E-mail planned for Mon 23 Nov, 10:00 am"


def test_explain_a_sent_touch_leaves_its_own_message_out_of_the_count(dealership, near):
    enrolment = EnrolmentFactory(dealership=dealership)
    of = {"dealership": dealership, "customer": enrolment.customer, "purpose": "marketing"}
    message = MessageFactory(
        **of, created_at=NOW, key="touch:of-this-one", attempt_count=2, provider_id="sb_1"
    )
    for hours, state in ((3, "delivered"), (3, "failed"), (30, "delivered")):
        MessageFactory(**of, created_at=NOW - timedelta(hours=hours), state=state)
    touch = TouchFactory(
        dealership=dealership,
        enrolment=enrolment,
        channel="sms",
        state="sent",
        message=message,
        decided_at=NOW,
    )

    found = grounds(explain(touch.pk, customer_id=enrolment.customer_id, near=near))

    assert found["Frequency"].startswith(
        "2 other reminders in the week before, 2 of them on this channel. Held by: At most 1 a day on a channel."
    )
    assert found["Duplicate guard"] == (
        "One message under the key touch:of-this-one, 2 attempts, known to the provider as sb_1"
    )
    assert found["Consent"].startswith("Nothing was said")


def test_explain_counts_only_what_was_said_before_the_decision(dealership, near):
    enrolment = EnrolmentFactory(dealership=dealership)
    ConsentEventFactory(
        dealership=dealership,
        customer=enrolment.customer,
        channel="",
        action="withdrawn",
        source="reply",
        at=NOW,
        wording="stop",
    )
    before = TouchFactory(
        dealership=dealership, enrolment=enrolment, state="sent", decided_at=NOW - timedelta(minutes=1)
    )
    after = TouchFactory(
        dealership=dealership, enrolment=enrolment, state="skipped", reason="opted_out", decided_at=NOW
    )

    found = [
        grounds(explain(touch.pk, customer_id=enrolment.customer_id, near=near))["Consent"]
        for touch in (before, after)
    ]

    assert found[0].startswith("Nothing was said")
    assert found[1] == "Withdrawn today, 10:00 am, reply of the customer: “stop”"


def test_explain_somebody_elses_touch_is_not_there(reminded, near, dealership):
    _, touches = reminded
    stranger = CustomerFactory(dealership=dealership)

    with pytest.raises(Touch.DoesNotExist):
        explain(touches[1].pk, customer_id=stranger.pk, near=near)


def test_reach_says_the_gates_answer_on_each_channel(dealership, near):
    customer = CustomerFactory(dealership=dealership)
    of = {"dealership": dealership, "customer": customer}
    for channel in ("email", "sms", "voice"):
        ProviderAccountFactory(dealership=dealership, channel=channel)
    ContactPointFactory(**of, kind="email", value="ana@example.com")
    ContactPointFactory(**of, kind="phone", value="+15125550155")
    SuppressionFactory(dealership=dealership, channel="email", address="ana@example.com", reason="bounced")
    ConsentEventFactory(**of, channel="sms", action="withdrawn", source="reply", at=NOW - timedelta(days=1))

    found = {one.channel: (one.words, one.note) for one in reach.of_customer(customer.pk, near=near)}

    assert found == {
        "email": ("No", "The address must not be used: it bounced, or its owner complained or blocked us"),
        "sms": ("No", "The customer asked us to stop"),
        "voice": ("No", "The customer never agreed to this channel"),
        "letter": ("No", "No address for this channel is known"),
    }


def test_reach_on_a_night_says_from_when(dealership, near):
    customer = CustomerFactory(dealership=dealership)
    of = {"dealership": dealership, "customer": customer}
    ProviderAccountFactory(dealership=dealership, channel="sms")
    ContactPointFactory(**of, value="+15125550155")
    ConsentEventFactory(**of, at=NOW - timedelta(days=1))
    saturday_night = type(near)(now=NOW + timedelta(days=1, hours=12), zone=near.zone)

    found = {one.channel: one for one in reach.of_customer(customer.pk, near=saturday_night)}

    assert saturday_night.today == date(2026, 11, 21)
    assert found["sms"].words.startswith("From Mon 23 Nov, ")
    assert found["sms"].note == (
        "Quiet hours where the customer lives. United States: Monday to Friday 10:00 to 17:00, not on holidays. The "
        "hours that every state looked up allows, Maine and Rhode Island (R.I. Gen. Laws 5-61-3.6) the narrowest"
    )


@pytest.mark.parametrize(
    ("phone", "hour", "words"),
    [
        # Nine in the evening in Miami: Florida's own hours end at eight, ours as early.
        ("+13055550100", 25, "Closed at 8:00 pm in America/New_York, by: Florida: every day 08:00 to 20:00"),
        ("+15125550100", 23, "Closed at 5:00 pm in America/Chicago, by: United States: Monday to Friday"),
        ("+15125550100", 22, "Open at 4:00 pm in America/Chicago: "),
    ],
)
def test_explain_names_the_rule_that_decided_and_its_source(dealership, near, phone, hour, words):
    enrolment = EnrolmentFactory(dealership=dealership)
    ContactPointFactory(dealership=dealership, customer=enrolment.customer, value=phone)
    touch = TouchFactory(
        dealership=dealership,
        enrolment=enrolment,
        channel="sms",
        reason="quiet_hours",
        decided_at=NOW.replace(hour=0) + timedelta(hours=hour),
    )

    found = grounds(explain(touch.pk, customer_id=enrolment.customer_id, near=near))["Hours"]

    assert found.startswith(words)
    assert found.endswith(f"The customer may be in {'Florida' if '305' in phone else 'Texas'}")
    assert "47 CFR 64.1200(c)(1)" in found
