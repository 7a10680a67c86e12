"""An appointment that falls through: the reminders it ended go on, later, and never one a second time."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from booking.enums import AppointmentStatus
from booking.services import appointments
from campaigns.enums import EndReason, EnrolmentState, TouchState
from campaigns.models import Enrolment, EnrolmentItem, Touch
from campaigns.services import continuations, dispatch, endings, reactions
from common.enums import Purpose
from customers.enums import VehicleStatus
from customers.models import Forecast, Vehicle
from messaging.enums import ConsentSource, MessageState
from messaging.models import Message
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.campaigns.worlds import a_customer, a_due_car, enrol, touches_of
from tests.factories.booking import AppointmentFactory

ENROLLED_AT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
EMAIL_AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
CANCELLED_AT = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)  # the text was to come the day before
DUE_ON = date(2026, 12, 8)


@pytest.fixture
def car(dealership):
    """The e-mail went out, they booked by it, the text of 1 December was skipped."""
    car = a_due_car(dealership, due_on=DUE_ON)
    enrol(ENROLLED_AT)
    dispatch.dispatch_batch(now=EMAIL_AT)
    Message.objects.update(state=MessageState.ACCEPTED, accepted_at=EMAIL_AT)
    return car


@pytest.fixture
def appointment(car):
    return booked(car)


def booked(car, **fields):
    fields = {"customer": car.customer, "vehicle": car, "starts_at": CANCELLED_AT} | fields
    appointment = AppointmentFactory(dealership=car.dealership, **fields)
    reactions.end_for_appointment(appointment.pk, now=EMAIL_AT + timedelta(hours=2))
    return appointment


def fall_through(appointment, *, now=CANCELLED_AT):
    type(appointment).objects.filter(pk=appointment.pk).update(status=AppointmentStatus.CANCELLED)
    return continuations.continue_after(appointment.pk, now=now)


def open_steps():
    rows = Touch.objects.filter(state=TouchState.PLANNED).order_by("step_number")
    return list(rows.values_list("step_number", "local_on"))


@pytest.mark.parametrize("turn", [appointments.cancel, appointments.mark_no_show])
def test_continue_after_the_advisors_word_the_steps_not_sent_come_after_some_days(car, appointment, turn):
    with time_machine.travel(CANCELLED_AT, tick=False):
        assert turn(appointment, by=None, now=CANCELLED_AT)

    enrolment = Enrolment.objects.get()
    assert (enrolment.state, enrolment.end_reason, enrolment.ended_at) == (EnrolmentState.ACTIVE, "", None)
    assert EnrolmentItem.objects.get().end_reason == ""
    # The grace ends on the 5th; the call of the 8th is near, so the text of the 1st stays left out.
    assert [(step, state) for step, _, _, state, _ in touches_of(enrolment)] == [
        (1, "sent"),
        (2, "skipped"),
        (3, "planned"),
        (4, "planned"),
        (5, "planned"),
    ]
    assert open_steps() == [(3, date(2026, 12, 8)), (4, date(2026, 12, 18)), (5, date(2027, 1, 7))]
    assert dispatch.dispatch_batch(now=CANCELLED_AT + continuations.GRACE).total == 0


def test_continue_after_the_last_day_sends_the_one_step_that_fits(appointment):
    late = datetime(2027, 1, 12, 16, 0, tzinfo=UTC)  # every day of the cadence has passed

    assert fall_through(appointment, now=late) == 1
    assert open_steps() == [(5, date(2027, 1, 15))]
    dispatch.dispatch_batch(now=datetime(2027, 1, 15, 19, 0, tzinfo=UTC))
    assert list(Message.objects.order_by("pk").values_list("channel", flat=True)) == ["email", "sms"]


def test_continue_after_every_step_went_out_says_nothing_more(appointment):
    Touch.objects.update(state=TouchState.SENT, reason="")

    assert fall_through(appointment) == 0
    assert Enrolment.objects.get().end_reason == EndReason.BOOKED


def opt_out(car):
    consent.withdraw(
        car.customer,
        channels=None,
        purpose=Purpose.MARKETING,
        evidence=Evidence(ConsentSource.REPLY),
        now=CANCELLED_AT,
    )


@pytest.mark.parametrize(
    "change",
    [
        opt_out,
        lambda car: booked(car, starts_at=CANCELLED_AT + timedelta(days=5)),
        lambda car: booked(car, vehicle=None, starts_at=CANCELLED_AT + timedelta(days=5)),
        lambda _: Forecast.objects.update(cycle_started_on=date(2026, 11, 30)),
        lambda _: Vehicle.objects.update(status=VehicleStatus.SOLD),
        lambda _: Vehicle.objects.update(customer=None),
        lambda _: EnrolmentItem.objects.update(due_on=CANCELLED_AT.date() - timedelta(days=61)),
        lambda _: Enrolment.objects.update(end_reason=EndReason.BY_HAND),
        lambda _: EnrolmentItem.objects.update(end_reason=EndReason.VISITED),
    ],
)
def test_continue_after_where_there_is_no_need_nothing_goes_on(car, appointment, change):
    change(car)

    assert fall_through(appointment) == 0
    assert Enrolment.objects.get().state == EnrolmentState.ENDED
    assert open_steps() == []


def test_continue_after_repeated_changes_nothing(appointment):
    fall_through(appointment)
    before = list(Touch.objects.order_by("pk").values())

    assert fall_through(appointment, now=CANCELLED_AT + timedelta(days=1)) == 0
    assert list(Touch.objects.order_by("pk").values()) == before


def test_continue_after_and_booked_again_ends_again(car, appointment):
    fall_through(appointment)
    booked(car, starts_at=CANCELLED_AT + timedelta(days=9))

    assert Enrolment.objects.get().end_reason == EndReason.BOOKED
    assert open_steps() == []


def test_continue_after_without_a_car_goes_on_with_all_of_the_customer(car, appointment):
    type(appointment).objects.update(vehicle=None)

    assert fall_through(appointment) == 1


def test_continue_after_in_a_household_only_opens_the_car(dealership):
    home = [a_customer(dealership, household_key="h") for _ in range(2)]
    cars = [a_due_car(dealership, due_on=DUE_ON, customer=customer) for customer in home]
    enrol(ENROLLED_AT)
    appointment = booked(cars[0])
    touches = list(Touch.objects.order_by("pk").values())

    assert fall_through(appointment) == 1
    assert list(EnrolmentItem.objects.values_list("end_reason", flat=True)) == ["", ""]
    assert list(Touch.objects.order_by("pk").values()) == touches


def test_continue_after_leaves_what_ended_otherwise(car, appointment):
    other = a_due_car(car.dealership, due_on=DUE_ON, customer=car.customer)
    endings.end_vehicles([other.pk], reason=EndReason.BY_HAND, now=CANCELLED_AT)

    assert fall_through(appointment) == 1
