"""What ends or holds reminders, through the signals that tell of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from booking.enums import AppointmentStatus
from booking.signals import appointment_changed
from campaigns.enums import EndReason, EnrolmentState, TouchState
from campaigns.models import Enrolment, EnrolmentItem, Outcome, Touch
from campaigns.services import dispatch, endings, reactions, takeovers
from campaigns.signals import enrolment_ended
from common.enums import Channel, Purpose
from common.tenancy import tenant_scope
from customers.enums import VehicleStatus
from customers.models import Forecast, Vehicle, Visit
from customers.signals import forecasts_refreshed, vehicle_status_changed, visits_recorded
from messaging.enums import ConsentSource, MessageState, Reason
from messaging.models import InboundMessage, Message, PrintedLetter, ProviderAccount, Suppression
from messaging.services import consent, receipts_processing
from messaging.services.consent import Evidence
from messaging.signals import message_settled, reply_received
from tests.campaigns.worlds import a_customer, a_due_car, enrol, states_of, touches_of
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import VisitFactory
from tests.messaging.services.test_receipts import event, receipt

DUE_ON = date(2026, 12, 8)
ENROLLED_AT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
EMAIL_AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    """Receivers ask the clock: it stands an hour after the e-mail."""
    with time_machine.travel(EMAIL_AT + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def car(dealership):
    """Enrolled, and its e-mail is out."""
    car = a_due_car(dealership, due_on=DUE_ON)
    enrol(ENROLLED_AT)
    dispatch.dispatch_batch(now=EMAIL_AT)
    Message.objects.update(state=MessageState.ACCEPTED)
    return car


def the_enrolment():
    return Enrolment.objects.get()


def assert_ended(reason, touch_reason):
    enrolment = the_enrolment()
    assert (enrolment.state, enrolment.end_reason) == (EnrolmentState.ENDED, reason)
    assert enrolment.ended_at is not None
    assert [(state, why) for *_, state, why in touches_of(enrolment)] == [(TouchState.SENT, "")] + [
        (TouchState.SKIPPED, touch_reason)
    ] * 4
    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(days=60)).total == 0


def tell_visits(*visits):
    visits_recorded.send(
        sender=Visit, dealership_id=visits[0].dealership_id, visit_ids=[visit.pk for visit in visits]
    )


def book(car, **fields):
    fields = {"customer": car.customer, "vehicle": car, "starts_at": EMAIL_AT + timedelta(days=3)} | fields
    appointment = AppointmentFactory(dealership=car.dealership, **fields)
    appointment_changed.send(
        sender=type(appointment),
        dealership_id=car.dealership_id,
        appointment_id=appointment.pk,
        status=appointment.status,
    )


def reply(customer, text="tuesday at 3"):
    inbound = InboundMessage.objects.create(
        dealership=customer.dealership,
        account=ProviderAccount.objects.get(channel=Channel.SMS),
        provider_id=f"in{InboundMessage.objects.count()}",
        channel=Channel.SMS,
        from_address="+15125550000",
        body=text,
        customer=customer,
        received_at=EMAIL_AT,
    )
    reply_received.send(
        sender=InboundMessage, dealership_id=customer.dealership_id, inbound_message_id=inbound.pk
    )


def test_booked_ends_at_once(car):
    heard = []
    enrolment_ended.connect(lambda **told: heard.append((told["enrolment_id"], told["reason"])), weak=False)

    book(car)

    assert_ended(EndReason.BOOKED, Reason.BOOKED)
    assert heard == [(the_enrolment().pk, EndReason.BOOKED)]
    enrolment_ended.receivers.clear()
    enrolment_ended.sender_receivers_cache.clear()


def test_booked_without_a_car_ends_all_of_the_customer(car):
    book(car, vehicle=None)

    assert_ended(EndReason.BOOKED, Reason.BOOKED)


@pytest.mark.parametrize("status", [AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW])
def test_appointment_not_kept_ends_nothing(car, status):
    book(car, status=status)

    assert the_enrolment().state == EnrolmentState.ACTIVE


def test_visited_ends_and_is_credited_once(car):
    visit = VisitFactory(
        dealership=car.dealership, vehicle=car, opened_on=date(2026, 11, 30), customer_pay_cents=12345
    )
    tell_visits(visit)
    tell_visits(visit)

    assert_ended(EndReason.VISITED, Reason.VISITED)
    outcome = Outcome.objects.get()
    assert (outcome.visit_id, outcome.enrolment_id, outcome.touch.step_number, outcome.revenue_cents) == (
        visit.pk,
        the_enrolment().pk,
        1,
        12345,
    )


def test_visit_imported_again_with_more_on_it_updates_what_it_brought(car):
    visit = VisitFactory(dealership=car.dealership, vehicle=car, opened_on=date(2026, 11, 30))
    tell_visits(visit)
    Visit.objects.update(customer_pay_cents=99900)
    tell_visits(visit)

    assert [outcome.revenue_cents for outcome in Outcome.objects.all()] == [99900]


def test_visit_after_booking_is_credited_to_the_reminder(car):
    book(car)
    tell_visits(VisitFactory(dealership=car.dealership, vehicle=car, opened_on=date(2026, 11, 27)))

    assert Outcome.objects.get().touch.step_number == 1


@pytest.mark.parametrize("opened_on", [date(2026, 5, 1), date(2025, 1, 1), date(2026, 11, 8)])
def test_old_visit_ends_nothing_and_is_credited_to_nobody(car, opened_on):
    tell_visits(VisitFactory(dealership=car.dealership, vehicle=car, opened_on=opened_on))

    assert the_enrolment().state == EnrolmentState.ACTIVE
    assert Outcome.objects.count() == 0


def test_visit_void_is_no_visit(car):
    tell_visits(
        VisitFactory(dealership=car.dealership, vehicle=car, opened_on=date(2026, 11, 30), status="void")
    )

    assert the_enrolment().state == EnrolmentState.ACTIVE


def test_visit_of_another_car_changes_nothing(car):
    other = a_due_car(car.dealership, due_on=date(2027, 12, 8), customer=car.customer)
    tell_visits(VisitFactory(dealership=car.dealership, vehicle=other, opened_on=date(2026, 11, 30)))

    assert the_enrolment().state == EnrolmentState.ACTIVE


def test_visit_of_one_car_of_a_household_leaves_the_other_enrolled(dealership):
    home = [a_customer(dealership, household_key="h") for _ in range(2)]
    first, second = (a_due_car(dealership, due_on=DUE_ON, customer=customer) for customer in home)
    enrol(ENROLLED_AT)

    tell_visits(VisitFactory(dealership=dealership, vehicle=first, opened_on=date(2026, 11, 24)))
    assert the_enrolment().state == EnrolmentState.ACTIVE
    assert dict(EnrolmentItem.objects.values_list("vehicle_id", "end_reason")) == {
        first.pk: "visited",
        second.pk: "",
    }

    tell_visits(VisitFactory(dealership=dealership, vehicle=second, opened_on=date(2026, 11, 25)))
    assert the_enrolment().end_reason == EndReason.VISITED


@pytest.mark.parametrize("channels", [None, [Channel.SMS], [Channel.EMAIL, Channel.LETTER]])
@pytest.mark.parametrize("purpose", [None, Purpose.MARKETING])
def test_opted_out_ends_at_once(car, channels, purpose):
    consent.withdraw(
        car.customer, channels=channels, purpose=purpose, evidence=Evidence(ConsentSource.REPLY), now=EMAIL_AT
    )

    assert_ended(EndReason.OPTED_OUT, Reason.OPTED_OUT)


def test_opted_out_of_appointment_messages_keeps_reminders(car):
    consent.withdraw(
        car.customer,
        channels=None,
        purpose=Purpose.TRANSACTIONAL,
        evidence=Evidence(ConsentSource.REPLY),
        now=EMAIL_AT,
    )

    assert the_enrolment().state == EnrolmentState.ACTIVE


def test_message_waiting_in_the_outbox_is_cancelled_with_the_rest(dealership):
    car = a_due_car(dealership, due_on=DUE_ON)
    enrol(ENROLLED_AT)
    dispatch.dispatch_batch(now=EMAIL_AT)

    book(car)

    assert (Message.objects.get().state, Message.objects.get().reason) == (
        MessageState.CANCELLED,
        Reason.BOOKED,
    )
    assert states_of(the_enrolment()) == ["cancelled"] + ["skipped"] * 4


def test_letter_not_printed_yet_is_taken_out_of_the_print_queue(dealership):
    car = a_due_car(dealership, due_on=DUE_ON)
    enrol(ENROLLED_AT)
    dispatch.dispatch_batch(now=EMAIL_AT)
    message = Message.objects.get()
    Message.objects.update(state=MessageState.ACCEPTED, channel=Channel.LETTER)
    Touch.objects.filter(message=message).update(channel=Channel.LETTER)
    PrintedLetter.objects.create(dealership=dealership, key=message.key, path="x.pdf", created_at=EMAIL_AT)

    endings.end(customer_ids=[car.customer_id], reason=EndReason.BOOKED, now=EMAIL_AT)

    message.refresh_from_db()
    assert (message.state, message.reason) == (MessageState.CANCELLED, Reason.BOOKED)
    assert not PrintedLetter.objects.exists()
    assert Touch.objects.get(message=message).state == TouchState.CANCELLED


def test_replied_holds_everything_and_resumes_after_the_pause(car):
    reply(car.customer)

    enrolment = the_enrolment()
    assert enrolment.state == EnrolmentState.PAUSED
    assert enrolment.paused_until == EMAIL_AT + timedelta(hours=1) + endings.PAUSE
    assert [(state, why) for *_, state, why in touches_of(enrolment)][1:] == [("held", Reason.REPLIED)] * 4
    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(days=7)).total == 0

    assert endings.resume_due(now=enrolment.paused_until - timedelta(seconds=1)) == 0
    assert endings.resume_due(now=enrolment.paused_until) == 1
    assert [(state, why) for *_, state, why in touches_of(the_enrolment())] == [
        ("sent", ""),
        ("skipped", Reason.REPLIED),  # its day passed while we talked
        ("planned", ""),
        ("planned", ""),
        ("planned", ""),
    ]


def test_replied_again_late_in_the_pause_lengthens_it(car):
    endings.pause_customers([car.customer_id], now=EMAIL_AT)
    again = EMAIL_AT + endings.PAUSE - timedelta(days=1)

    endings.pause_customers([car.customer_id], now=again)
    endings.resume_due(now=again + timedelta(days=2))

    enrolment = the_enrolment()
    assert (enrolment.state, enrolment.paused_until) == (EnrolmentState.PAUSED, again + endings.PAUSE)


def test_replied_then_booked_ends(car):
    reply(car.customer)
    book(car)

    assert_ended(EndReason.BOOKED, Reason.BOOKED)


def test_reply_from_nobody_we_know_holds_nothing(car):
    inbound = InboundMessage.objects.create(
        dealership=car.dealership,
        account=ProviderAccount.objects.get(channel=Channel.SMS),
        provider_id="x",
        channel=Channel.SMS,
        from_address="+15125559999",
        body="who is this",
        received_at=EMAIL_AT,
    )

    assert reactions.pause_for_reply(inbound.pk, now=EMAIL_AT) == 0


def test_vehicle_sold_ends(car):
    Vehicle.objects.update(status=VehicleStatus.SOLD)
    vehicle_status_changed.send(sender=Vehicle, dealership_id=car.dealership_id, vehicle_ids=[car.pk])

    assert_ended(EndReason.VEHICLE_GONE, Reason.VEHICLE_GONE)


def test_service_done_meanwhile_ends(car):
    Forecast.objects.update(cycle_started_on=date(2026, 11, 22))
    forecasts_refreshed.send(sender=Forecast, dealership_id=car.dealership_id, vehicle_ids=[car.pk])

    assert_ended(EndReason.NO_LONGER_DUE, Reason.NO_LONGER_DUE)


def test_forecast_refreshed_in_the_same_cycle_ends_nothing(car):
    forecasts_refreshed.send(sender=Forecast, dealership_id=car.dealership_id, vehicle_ids=[car.pk])

    assert the_enrolment().state == EnrolmentState.ACTIVE


def settle(message, *, is_permanent=True, state=MessageState.FAILED):
    Message.objects.filter(pk=message.pk).update(state=state)
    message_settled.send(
        sender=Message,
        dealership_id=message.dealership_id,
        message_id=message.pk,
        state=state,
        is_permanent=is_permanent,
    )


def test_failed_for_good_has_the_next_channel_take_over(car):
    settle(Message.objects.get())
    settle(Message.objects.get())  # told twice

    assert touches_of(the_enrolment())[:2] == [
        (1, 0, Channel.EMAIL, "sent", Reason.DELIVERY_FAILED),
        (1, 1, Channel.SMS, "planned", ""),
    ]
    assert dispatch.dispatch_batch(now=EMAIL_AT + timedelta(hours=2)).sent == 1
    assert Message.objects.order_by("pk").last().channel == Channel.SMS


def test_stop_that_could_not_end_the_reminders_still_holds_on_every_channel(car, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr(reactions, "end_for_opt_out", fail)
    evidence = Evidence(ConsentSource.REPLY)
    consent.withdraw(car.customer, channels=[Channel.SMS], purpose=None, evidence=evidence, now=EMAIL_AT)
    assert the_enrolment().state == EnrolmentState.ACTIVE

    done = dispatch.dispatch_batch(now=Touch.objects.get(step_number=2).due_at)

    assert (done.sent, done.skipped) == (0, 1)
    assert touches_of(the_enrolment())[1] == (2, 0, Channel.SMS, "skipped", Reason.OPTED_OUT)


def report_failure(message, code):
    """Have the provider report, some time after it took a message, that it failed."""
    receipt(message.account, "late", **event("failed", reference=message.key, code=code))
    receipts_processing.process(now=EMAIL_AT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("code", "suppressed"), [("blocked", ["blocked"]), ("turned_away", []), ("rejected_content", [])]
)
def test_reported_as_failed_for_good_has_the_next_channel_take_over(car, code, suppressed):
    message = Message.objects.get()

    report_failure(message, code)

    assert touches_of(the_enrolment())[:2] == [
        (1, 0, Channel.EMAIL, "sent", Reason.DELIVERY_FAILED),
        (1, 1, Channel.SMS, "planned", ""),
    ]
    assert list(Suppression.objects.values_list("reason", flat=True)) == suppressed
    assert set(Suppression.objects.values_list("channel", "address")) <= {("email", message.to_address)}
    message.refresh_from_db()
    assert (message.state, message.error_code) == (MessageState.FAILED, code)


@pytest.mark.parametrize("code", ["temporary", "expired", "opted_out", "complained"])
def test_reported_as_failed_for_now_or_by_their_own_word_takes_nothing_over(car, code):
    report_failure(Message.objects.get(), code)

    assert Touch.objects.count() == 5


def test_failed_on_every_channel_gives_up_the_step(car):
    settle(Message.objects.get())
    dispatch.dispatch_batch(now=EMAIL_AT + timedelta(hours=2))
    settle(Message.objects.order_by("pk").last())

    assert [row[:2] for row in touches_of(the_enrolment())] == [
        (1, 0),
        (1, 1),
        (2, 0),
        (3, 0),
        (4, 0),
        (5, 0),
    ]


@pytest.mark.parametrize(
    "told", [{"is_permanent": False}, {"state": MessageState.DELIVERED}, {"state": MessageState.CANCELLED}]
)
def test_settled_otherwise_plans_nothing(car, told):
    settle(Message.objects.get(), **told)

    assert Touch.objects.count() == 5


def test_failed_after_the_end_plans_nothing(car):
    book(car)
    settle(Message.objects.get())

    assert Touch.objects.count() == 5


def test_take_over_message_of_no_touch_plans_nothing(car):
    assert takeovers.take_over(10**9, now=EMAIL_AT) is None


def test_complete_finished_waits_until_the_last_message_has_settled(car):
    Touch.objects.exclude(step_number=1).delete()

    assert endings.complete_finished(now=EMAIL_AT + timedelta(days=6)) == 0
    assert endings.complete_finished(now=EMAIL_AT + timedelta(days=8)) == 1
    assert the_enrolment().end_reason == EndReason.COMPLETED


def test_complete_finished_leaves_those_with_touches_to_come(car):
    assert endings.complete_finished(now=EMAIL_AT + timedelta(days=300)) == 0


def test_end_repeated_or_unknown_is_harmless(car):
    assert endings.end(enrolment_ids=[the_enrolment().pk], reason=EndReason.BY_HAND, now=EMAIL_AT) == 1
    assert endings.end(enrolment_ids=[the_enrolment().pk], reason=EndReason.BOOKED, now=EMAIL_AT) == 0
    assert endings.end(enrolment_ids=[10**9], reason=EndReason.BOOKED, now=EMAIL_AT) == 0
    assert_ended(EndReason.BY_HAND, Reason.BY_HAND)


def test_endings_keep_to_their_dealership(world, car):
    with tenant_scope(world.other):
        assert (
            endings.end(
                enrolment_ids=[1, car.pk], customer_ids=[car.customer_id], reason="booked", now=EMAIL_AT
            )
            == 0
        )
        assert endings.end_vehicles([car.pk], reason=EndReason.VISITED, now=EMAIL_AT) == 0
        assert endings.pause_customers([car.customer_id], now=EMAIL_AT) == 0
    assert the_enrolment().state == EnrolmentState.ACTIVE
