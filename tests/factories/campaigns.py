from datetime import UTC, date, datetime, time

import factory

from campaigns.models import Cadence, CadenceVersion, Enrolment, EnrolmentItem, Touch
from tests.factories.customers import CustomerFactory, ServiceFactory, VehicleFactory
from tests.factories.dealerships import TenantFactory, same_dealership

TEN = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # Monday, 10 am in Chicago


class CadenceFactory(TenantFactory):
    key = factory.Sequence(lambda n: f"cadence-{n}")
    name = "Service due"
    trigger = "service_due"

    class Meta:
        model = Cadence


class CadenceVersionFactory(TenantFactory):
    cadence = same_dealership(CadenceFactory)
    number = 1
    published_at = TEN

    class Meta:
        model = CadenceVersion


class EnrolmentFactory(TenantFactory):
    customer = same_dealership(CustomerFactory)
    version = same_dealership(CadenceVersionFactory)
    anchor_on = date(2026, 12, 1)
    started_at = TEN

    class Meta:
        model = Enrolment


class EnrolmentItemFactory(TenantFactory):
    vehicle = same_dealership(VehicleFactory)
    enrolment = same_dealership(EnrolmentFactory, customer=factory.SelfAttribute("..vehicle.customer"))
    service = same_dealership(ServiceFactory)
    cycle_started_on = date(2026, 6, 1)
    due_on = date(2026, 12, 1)

    class Meta:
        model = EnrolmentItem


class TouchFactory(TenantFactory):
    enrolment = same_dealership(EnrolmentFactory)
    step_number = factory.Sequence(lambda n: n % 30000 + 1)
    channel = "email"
    due_at = TEN
    local_on = date(2026, 11, 23)
    local_time = time(10)
    zone_name = "America/Chicago"
    next_try_at = factory.SelfAttribute("due_at")

    class Meta:
        model = Touch
