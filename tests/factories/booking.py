from datetime import UTC, date, datetime, time, timedelta

import factory

from booking.models import Appointment, CapacitySlot
from tests.factories.customers import VehicleFactory
from tests.factories.dealerships import TenantFactory, same_dealership

THREE = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # Tuesday, 3 pm in Chicago


class CapacitySlotFactory(TenantFactory):
    starts_at = THREE
    capacity = 9

    class Meta:
        model = CapacitySlot
        django_get_or_create = ("dealership", "starts_at")


class AppointmentFactory(TenantFactory):
    vehicle = same_dealership(VehicleFactory)
    customer = factory.SelfAttribute("vehicle.customer")
    starts_at = THREE
    ends_at = factory.LazyAttribute(lambda a: a.starts_at + timedelta(minutes=30))
    slot = same_dealership(CapacitySlotFactory, starts_at=factory.SelfAttribute("..starts_at"))
    local_on = date(2026, 11, 24)
    local_time = time(15)
    zone_name = "America/Chicago"
    source = "reply"
    key = factory.Sequence(lambda n: f"test:{n}")
    created_at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    class Meta:
        model = Appointment
