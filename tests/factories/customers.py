from datetime import date

import factory

from common.distance import to_km
from customers.enums import ContactKind
from customers.models import (
    ContactPoint,
    Customer,
    Forecast,
    OdometerReading,
    Service,
    Vehicle,
    Visit,
    VisitImport,
    VisitLine,
)
from tests.factories.dealerships import TenantFactory, same_dealership


class CustomerFactory(TenantFactory):
    external_id = factory.Sequence(lambda n: f"C{n}")
    first_name = "Marisol"
    last_name = factory.Sequence(lambda n: f"Family{n}")
    display_name = factory.LazyAttribute(lambda c: f"{c.first_name} {c.last_name}".strip())

    class Meta:
        model = Customer


class ContactPointFactory(TenantFactory):
    customer = same_dealership(CustomerFactory)
    kind = ContactKind.PHONE
    value = factory.Sequence(lambda n: f"+1512555{n % 10000:04d}")

    class Meta:
        model = ContactPoint


class VehicleFactory(TenantFactory):
    customer = same_dealership(CustomerFactory)
    vin = factory.Sequence(lambda n: f"TEST{n:013d}")
    vin_is_valid = False
    year = 2019
    make = "Honda"
    model = "Civic"

    class Meta:
        model = Vehicle


class ServiceFactory(TenantFactory):
    code = factory.Sequence(lambda n: f"service-{n}")
    name = "Oil and filter change"
    interval_distance = 5000
    interval_months = 6

    class Meta:
        model = Service


class VisitFactory(TenantFactory):
    vehicle = same_dealership(VehicleFactory)
    customer = factory.SelfAttribute("vehicle.customer")
    ro_number = factory.Sequence(lambda n: f"RO{n}")
    opened_on = date(2026, 1, 15)
    closed_on = factory.SelfAttribute("opened_on")
    customer_pay_cents = 8995

    class Meta:
        model = Visit


class VisitLineFactory(TenantFactory):
    visit = same_dealership(VisitFactory)
    line_number = factory.Sequence(lambda n: n % 30000 + 1)
    op_code = "LOF"
    description = "LUBE OIL FILTER"

    class Meta:
        model = VisitLine


class OdometerReadingFactory(TenantFactory):
    vehicle = same_dealership(VehicleFactory)
    read_on = date(2026, 1, 15)
    value = 41230.0
    unit = "mi"
    distance_km = factory.LazyAttribute(lambda r: to_km(r.value, r.unit))

    class Meta:
        model = OdometerReading


class ForecastFactory(TenantFactory):
    vehicle = same_dealership(VehicleFactory)
    service = same_dealership(ServiceFactory)
    low_on = date(2026, 11, 20)
    due_on = date(2026, 12, 1)
    high_on = date(2026, 12, 14)
    probability_30d = 0.7
    limit = "distance"
    basis = "about 980 mi a month over 6 visits"
    cycle_started_on = date(2026, 6, 1)
    is_next = True
    forecast_on = date(2026, 11, 1)
    rule_version = 1

    class Meta:
        model = Forecast


class VisitImportFactory(TenantFactory):
    class Meta:
        model = VisitImport
