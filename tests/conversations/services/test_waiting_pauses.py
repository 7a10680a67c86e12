"""While a customer waits for a person no reminder goes to them, however long that takes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic.dispatch import LATEST_BY
from campaigns.models import Enrolment, Pause, Touch
from campaigns.queries import simulation
from campaigns.queries.pauses import said_sold_by
from campaigns.queries.standings import standings
from campaigns.services import dispatch, endings, pauses
from common.tenancy import tenant_scope
from conversations.models import Conversation
from conversations.services import advising, replies, threads
from customers.enums import VehicleStatus
from customers.models import Vehicle
from messaging.enums import MessageState, Reason
from messaging.models import InboundMessage, Message
from messaging.signals import reply_received
from tests.campaigns.worlds import a_customer, a_due_car, add_due_service, enrol
from tests.factories.messaging import InboundMessageFactory

DUE_ON = date(2026, 12, 8)
ENROLLED_AT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
EMAIL_AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
WROTE_AT = EMAIL_AT + timedelta(hours=1)


@pytest.fixture
def car(dealership):
    """Enrolled, and its e-mail is out."""
    car = a_due_car(dealership, due_on=DUE_ON)
    enrol(ENROLLED_AT)
    dispatch.dispatch_batch(now=EMAIL_AT)
    Message.objects.update(state=MessageState.ACCEPTED)
    return car


def write(customer, body, *, at=WROTE_AT):
    inbound = InboundMessageFactory(
        dealership=customer.dealership,
        customer=customer,
        channel="email",
        from_address="marisol@mail.example.com",
        body=body,
        received_at=at,
    )
    reply_received.send(
        sender=InboundMessage, dealership_id=customer.dealership_id, inbound_message_id=inbound.pk
    )
    replies.handle(inbound.pk, now=at)


def sent_from(start, *, days):
    """Let every night and every due touch of some days happen; return how many went out."""
    count = 0
    for day in range(days):
        at = start + timedelta(days=day)
        endings.resume_due(now=at)
        count += dispatch.dispatch_batch(now=at).sent
    return count


@pytest.mark.parametrize(
    "words",
    [
        "I sold the car",
        "This is a disgrace, I am furious",
        "please call me",
        "do you also do tyres?",
        "xyzzy",
    ],
)
def test_nothing_goes_out_while_a_person_is_waited_for(car, words):
    write(car.customer, words)
    assert Conversation.objects.get().state == "waiting"

    assert sent_from(WROTE_AT, days=60) == 0
    assert Enrolment.objects.get().state == EnrolmentState.PAUSED


def test_pause_counts_from_the_advisors_answer(car, world):
    write(car.customer, "please call me")
    answered_at = WROTE_AT + timedelta(days=10)

    advising.answer(car.customer, text="I will.", nonce="n1234567", by=world.bob, now=answered_at)

    assert endings.resume_due(now=answered_at + endings.PAUSE - timedelta(seconds=1)) == 0
    assert endings.resume_due(now=answered_at + endings.PAUSE) == 1


def test_pause_counts_from_closing_the_thread(car, world):
    write(car.customer, "please call me")
    closed_at = WROTE_AT + timedelta(days=20)

    assert threads.settle(car.customer, by=world.bob, now=closed_at)

    assert endings.resume_due(now=closed_at + endings.PAUSE - timedelta(seconds=1)) == 0
    assert endings.resume_due(now=closed_at + endings.PAUSE) == 1
    assert list(Touch.objects.order_by("step_number").values_list("state", flat=True)) == [
        "sent",
        "skipped",
        "skipped",
        "skipped",  # due while the advisor was waited for
        "planned",
    ]


def test_answer_in_a_thread_nobody_waits_in_lengthens_what_is_paused_and_pauses_nothing_else(car, world):
    write(car.customer, "thanks")
    second = WROTE_AT + timedelta(days=12)

    advising.answer(car.customer, text="Gladly.", nonce="n1234567", by=world.bob, now=second)
    assert Enrolment.objects.get().paused_until == second + endings.PAUSE

    Enrolment.objects.update(state=EnrolmentState.ACTIVE, paused_until=None)
    advising.answer(car.customer, text="By the way.", nonce="n1234568", by=world.bob, now=second)
    assert Enrolment.objects.get().state == EnrolmentState.ACTIVE


def test_reminders_begun_while_one_waits_are_kept_back_and_say_why(dealership, world):
    customer = a_customer(dealership)
    threads.hand_over(threads.lock_thread(customer, now=ENROLLED_AT), "asked_for_person", now=ENROLLED_AT)
    a_due_car(dealership, due_on=DUE_ON, customer=customer)
    enrol(ENROLLED_AT)

    done = dispatch.dispatch_batch(now=EMAIL_AT)
    assert (done.sent, done.waiting) == (0, 1)
    first = Touch.objects.order_by("due_at")[0]
    assert (first.state, first.reason) == (TouchState.PLANNED, Reason.WAITS_FOR_ADVISOR)

    dispatch.dispatch_batch(now=first.due_at + LATEST_BY - timedelta(minutes=30))
    first.refresh_from_db()
    assert (first.state, first.reason) == (TouchState.SKIPPED, Reason.WAITS_FOR_ADVISOR)

    threads.settle(customer, by=world.bob, now=EMAIL_AT + timedelta(days=6))
    assert Enrolment.objects.get().state == EnrolmentState.PAUSED


def test_somebody_elses_waiting_keeps_nothing_back(car, dealership):
    other = a_due_car(dealership, due_on=DUE_ON)
    enrol(ENROLLED_AT + timedelta(hours=1))

    write(car.customer, "please call me")

    assert sent_from(EMAIL_AT + timedelta(days=1), days=60) > 0
    assert set(Message.objects.filter(created_at__gt=WROTE_AT).values_list("customer_id", flat=True)) == {
        other.customer_id
    }


def test_another_dealerships_pause_is_not_seen(car, world):
    write(car.customer, "please call me")

    with tenant_scope(world.other):
        assert not Pause.objects.exists()


def test_sold_holds_the_car_after_the_thread_was_closed_until_an_advisor_says_it_is_theirs(car, world):
    write(car.customer, "I sold that car in May")
    threads.settle(car.customer, by=world.bob, now=WROTE_AT)
    resumed_at = WROTE_AT + endings.PAUSE

    assert sent_from(resumed_at, days=10) == 0
    assert standings([car.pk], now=resumed_at)[car.pk].reason == Reason.SAID_SOLD
    assert [said.vehicle_id for said in said_sold_by(car.customer_id)] == [car.pk]

    assert pauses.settle_kept(car, by=world.bob, now=resumed_at + timedelta(days=10))
    assert not pauses.settle_kept(car, by=world.bob, now=resumed_at)
    assert said_sold_by(car.customer_id) == []
    assert sent_from(resumed_at + timedelta(days=10), days=60) > 0


def test_sold_settled_by_an_advisor_ends_its_reminders_for_good(car, world):
    write(car.customer, "I sold that car in May")

    assert pauses.settle_sold(car, by=world.bob, now=WROTE_AT)
    assert not pauses.settle_sold(car, by=world.bob, now=WROTE_AT)

    assert Vehicle.objects.get(pk=car.pk).status == VehicleStatus.SOLD
    enrolment = Enrolment.objects.get()
    assert (enrolment.state, enrolment.end_reason) == (EnrolmentState.ENDED, "vehicle_gone")


def test_sold_holds_only_the_cars_the_reminder_was_about(car, dealership, world):
    second = a_due_car(dealership, due_on=DUE_ON + timedelta(days=90), customer=car.customer)

    write(car.customer, "sold it")

    assert list(Pause.objects.exclude(vehicle=None).values_list("vehicle_id", flat=True)) == [car.pk]
    assert second.pk != car.pk


def test_sold_leaves_the_other_car_of_the_same_enrolment_going_on(dealership, world):
    customer = a_customer(dealership)
    sold = a_due_car(dealership, due_on=DUE_ON, customer=customer)
    kept = a_due_car(dealership, due_on=DUE_ON + timedelta(days=3), customer=customer)
    Vehicle.objects.filter(pk=sold.pk).update(model="Ridgeline")
    enrol(ENROLLED_AT)
    assert Enrolment.objects.get().items.count() == 2
    pauses.hold_said_sold(customer.pk, vehicle_ids=[sold.pk], now=ENROLLED_AT)

    assert dispatch.dispatch_batch(now=EMAIL_AT).sent == 1
    text = Message.objects.get().body_text
    assert (kept.model in text, "Ridgeline" in text) == (True, False)


def test_sold_says_nothing_about_the_next_owner(car, dealership):
    write(car.customer, "sold it")
    buyer = a_customer(dealership)

    Vehicle.objects.filter(pk=car.pk).update(customer=buyer)
    add_due_service(car, due_on=DUE_ON + timedelta(days=1), service=1)

    assert standings([car.pk], now=WROTE_AT)[car.pk].reason == ""
    assert said_sold_by(car.customer_id) == []


def test_simulation_holds_back_what_the_dispatcher_holds_back(car, dealership):
    write(car.customer, "please call me")
    sold = a_due_car(dealership, due_on=DUE_ON + timedelta(days=20))
    pauses.hold_said_sold(sold.customer_id, vehicle_ids=[sold.pk], now=WROTE_AT)

    touches = simulation.simulate(days=60, now=WROTE_AT).touches

    assert [touch for touch in touches if touch.is_sent] == []
    assert Reason.SAID_SOLD in {touch.reason for touch in touches if touch.customer_id == sold.customer_id}
