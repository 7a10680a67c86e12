from datetime import UTC, datetime

import pytest

from booking.enums import BookingSource
from booking.models import Appointment, BookingRules, CapacitySlot
from booking.services import appointments
from tests.factories.customers import CustomerFactory, VehicleFactory

TUESDAY_3PM = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # 15:00 in Chicago


@pytest.fixture
def customer(dealership):
    return CustomerFactory(dealership=dealership)


@pytest.fixture
def vehicle(dealership, customer):
    return VehicleFactory(dealership=dealership, customer=customer)


@pytest.fixture
def one_place(dealership):
    BookingRules.objects.update(capacity_per_slot=1)


@pytest.fixture
def booking(customer, vehicle, now):
    """What a booking of Tuesday at 3 by text is called with."""
    return {
        "customer": customer,
        "vehicle": vehicle,
        "starts_at": TUESDAY_3PM,
        "source": BookingSource.REPLY,
        "key": "reply:1",
        "by": None,
        "now": now,
    }


@pytest.fixture
def booked(booking):
    return appointments.book(**booking).appointment


def assert_places_match():
    """What is stored as used is exactly the number of appointments that take a place."""
    for slot in CapacitySlot.objects.all():
        taking = Appointment.objects.filter(slot=slot).exclude(status="cancelled").count()
        assert slot.used == taking, slot.starts_at
