from datetime import date, timedelta

import pytest

from booking.models import Appointment, BookingRules
from booking.services import appointments, visits
from customers.signals import visits_recorded
from tests.conftest import NOW
from tests.factories.customers import VehicleFactory, VisitFactory

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "status"),
    [
        (DAY, DAY, "done"),
        (DAY, None, "done"),
        (DAY - timedelta(days=1), DAY + timedelta(days=1), "done"),
        (DAY + timedelta(days=1), DAY + timedelta(days=2), "booked"),
        (DAY - timedelta(days=2), DAY - timedelta(days=1), "booked"),
        (DAY - timedelta(days=1), None, "booked"),
    ],
    ids=["same-day", "still-open", "in-between", "after", "before", "open-the-day-before"],
)
def test_a_visit_on_the_day_finishes_the_appointment(booked, vehicle, opened_on, closed_on, status):
    visit = VisitFactory(
        dealership=booked.dealership, vehicle=vehicle, opened_on=opened_on, closed_on=closed_on
    )

    done = visits.finish_appointments([visit.pk], now=NOW)

    assert done == (status == "done")
    assert Appointment.objects.get().status == status


def test_the_visit_of_another_car_finishes_nothing(booked, customer, now):
    other = VehicleFactory(dealership=booked.dealership, customer=customer)
    visit = VisitFactory(dealership=booked.dealership, vehicle=other, opened_on=DAY)

    assert visits.finish_appointments([visit.pk], now=now) == 0


def test_a_cancelled_appointment_stays_cancelled(booked, vehicle, now):
    appointments.cancel(booked, by=None, now=now)
    visit = VisitFactory(dealership=booked.dealership, vehicle=vehicle, opened_on=DAY)

    assert visits.finish_appointments([visit.pk], now=now) == 0


def test_recorded_visits_finish_appointments_by_signal(booked, vehicle):
    visit = VisitFactory(dealership=booked.dealership, vehicle=vehicle, opened_on=DAY)

    visits_recorded.send(sender=None, dealership_id=booked.dealership_id, visit_ids=[visit.pk])

    assert Appointment.objects.get().status == "done"


def test_a_new_dealership_has_booking_rules(dealership):
    assert BookingRules.objects.get().slot_minutes == 30
