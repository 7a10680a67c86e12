from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from booking.models import Appointment, BookingRules, CapacitySlot
from booking.services import appointments
from campaigns.models import Enrolment
from common.tenancy import tenant_scope
from conversations.enums import Action, ConversationState, WaitingReason
from conversations.models import Conversation, Understanding
from conversations.services import replies, threads
from messaging.models import InboundMessage, Message, ProviderAccount
from messaging.signals import reply_received
from tests.conversations.conftest import EMAIL, HOUR, PHONE, TUESDAY_3PM, answers, last_reply, thread
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import CustomerFactory, VehicleFactory
from tests.factories.messaging import InboundMessageFactory, MessageFactory


def test_a_day_and_time_books_and_confirms(write, reminder, vehicle, now):
    assert write("tuesday at 3 works") == Action.BOOKED

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.vehicle, appointment.source) == (TUESDAY_3PM, vehicle, "reply")
    assert appointment.note == "tuesday at 3 works"
    (answer,) = answers()
    assert answer.body_text == (
        "Booked: Tue, Nov 24 at 3 PM for your 2019 Honda Civic. Live Oak Motors, 100 Congress Ave, Austin. "
        "To change it, just reply."
    )
    assert (answer.channel, answer.to_address, answer.purpose) == ("sms", PHONE, "transactional")
    assert (answer.priority, answer.is_answer, answer.attachments, answer.subject) == (0, True, [], "")
    assert thread().state == ConversationState.CLOSED


def test_what_was_understood_is_kept(write, reminder, now):
    write("tuesday at 3 works")

    row = Understanding.objects.get()
    assert (row.intents, row.date, row.time) == (["accept", "propose"], date(2026, 11, 24), time(15))
    assert (row.action, row.rule, row.created_at) == ("booked", "weekday, time", now)
    assert row.confidence > 0.9


def test_the_same_reply_twice_books_and_answers_once(write, reminder, now):
    write("tuesday at 3 works")

    assert replies.handle(last_reply().pk, now=now + HOUR) is None

    assert Appointment.objects.count() == 1
    assert len(answers()) == 1
    assert Understanding.objects.count() == 1


def test_a_taken_time_is_answered_with_the_nearest_and_booked_by_number(write, reminder, dealership):
    BookingRules.objects.update(capacity_per_slot=1)
    AppointmentFactory(dealership=dealership, slot__capacity=1, slot__used=1)

    assert write("tuesday at 3 works") == Action.ASKED
    assert answers()[0].body_text == (
        "Live Oak Motors: that time is not free, but we have Tue, Nov 24: 1) 2:30 PM 2) 3:30 PM 3) 4 PM. "
        "Reply 1, 2 or 3, or another day."
    )
    assert len(thread().offered) == 3

    assert write("2") == Action.BOOKED
    assert Appointment.objects.latest("pk").starts_at == TUESDAY_3PM + HOUR / 2
    assert thread().offered == []


def test_a_yes_is_answered_with_three_times(write, reminder):
    assert write("yes please") == Action.ASKED

    assert answers()[0].body_text == (
        "Live Oak Motors: for your 2019 Honda Civic we have 1) Fri, Nov 20 at 12 PM 2) Sat, Nov 21 at 10 AM "
        "3) Mon, Nov 23 at 2:30 PM. Reply 1, 2 or 3, or another day."
    )
    assert thread().state == ConversationState.OPEN


def test_a_whole_talk_to_a_booking(write, reminder):
    assert write("yes") == Action.ASKED
    assert write("no, next week") == Action.ASKED
    assert write("thursday afternoon?") == Action.ASKED
    assert write("the second one") == Action.BOOKED

    assert Appointment.objects.get().local_on == date(2026, 11, 26)
    assert [row.action for row in Understanding.objects.order_by("pk")] == [
        "asked",
        "asked",
        "asked",
        "booked",
    ]


def test_a_fourth_question_is_not_asked(write, reminder):
    for _ in range(3):
        assert write("next week") == Action.ASKED

    assert write("next week") == Action.HANDED_OVER

    assert (thread().state, thread().waiting_reason) == ("waiting", WaitingReason.MANY_QUESTIONS)
    assert len(answers()) == 3


def test_questions_of_an_earlier_exchange_do_not_count(write, reminder, now):
    for _ in range(3):
        write("next week")

    assert write("next week", at=now + timedelta(days=8)) == Action.ASKED


def test_what_is_not_understood_waits_for_an_advisor_unanswered(write, reminder, now):
    assert write("the blue one I think") == Action.HANDED_OVER

    found = thread()
    assert (found.state, found.waiting_reason, found.waiting_since) == ("waiting", "not_understood", now)
    assert answers() == []


def test_while_it_waits_only_a_clear_booking_is_acted_on(write, reminder, now):
    write("how much is it?")

    assert write("ok") == Action.HANDED_OVER
    assert write("tuesday at 3 then", at=now + HOUR) == Action.BOOKED

    assert (thread().state, thread().waiting_since) == ("waiting", now)
    assert thread().waiting_reason == WaitingReason.ASKED_QUESTION


def test_an_answer_to_an_advisor_is_for_the_advisor(write, reminder, dealership, customer, now):
    MessageFactory(dealership=dealership, customer=customer, key="advisor:1", created_at=now - HOUR / 2)

    assert write("tuesday at 3") == Action.HANDED_OVER

    assert thread().waiting_reason == WaitingReason.ANSWERS_ADVISOR
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("asked_back", ["can we make it 4 instead", "reschedule to tuesday at 4"])
def test_an_appointment_is_moved(write, reminder, asked_back):
    write("tuesday at 3")

    assert write(asked_back) == Action.MOVED

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.sequence) == (TUESDAY_3PM + HOUR, 1)
    assert answers()[-1].body_text == (
        "Moved: your appointment for your 2019 Honda Civic is now Tue, Nov 24 at 4 PM. Live Oak Motors. "
        "To change it, just reply."
    )


def test_another_time_without_a_word_of_moving_is_asked_about_and_moved_by_yes(write, reminder):
    write("tuesday at 3")

    assert write("wednesday at 9") == Action.ASKED
    assert answers()[-1].body_text == (
        "Live Oak Motors: you are booked for Tue, Nov 24 at 3 PM. Move it to Wed, Nov 25 at 9 AM? "
        "Reply YES, or another day and time."
    )
    assert Appointment.objects.get().starts_at == TUESDAY_3PM

    assert write("yes") == Action.MOVED
    assert Appointment.objects.get().local_on == date(2026, 11, 25)


def test_asking_for_the_time_one_has_says_it_again(write, reminder):
    BookingRules.objects.update(capacity_per_slot=1)
    write("tuesday at 3")

    assert write("tuesday at 3, right?") == Action.CONFIRMED

    assert Appointment.objects.count() == 1
    assert answers()[-1].body_text.startswith("Booked: Tue, Nov 24 at 3 PM")


def test_an_appointment_is_cancelled_and_its_place_is_free(write, reminder):
    write("tuesday at 3")

    assert write("sorry I have to cancel my appointment") == Action.CANCELLED

    assert Appointment.objects.get().status == "cancelled"
    assert CapacitySlot.objects.get().used == 0
    assert answers()[-1].body_text == (
        "Your appointment on Tue, Nov 24 at 3 PM is cancelled. Reply with a day and time to book again. Live Oak Motors"
    )


def test_a_new_time_after_a_cancellation_is_a_new_appointment(write, reminder):
    write("tuesday at 3")
    write("I need to cancel my appointment")

    assert write("tuesday at 3") == Action.BOOKED
    assert Appointment.objects.filter(status="booked").count() == 1


@pytest.mark.parametrize(("text", "end_reason"), [("no thanks", "declined"), ("not now", "")])
def test_a_no_is_answered_politely_and_ends_the_reminders(write, reminder, text, end_reason):
    assert write(text) == Action.CLOSED

    assert len(answers()) == 1
    assert thread().state == ConversationState.CLOSED
    assert Enrolment.objects.get().end_reason == end_reason


def test_a_booking_by_reply_ends_the_reminders(write, reminder):
    write("tuesday at 3")

    assert Enrolment.objects.get().end_reason == "booked"


def test_thanks_after_a_booking_is_not_answered(write, reminder):
    write("tuesday at 3")

    assert write("ok thank you!") == Action.IGNORED
    assert len(answers()) == 1


def test_an_e_mail_is_answered_by_e_mail_with_a_calendar_entry(write, reminder):
    body = (
        "Tuesday at 3 works\n\nOn Fri, Nov 20, 2026 at 9:00 AM Live Oak <s@x.example> wrote:\n> monday at 8?"
    )

    assert write(body, channel="email", from_address=EMAIL, subject="Your Civic") == Action.BOOKED

    (answer,) = answers()
    assert (answer.channel, answer.to_address) == ("email", EMAIL)
    assert answer.subject == "Your appointment: Tuesday, November 24 at 3 PM"
    (attachment,) = answer.attachments
    assert (attachment["name"], attachment["content_type"]) == (
        "appointment.ics",
        "text/calendar; charset=utf-8",
    )
    (event,) = Calendar.from_ical(attachment["text"]).walk("VEVENT")
    assert event["UID"] == str(Appointment.objects.get().uid)
    assert event["DTSTART"].dt == TUESDAY_3PM
    assert event["ATTENDEE"] == f"MAILTO:{EMAIL}"
    assert event["SUMMARY"] == "Live Oak Motors · 2019 Honda Civic"


def test_a_moved_appointment_updates_the_same_calendar_entry(write, reminder):
    write("tuesday at 3", channel="email", from_address=EMAIL)
    write("move it to 4 please", channel="email", from_address=EMAIL)
    write("I have to cancel it", channel="email", from_address=EMAIL)

    events = [Calendar.from_ical(answer.attachments[0]["text"]).walk("VEVENT")[0] for answer in answers()]
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert len({event["UID"] for event in events}) == 1


def test_an_e_mail_question_keeps_the_subject(write, reminder):
    write("next week", channel="email", from_address=EMAIL, subject="Your Civic is due")
    write("next week", channel="email", from_address=EMAIL, subject="Re: Your Civic is due")

    assert [answer.subject for answer in answers()] == ["Re: Your Civic is due"] * 2


def test_a_key_in_a_call_brings_offers_and_then_books(write, reminder):
    assert write("1", channel="voice") == Action.ASKED
    assert answers()[0].body_text.endswith("Press 9 for no more calls.")

    assert write("2", channel="voice") == Action.BOOKED

    appointment = Appointment.objects.get()
    assert (appointment.source, appointment.local_on) == ("call", date(2026, 11, 21))


def test_an_unknown_key_in_a_call_waits_for_an_advisor(write, reminder):
    assert write("5", channel="voice") == Action.HANDED_OVER


def test_the_answer_is_in_the_language_of_the_reply(write, reminder):
    write("el martes a las 3 por favor")

    assert answers()[0].body_text.startswith("Reservado: mar 24 nov a las 3 pm para su 2019 Honda Civic.")


def test_the_answer_is_in_the_language_of_the_customer(write, reminder, customer):
    customer.language = "es"
    customer.save()

    write("ok")

    assert answers()[0].body_text.startswith("Live Oak Motors: para su 2019 Honda Civic tenemos")


def test_without_a_reminder_the_only_car_is_meant(write, vehicle):
    write("tuesday at 3")

    assert Appointment.objects.get().vehicle == vehicle


def test_without_a_reminder_two_cars_leave_the_car_open(write, vehicle, dealership, customer):
    VehicleFactory(dealership=dealership, customer=customer, model="Odyssey")

    write("tuesday at 3")

    assert Appointment.objects.get().vehicle is None
    assert answers()[0].body_text.startswith("Booked: Tue, Nov 24 at 3 PM. Live Oak Motors")


def test_with_two_cars_the_one_the_reminder_was_about_is_meant(
    write, reminder, vehicle, dealership, customer
):
    VehicleFactory(dealership=dealership, customer=customer, model="Odyssey")

    write("tuesday at 3", in_reply_to=reminder)

    assert Appointment.objects.get().vehicle == vehicle


def test_a_car_sold_to_somebody_else_is_not_booked_for_the_old_owner(write, reminder, vehicle, dealership):
    vehicle.customer = CustomerFactory(dealership=dealership)
    vehicle.save()

    write("tuesday at 3")

    assert Appointment.objects.get().vehicle is None


def test_a_reply_from_nobody_we_know_is_left_alone(write, reminder, dealership, now):
    assert write("tuesday at 3", customer=None) is None

    assert not Conversation.objects.exists()
    assert not Appointment.objects.exists()


def test_our_own_failure_leaves_the_reply_to_an_advisor(write, reminder, monkeypatch, now):
    def fail(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr("conversations.services.replies.decide", fail)

    assert write("tuesday at 3") == Action.HANDED_OVER

    assert (thread().state, thread().waiting_reason) == ("waiting", WaitingReason.FAILED)
    assert replies.handle(last_reply().pk, now=now) is None


def test_a_failure_after_booking_takes_the_booking_back(write, reminder, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr("conversations.services.speaking.outbox.queue", fail)

    assert write("tuesday at 3") == Action.HANDED_OVER
    assert not Appointment.objects.exists()
    assert not CapacitySlot.objects.filter(used__gt=0).exists()


def test_without_a_provider_the_booking_stands_and_an_advisor_is_told(write, reminder):
    ProviderAccount.objects.filter(channel="email").update(is_active=False)

    assert (
        write("tuesday at 3", channel="email", from_address=EMAIL, account__is_active=False) == Action.BOOKED
    )

    assert Appointment.objects.count() == 1
    assert (thread().state, thread().waiting_reason) == ("waiting", WaitingReason.FAILED)


def test_the_signal_of_messaging_has_the_reply_answered(dealership, customer, vehicle):
    soon = datetime.now(tz=UTC)
    inbound = InboundMessageFactory(
        dealership=dealership, customer=customer, from_address=PHONE, body="yes", received_at=soon
    )

    reply_received.send(sender=InboundMessage, dealership_id=dealership.pk, inbound_message_id=inbound.pk)

    assert Understanding.objects.get().action == Action.ASKED


def test_another_dealership_never_sees_the_reply(write, reminder, world, now):
    write("tuesday at 3")

    with tenant_scope(world.other):
        assert not Conversation.objects.exists()
        assert not Understanding.objects.exists()
        with pytest.raises(InboundMessage.DoesNotExist):
            replies.handle(1, now=now)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\u202e\u0000"[0],
        "x" * 100_000,
        "<script>alert(1)</script> tuesday at 3",
        "'; DROP TABLE booking_appointment; --",
        "{{ dealership }} {0} %s",
        "🚗" * 500,
    ],
)
def test_hostile_replies_are_dealt_with(write, reminder, body):
    assert write(body) in {Action.HANDED_OVER, Action.BOOKED}


def test_an_offer_that_was_taken_meanwhile_is_replaced(write, reminder, dealership, now):
    BookingRules.objects.update(capacity_per_slot=1)
    write("tuesday at 3 or 4")
    assert len(thread().offered) == 2
    somebody = CustomerFactory(dealership=dealership)
    appointments.book(
        customer=somebody, vehicle=None, starts_at=TUESDAY_3PM, source="link", key="x", by=None, now=now
    )

    assert write("1") == Action.ASKED

    assert "that time is not free" in answers()[-1].body_text
    assert thread().offered[0] != TUESDAY_3PM.isoformat()


def test_waiting_threads_keep_their_place(dealership, customer, now):
    found = threads.lock_thread(customer, now=now)
    threads.hand_over(found, WaitingReason.ASKED_QUESTION, now=now)

    threads.hand_over(found, WaitingReason.NOT_UNDERSTOOD, now=now + HOUR)

    found.refresh_from_db()
    assert (found.waiting_since, found.waiting_reason) == (now, WaitingReason.ASKED_QUESTION)


def test_handling_a_reply_takes_a_bounded_number_of_queries(write, reminder, django_assert_max_num_queries):
    with django_assert_max_num_queries(76):
        write("tuesday at 3")

    assert Message.objects.filter(key__startswith="answer:").count() == 1
