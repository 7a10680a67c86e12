"""Real threads on real connections: nobody gets a place that is not there, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from booking.enums import BookingSource
from booking.models import Appointment, BookingRules, CapacitySlot
from booking.services import appointments
from booking.services.appointments import Booked, Full
from common.tenancy import tenant_scope
from tests.booking.conftest import TUESDAY_3PM, assert_places_match
from tests.factories.customers import CustomerFactory, VehicleFactory

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 64
HALF_HOUR = timedelta(minutes=30)


@contextmanager
def own_connection(dealership):
    with tenant_scope(dealership):
        try:
            yield
        finally:
            connection.close()


def all_at_once(dealership, calls):
    """Run every call in a thread of its own, all released at the same moment, and return their answers."""
    barrier = Barrier(len(calls))

    def run(call):
        with own_connection(dealership):
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def booking_call(customer, *, key, now, starts_at=TUESDAY_3PM, service=appointments.book, vehicle=None):
    return lambda: service(
        customer=customer,
        vehicle=vehicle,
        starts_at=starts_at,
        source=BookingSource.LINK,
        key=key,
        by=None,
        now=now,
    )


def test_64_bookings_of_the_last_place_have_one_winner(dealership, one_place, now):
    customers = [CustomerFactory(dealership=dealership) for _ in range(THREADS)]
    calls = [booking_call(customer, key=f"link:{customer.pk}", now=now) for customer in customers]

    answers = all_at_once(dealership, calls)

    assert sum(isinstance(answer, Booked) for answer in answers) == 1
    losers = [answer for answer in answers if isinstance(answer, Full)]
    assert len(losers) == THREADS - 1
    assert all(len(answer.alternatives) == 3 for answer in losers)
    assert all(slot.starts_at != TUESDAY_3PM for answer in losers for slot in answer.alternatives)
    assert Appointment.objects.count() == 1
    assert_places_match()


def test_20_taps_with_one_key_book_once(dealership, customer, now):
    BookingRules.objects.update(capacity_per_slot=5)

    answers = all_at_once(dealership, [booking_call(customer, key="link:1", now=now)] * 20)

    assert {answer.appointment.pk for answer in answers} == {Appointment.objects.get().pk}
    assert sum(answer.is_new for answer in answers) == 1
    assert CapacitySlot.objects.get().used == 1


def test_20_taps_with_one_key_on_the_last_place_all_have_it(dealership, customer, one_place, now):
    answers = all_at_once(dealership, [booking_call(customer, key="link:1", now=now)] * 20)

    assert all(isinstance(answer, Booked) for answer in answers)
    assert Appointment.objects.count() == 1


def test_one_customer_on_many_channels_at_once_has_one_appointment(dealership, customer, now):
    vehicle = VehicleFactory(dealership=dealership, customer=customer)
    calls = [
        booking_call(
            customer,
            key=f"tap:{number}",
            now=now,
            starts_at=TUESDAY_3PM + number * HALF_HOUR,
            service=appointments.book_or_move,
            vehicle=vehicle,
        )
        for number in range(5)
    ]

    all_at_once(dealership, calls)

    assert Appointment.objects.count() == 1
    assert_places_match()


def test_moves_across_each_other_neither_deadlock_nor_lose_a_place(dealership, now):
    BookingRules.objects.update(capacity_per_slot=4)
    times = [TUESDAY_3PM, TUESDAY_3PM + HALF_HOUR]
    calls = []
    for number in range(4):
        there, back = times[number % 2], times[1 - number % 2]
        booked = booking_call(
            CustomerFactory(dealership=dealership), key=f"k{number}", now=now, starts_at=there
        )()

        def there_and_back(appointment=booked.appointment, there=there, back=back):
            for _ in range(5):
                appointments.reschedule(appointment, starts_at=back, by=None, now=now)
                appointments.reschedule(appointment, starts_at=there, by=None, now=now)

        calls.append(there_and_back)

    all_at_once(dealership, calls)

    assert list(CapacitySlot.objects.order_by("starts_at").values_list("used", flat=True)) == [2, 2]
    assert_places_match()


def test_cancelling_by_two_at_once_frees_one_place(dealership, booked, booking, now):
    appointments.book(**{**booking, "key": "other"})

    answers = all_at_once(dealership, [lambda: appointments.cancel(booked, by=None, now=now)] * 8)

    assert sum(answers) == 1
    assert CapacitySlot.objects.get().used == 1
