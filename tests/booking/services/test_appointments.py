from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from booking.enums import AppointmentStatus, BookingSource
from booking.logic.slots import SlotRules
from booking.models import Appointment, BookingRules, CapacitySlot
from booking.services import appointments, rules
from booking.services.appointments import Booked, Closed, Full
from booking.signals import appointment_changed
from common.tenancy import tenant_scope
from dealerships.models import ClosedDay, LogEntry
from tests.booking.conftest import TUESDAY_3PM, assert_places_match
from tests.factories.customers import CustomerFactory, VehicleFactory

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def told():
    """The statuses that went out as `appointment_changed`."""
    heard = []

    def hear(*, appointment_id, status, **_):
        heard.append((appointment_id, status))

    appointment_changed.connect(hear)
    yield heard
    appointment_changed.disconnect(hear)


def starts(answer):
    return [slot.starts_at for slot in answer.alternatives]


def test_book_writes_what_was_agreed_in_local_time_too(booking, dealership, told):
    answer = appointments.book(**booking, note="brakes squeak")

    stored = Appointment.objects.get()
    assert answer == Booked(stored)
    assert (stored.starts_at, stored.ends_at) == (TUESDAY_3PM, TUESDAY_3PM + HALF_HOUR)
    assert (stored.local_on, stored.local_time) == (date(2026, 11, 24), time(15))
    assert (stored.zone_name, stored.status, stored.sequence) == ("America/Chicago", "booked", 0)
    assert (stored.note, stored.source) == ("brakes squeak", BookingSource.REPLY)
    assert told == [(stored.pk, "booked")]
    assert LogEntry.objects.get(action="booking.appointment.booked").subject_id == stored.pk
    assert_places_match()


def test_book_again_with_the_same_key_is_the_same_appointment(booking, told):
    first = appointments.book(**booking)

    again = appointments.book(**{**booking, "starts_at": TUESDAY_3PM + HALF_HOUR})

    assert again == Booked(first.appointment, is_new=False)
    assert Appointment.objects.count() == 1
    assert len(told) == 1
    assert_places_match()


def test_book_a_full_slot_offers_the_nearest_free_times(booking, one_place):
    appointments.book(**booking)

    answer = appointments.book(**{**booking, "key": "reply:2"})

    assert isinstance(answer, Full)
    assert starts(answer) == [TUESDAY_3PM - HALF_HOUR, TUESDAY_3PM + HALF_HOUR, TUESDAY_3PM + 2 * HALF_HOUR]
    assert Appointment.objects.count() == 1
    assert_places_match()


@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(datetime(2026, 11, 22, 18, 0, tzinfo=UTC), id="sunday"),
        pytest.param(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), id="before-opening"),
        pytest.param(datetime(2026, 11, 25, 0, 0, tzinfo=UTC), id="at-closing"),
        pytest.param(datetime(2026, 11, 24, 21, 10, tzinfo=UTC), id="between-slots"),
        pytest.param(datetime(2026, 11, 20, 17, 30, tzinfo=UTC), id="within-the-lead-time"),
        pytest.param(datetime(2026, 11, 19, 21, 0, tzinfo=UTC), id="past"),
        pytest.param(datetime(2028, 11, 21, 21, 0, tzinfo=UTC), id="beyond-the-horizon"),
    ],
)
def test_book_at_no_bookable_time_is_closed_with_alternatives(booking, starts_at):
    answer = appointments.book(**{**booking, "starts_at": starts_at})

    assert isinstance(answer, Closed)
    assert len(answer.alternatives) == 3
    assert not Appointment.objects.exists()


def test_book_on_a_closed_day_is_closed(booking, dealership):
    ClosedDay.objects.create(dealership=dealership, on=date(2026, 11, 24), reason="Inventory")

    answer = appointments.book(**booking)

    assert isinstance(answer, Closed)
    assert all(slot.local_start.date() != date(2026, 11, 24) for slot in answer.alternatives)


def test_book_after_the_rules_were_lowered_keeps_to_them(booking, now):
    appointments.book(**booking)
    BookingRules.objects.update(capacity_per_slot=1)

    assert isinstance(appointments.book(**{**booking, "key": "reply:2"}), Full)


def test_book_after_the_rules_were_raised_uses_the_new_places(booking, one_place, now):
    appointments.book(**booking)

    rules.change(SlotRules(30, 2, 120, 60), by=None, now=now)

    assert isinstance(appointments.book(**{**booking, "key": "reply:2"}), Booked)
    assert isinstance(appointments.book(**{**booking, "key": "reply:3"}), Full)
    assert_places_match()


def test_rules_lowered_below_what_is_taken_cancel_nobody(booking, now):
    appointments.book(**booking)
    appointments.book(**{**booking, "key": "reply:2"})

    rules.change(SlotRules(30, 1, 120, 60), by=None, now=now)

    slot = CapacitySlot.objects.get()
    assert (slot.capacity, slot.used) == (2, 2)


def test_book_for_a_customer_of_another_dealership_is_refused(booking, world):
    with tenant_scope(world.other):
        foreign = CustomerFactory(dealership=world.other)

    with pytest.raises(ValueError, match="dealership in scope"):
        appointments.book(**{**booking, "customer": foreign})


def test_book_a_vehicle_of_another_dealership_is_refused(booking, world):
    with tenant_scope(world.other):
        foreign = VehicleFactory(dealership=world.other)

    with pytest.raises(ValueError, match="dealership in scope"):
        appointments.book(**{**booking, "vehicle": foreign})


def test_two_dealerships_each_have_their_own_places(booking, world, one_place):
    appointments.book(**booking)

    with tenant_scope(world.other):
        BookingRules.objects.update(capacity_per_slot=1)
        customer = CustomerFactory(dealership=world.other)
        answer = appointments.book(**{**booking, "customer": customer, "vehicle": None})
        assert isinstance(answer, Booked)
        assert Appointment.objects.count() == 1


def test_the_database_refuses_an_overbooked_slot(booked):
    with pytest.raises(IntegrityError, match="capacity_slot_not_overbooked"), transaction.atomic():
        CapacitySlot.objects.update(used=3)


def test_cancel_frees_the_place_and_counts_the_change(booked, booking, one_place, now, told):
    assert appointments.cancel(booked, by=None, now=now)

    booked.refresh_from_db()
    assert (booked.status, booked.sequence) == (AppointmentStatus.CANCELLED, 1)
    assert told == [(booked.pk, "cancelled")]
    assert isinstance(appointments.book(**{**booking, "key": "reply:2"}), Booked)
    assert_places_match()


def test_cancel_twice_frees_one_place(booked, booking, now):
    appointments.book(**{**booking, "key": "reply:2"})

    assert appointments.cancel(booked, by=None, now=now)
    assert not appointments.cancel(booked, by=None, now=now)

    assert CapacitySlot.objects.get().used == 1
    assert_places_match()


def test_reschedule_moves_place_and_calendar_entry(booked, now, told):
    uid = booked.uid

    answer = appointments.reschedule(booked, starts_at=TUESDAY_3PM + HALF_HOUR, by=None, now=now)

    booked.refresh_from_db()
    assert answer == Booked(booked)
    assert (booked.starts_at, booked.local_time) == (TUESDAY_3PM + HALF_HOUR, time(15, 30))
    assert (booked.uid, booked.sequence) == (uid, 1)
    assert list(CapacitySlot.objects.order_by("starts_at").values_list("used", flat=True)) == [0, 1]
    assert told == [(booked.pk, "booked")]
    assert_places_match()


def test_reschedule_to_the_same_time_changes_nothing(booked, now, told):
    answer = appointments.reschedule(booked, starts_at=TUESDAY_3PM, by=None, now=now)

    assert answer == Booked(booked, is_new=False)
    assert told == []
    assert Appointment.objects.get().sequence == 0


def test_reschedule_into_a_full_slot_keeps_the_old_place(booked, booking, one_place, now):
    appointments.book(**{**booking, "key": "reply:2", "starts_at": TUESDAY_3PM + HALF_HOUR})

    answer = appointments.reschedule(booked, starts_at=TUESDAY_3PM + HALF_HOUR, by=None, now=now)

    assert isinstance(answer, Full)
    booked.refresh_from_db()
    assert booked.starts_at == TUESDAY_3PM
    assert_places_match()


def test_reschedule_to_a_closed_time_keeps_the_old_place(booked, now):
    answer = appointments.reschedule(
        booked, starts_at=datetime(2026, 11, 22, 18, tzinfo=UTC), by=None, now=now
    )

    assert isinstance(answer, Closed)
    assert_places_match()


def test_reschedule_of_a_cancelled_appointment_is_closed(booked, now):
    appointments.cancel(booked, by=None, now=now)

    answer = appointments.reschedule(booked, starts_at=TUESDAY_3PM + HALF_HOUR, by=None, now=now)

    assert isinstance(answer, Closed)
    assert_places_match()


def test_book_or_move_books_the_first_and_moves_the_second(booking):
    first = appointments.book_or_move(**booking)

    second = appointments.book_or_move(**{**booking, "key": "link:1", "starts_at": TUESDAY_3PM + HALF_HOUR})

    assert second.appointment.pk == first.appointment.pk
    assert Appointment.objects.get().starts_at == TUESDAY_3PM + HALF_HOUR
    assert_places_match()


def test_book_or_move_of_another_vehicle_books_a_second_appointment(booking, dealership, customer):
    appointments.book_or_move(**booking)
    other = VehicleFactory(dealership=dealership, customer=customer)

    answer = appointments.book_or_move(**{**booking, "key": "link:1", "vehicle": other})

    assert answer.is_new
    assert Appointment.objects.count() == 2


def test_book_or_move_leaves_a_past_appointment_alone(booking, booked):
    later = TUESDAY_3PM + timedelta(days=1)

    appointments.book_or_move(
        **{**booking, "key": "link:1", "starts_at": later + timedelta(days=1), "now": later}
    )

    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(
    ("step", "statuses"),
    [
        (appointments.arrive, {"booked": "arrived", "no_show": "arrived"}),
        (appointments.mark_no_show, {"booked": "no_show"}),
        (appointments.finish, {"booked": "done", "arrived": "done", "no_show": "done"}),
        (appointments.cancel, {"booked": "cancelled"}),
    ],
    ids=["arrive", "no-show", "finish", "cancel"],
)
@pytest.mark.parametrize("before", AppointmentStatus.values)
def test_each_step_leads_only_from_the_statuses_it_may(booked, step, statuses, before):
    Appointment.objects.update(status=before)

    has_changed = step(booked, by=None, now=TUESDAY_3PM)

    booked.refresh_from_db()
    assert has_changed == (before in statuses)
    assert booked.status == statuses.get(before, before)


def test_no_show_before_the_time_is_refused(booked):
    assert not appointments.mark_no_show(booked, by=None, now=TUESDAY_3PM - timedelta(seconds=1))


def test_a_failing_receiver_leaves_nothing_behind(booking):
    def fail(**_):
        raise RuntimeError("receiver failed")

    appointment_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="receiver failed"):
            appointments.book(**booking)
    finally:
        appointment_changed.disconnect(fail)

    assert not Appointment.objects.exists()
    assert not CapacitySlot.objects.filter(used__gt=0).exists()
