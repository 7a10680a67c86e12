"""A client signed in at Alice's dealership at a fixed moment, and a world of due vehicles."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from insights.logic.moments import Near
from tests.conftest import NOW
from tests.factories.booking import AppointmentFactory
from tests.factories.campaigns import EnrolmentItemFactory, TouchFactory
from tests.factories.conversations import ConversationFactory, UnderstandingFactory
from tests.factories.customers import (
    ContactPointFactory,
    ForecastFactory,
    OdometerReadingFactory,
    ServiceFactory,
    VehicleFactory,
    VisitFactory,
    VisitLineFactory,
)
from tests.factories.messaging import ConsentEventFactory, InboundMessageFactory, MessageFactory

TODAY = date(2026, 11, 20)


@pytest.fixture
def near() -> Near:
    return Near(now=NOW, zone=ZoneInfo("America/Chicago"))


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bob(client, world, frozen):
    """A browser in which the advisor is signed in."""
    client.force_login(world.bob)
    return client


@pytest.fixture
def make_busy_customer(dealership):
    """Return a maker of a customer with one of everything a page can show."""
    service = ServiceFactory(dealership=dealership, name="Oil and filter change")

    def make(*, due_in: int = 3, **vehicle):
        car = VehicleFactory(dealership=dealership, **vehicle)
        of = {"dealership": dealership, "customer": car.customer}
        due_on = TODAY + timedelta(days=due_in)
        ForecastFactory(
            dealership=dealership,
            vehicle=car,
            service=service,
            low_on=due_on - timedelta(days=9),
            due_on=due_on,
            high_on=due_on + timedelta(days=14),
            forecast_on=TODAY,
        )
        ContactPointFactory(**of)
        visit = VisitFactory(dealership=dealership, vehicle=car)
        VisitLineFactory(dealership=dealership, visit=visit)
        OdometerReadingFactory(dealership=dealership, vehicle=car, visit=visit)
        item = EnrolmentItemFactory(dealership=dealership, vehicle=car, service=service)
        sent = MessageFactory(
            **of, created_at=NOW - timedelta(hours=2), purpose="marketing", state="delivered"
        )
        TouchFactory(
            dealership=dealership, enrolment=item.enrolment, step_number=1, state="sent", message=sent
        )
        TouchFactory(
            dealership=dealership,
            enrolment=item.enrolment,
            step_number=2,
            state="skipped",
            reason="frequency_cap",
            decided_at=NOW - timedelta(hours=1),
        )
        TouchFactory(dealership=dealership, enrolment=item.enrolment, step_number=3)
        reply = InboundMessageFactory(**of, received_at=NOW - timedelta(hours=1))
        UnderstandingFactory(dealership=dealership, inbound_message=reply)
        ConversationFactory(**of)
        ConsentEventFactory(
            **of,
            channel="",
            source="dms_attestation",
            wording="I agree to automated texts and calls.",
            at=NOW - timedelta(days=400),
        )
        AppointmentFactory(dealership=dealership, vehicle=car)
        return car

    return make
