"""Cars that are due, for the tests of campaigns."""

from datetime import UTC, date, datetime, timedelta

from campaigns.models import Enrolment, Touch
from campaigns.services import enrolments
from common.enums import Channel
from customers.models import Service
from messaging.enums import ConsentAction, ConsentSource
from messaging.models import ConsentEvent
from tests.factories.customers import ContactPointFactory, CustomerFactory, ForecastFactory, VehicleFactory

ALL_KINDS = ("phone", "email", "postal")


def a_customer(dealership, *, kinds=ALL_KINDS, consents=True, **fields):
    """A customer with a contact point of each kind, who agreed in writing to texts and calls."""
    customer = CustomerFactory(dealership=dealership, **fields)
    if "phone" in kinds:
        ContactPointFactory(dealership=dealership, customer=customer, textability="textable")
    if "email" in kinds:
        ContactPointFactory(
            dealership=dealership, customer=customer, kind="email", value=f"c{customer.pk}@example.com"
        )
    if "postal" in kinds:
        ContactPointFactory(
            dealership=dealership,
            customer=customer,
            kind="postal",
            value="2210 Live Oak St, Austin, TX 78704",
            street="2210 Live Oak St",
            city="Austin",
            region="TX",
            postal_code="78704",
            country="US",
        )
    if consents:
        ConsentEvent.objects.create(
            dealership=dealership,
            customer=customer,
            action=ConsentAction.GRANTED,
            source=ConsentSource.DMS_ATTESTATION,
            wording="I agree to automated texts and calls.",
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    return customer


def a_due_car(dealership, *, due_on, customer=None, service=0, **forecast):
    """A car whose service is due on a date; `service`: which of the dealership's menu."""
    customer = customer or a_customer(dealership)
    vehicle = VehicleFactory(dealership=dealership, customer=customer)
    add_due_service(vehicle, due_on=due_on, service=service, **forecast)
    return vehicle


def add_due_service(vehicle, *, due_on, service=0, **forecast):
    fields = {"cycle_started_on": date(2026, 5, 1), "is_next": service == 0} | forecast
    return ForecastFactory(
        dealership=vehicle.dealership,
        vehicle=vehicle,
        service=Service.objects.order_by("rank", "pk")[service],
        low_on=due_on - timedelta(days=10),
        due_on=due_on,
        high_on=due_on + timedelta(days=12),
        **fields,
    )


def enrol(now, **kwargs):
    """Enrol and return the enrolments that are there."""
    enrolments.enrol_due(now=now, **kwargs)
    return list(Enrolment.objects.order_by("pk"))


def touches_of(enrolment):
    """(step, fallback, channel, state, reason) of each touch."""
    return list(
        Touch.objects.filter(enrolment=enrolment)
        .order_by("step_number", "fallback_number")
        .values_list("step_number", "fallback_number", "channel", "state", "reason")
    )


def states_of(enrolment):
    return [state for *_, state, _ in touches_of(enrolment)]


PLANNED_CHANNELS = [Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER, Channel.SMS]
