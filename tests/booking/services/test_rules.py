from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction

from booking import queries
from booking.enums import BookingSource
from booking.logic.slots import SlotRules
from booking.models import Appointment, BookingRules
from booking.services import appointments, rules
from booking.services.appointments import Booked, Closed, Full
from dealerships.models import LogEntry, OpeningHours
from dealerships.services.hours import OpenStretch
from tests.booking.conftest import TUESDAY_3PM, assert_places_match
from tests.booking.services.test_parallel import booking_call, own_connection
from tests.factories.customers import CustomerFactory

HALF_HOUR = timedelta(minutes=30)
HOURS = [OpenStretch(day, time(7, 30), time(18)) for day in range(5)]
FROM_EIGHT = [OpenStretch(day, time(8), time(18)) for day in range(5)]


def rules_of(minutes, places):
    return SlotRules(minutes, places, 120, 60)


@pytest.fixture
def book(dealership, now):
    """Book a time for somebody new."""

    def book(starts_at, *, key=None):
        customer = CustomerFactory(dealership=dealership)
        return appointments.book(
            customer=customer,
            vehicle=None,
            starts_at=starts_at,
            source=BookingSource.LINK,
            key=key or f"link:{customer.pk}",
            by=None,
            now=now,
        )

    return book


def places_at(starts_at, now):
    free = queries.free_slots(from_at=starts_at, until=starts_at + timedelta(seconds=1), limit=1, now=now)
    return free[0].places if free else 0


def test_longer_slots_count_what_was_booked_in_each_shorter_one(book, now):
    # From 7:30 on, slots of an hour begin at half past: 14:30 holds what was booked at 14:30 and at 15:00.
    rules.change(rules_of(30, 2), by=None, now=now)
    book(TUESDAY_3PM)
    book(TUESDAY_3PM - HALF_HOUR)

    rules.change(rules_of(60, 3), by=None, now=now)

    assert places_at(TUESDAY_3PM, now) == 0, "15:00 is no slot of the new grid"
    assert places_at(TUESDAY_3PM - HALF_HOUR, now) == 1
    assert isinstance(book(TUESDAY_3PM), Closed)
    assert isinstance(book(TUESDAY_3PM - HALF_HOUR), Booked)
    assert isinstance(book(TUESDAY_3PM - HALF_HOUR), Full)
    assert_places_match()


def test_shorter_slots_count_what_was_booked_in_the_longer_one(book, now):
    rules.change(rules_of(60, 1), by=None, now=now)
    at_half_past_two = TUESDAY_3PM - HALF_HOUR
    book(at_half_past_two)

    rules.change(rules_of(30, 1), by=None, now=now)

    assert isinstance(book(at_half_past_two), Full)
    assert isinstance(book(TUESDAY_3PM), Full), "the car booked for an hour at 14:30 is still there"
    assert isinstance(book(TUESDAY_3PM + HALF_HOUR), Booked)
    assert_places_match()


def test_opening_later_moves_the_grid_and_still_counts(book, now):
    rules.change(rules_of(60, 1), weekly=HOURS, by=None, now=now)
    book(TUESDAY_3PM - HALF_HOUR)

    rules.change(rules_of(60, 1), weekly=FROM_EIGHT, by=None, now=now)

    assert isinstance(book(TUESDAY_3PM - 2 * HALF_HOUR), Full)
    assert isinstance(book(TUESDAY_3PM), Full)
    assert isinstance(book(TUESDAY_3PM + 2 * HALF_HOUR), Booked)


def test_cancelling_what_was_booked_before_the_change_frees_both_slots(book, now):
    rules.change(rules_of(60, 1), weekly=HOURS, by=None, now=now)
    old = book(TUESDAY_3PM - HALF_HOUR).appointment
    rules.change(rules_of(60, 1), weekly=FROM_EIGHT, by=None, now=now)

    appointments.cancel(old, by=None, now=now)

    assert places_at(TUESDAY_3PM - 2 * HALF_HOUR, now) == 1
    assert places_at(TUESDAY_3PM, now) == 1
    assert_places_match()


def test_an_appointment_of_the_earlier_grid_can_move_into_a_slot_it_reaches_into(book, now):
    rules.change(rules_of(60, 1), weekly=HOURS, by=None, now=now)
    old = book(TUESDAY_3PM - HALF_HOUR).appointment
    rules.change(rules_of(60, 1), weekly=FROM_EIGHT, by=None, now=now)

    answer = appointments.reschedule(old, starts_at=TUESDAY_3PM, by=None, now=now)

    assert isinstance(answer, Booked)
    assert places_at(TUESDAY_3PM - 2 * HALF_HOUR, now) == 1
    assert_places_match()


def test_appointments_keep_their_times_when_the_grid_changes(booked, now):
    rules.change(rules_of(45, 1), weekly=FROM_EIGHT, by=None, now=now)

    kept = Appointment.objects.get()
    assert (kept.starts_at, kept.ends_at, kept.status) == (booked.starts_at, booked.ends_at, "booked")


def test_change_is_logged_with_who_and_what(world, dealership, now):
    rules.change(SlotRules(20, 3, 60, 30), weekly=FROM_EIGHT, by=world.alice, now=now)

    entry = LogEntry.objects.get(action="booking.rules.changed")
    assert entry.actor == world.alice
    assert entry.data == {
        "slot_minutes": 20,
        "capacity_per_slot": 3,
        "lead_minutes": 60,
        "horizon_days": 30,
    }
    assert LogEntry.objects.get(action="dealerships.hours.changed").data == {"stretches": 5}


def test_the_same_hours_are_no_change(dealership, now):
    ids = set(OpeningHours.objects.values_list("pk", flat=True))
    same = [OpenStretch(*row) for row in OpeningHours.objects.values_list("weekday", "opens_at", "closes_at")]

    rules.change(rules_of(30, 2), weekly=same, by=None, now=now)

    assert set(OpeningHours.objects.values_list("pk", flat=True)) == ids
    assert not LogEntry.objects.filter(action="dealerships.hours.changed").exists()


@pytest.mark.parametrize(
    "wrong",
    [(0, 2, 0, 60), (4, 2, 0, 60), (481, 2, 0, 60), (30, 0, 0, 60), (30, 2, 20_161, 60), (30, 2, 0, 0)],
)
def test_rules_out_of_bounds_change_nothing(dealership, wrong, now):
    with pytest.raises(ValidationError):
        rules.change(SlotRules(*wrong), weekly=[], by=None, now=now)

    assert BookingRules.objects.get().slot_minutes == 30
    assert OpeningHours.objects.count() == 6


def test_a_slot_of_no_length_cannot_be_stored(dealership):
    with pytest.raises(IntegrityError, match="booking_rules_slot_length"):
        BookingRules.objects.update(slot_minutes=0)


def run_impatiently(dealership, call):
    """Run a call on a connection of its own that waits a quarter of a second for a lock, and say what came of it."""

    def run():
        with own_connection(dealership), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '250ms'")
            try:
                return call()
            except OperationalError as error:
                return str(error)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_a_booking_under_way_and_another_booking_does_not(book, dealership, now):
    other = CustomerFactory(dealership=dealership)
    change = partial(rules.change, rules_of(60, 1), weekly=FROM_EIGHT, by=None, now=now)
    book_too = booking_call(other, key="link:too", now=now, starts_at=TUESDAY_3PM + HALF_HOUR)

    with transaction.atomic():
        book(TUESDAY_3PM)
        waited = run_impatiently(dealership, change)
        beside = run_impatiently(dealership, book_too)

    assert "lock timeout" in waited
    assert isinstance(beside, Booked)


@pytest.mark.django_db(transaction=True)
def test_a_booking_waits_for_a_change_under_way(customer, dealership, now):
    call = booking_call(customer, key="link:1", now=now)

    with transaction.atomic():
        rules.change(rules_of(60, 1), weekly=FROM_EIGHT, by=None, now=now)
        waited = run_impatiently(dealership, call)

    assert "lock timeout" in waited
    assert isinstance(call(), Booked), "15:00 is a slot of the new grid"
