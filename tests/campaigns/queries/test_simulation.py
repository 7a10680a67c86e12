"""What is previewed is what happens: the simulation against the planner and dispatcher over the same 90 days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import InternalError, transaction
from django.db.models import Min

from campaigns.models import Cadence, Enrolment, EnrolmentItem, Touch
from campaigns.queries import simulation
from campaigns.services import dispatch, endings, enrolments
from common import wall_time
from common.enums import Purpose
from common.tenancy import tenant_scope
from customers.models import Forecast
from messaging.enums import ConsentSource, Reason
from messaging.models import Message
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.campaigns.worlds import a_customer, a_due_car, add_due_service, enrol
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import CustomerFactory, VisitFactory

TODAY = date(2026, 11, 20)
DAYS = 90


def a_mixed_dealership(dealership, now):
    """Every kind of case that changes what is sent: reach, households, bookings, lateness, many services."""
    for offset in range(-70, 120, 7):
        a_due_car(dealership, due_on=TODAY + timedelta(days=offset))
    for kinds in (("phone",), ("email",), ("postal",), ("phone", "postal"), ()):
        for consents in (True, False):
            customer = a_customer(dealership, kinds=kinds, consents=consents)
            a_due_car(dealership, due_on=TODAY + timedelta(days=16), customer=customer)
    for number, gap in enumerate((3, 25, 29, 31, 45)):
        key = f"family{number}"
        for step in range(3):
            car = a_due_car(
                dealership,
                due_on=TODAY + timedelta(days=5 + step * gap),
                customer=a_customer(dealership, household_key=key),
            )
            add_due_service(car, due_on=TODAY + timedelta(days=40 + step * gap), service=1)
    owner_of_three = a_customer(dealership)
    for days in (10, 41, 70):  # three enrolments of one person: the caps have something to do
        a_due_car(dealership, due_on=TODAY + timedelta(days=days), customer=owner_of_three)
    booked = a_due_car(dealership, due_on=TODAY + timedelta(days=3))
    AppointmentFactory(
        dealership=dealership,
        customer=booked.customer,
        vehicle=booked,
        starts_at=now + timedelta(days=12),
    )
    visited = a_due_car(dealership, due_on=TODAY + timedelta(days=3))
    VisitFactory(dealership=dealership, vehicle=visited, opened_on=TODAY - timedelta(days=5))
    a_due_car(dealership, due_on=TODAY, customer=CustomerFactory(dealership=dealership, is_fleet=True))


def what_happened():
    rows = Touch.objects.exclude(decided_at=None).values_list(
        "decided_at", "enrolment__customer_id", "step_number", "channel", "state", "reason"
    )
    return Counter(
        (at, customer_id, number, channel, state == "sent", reason)
        for at, customer_id, number, channel, state, reason in rows
    )


def live_through(dealership, *, now, days):
    """Run the real planner and dispatcher, minute for minute that matters, with the clock moved on."""
    today = wall_time.to_local(now, zone_name=dealership.time_zone).date()
    nights = [now] + [
        wall_time.to_utc(
            datetime.combine(today + timedelta(days=n), simulation.NIGHT), zone_name=dealership.time_zone
        )
        for n in range(1, days + 1)
    ]
    end = wall_time.to_utc(
        datetime.combine(today + timedelta(days=days + 1), datetime.min.time()),
        zone_name=dealership.time_zone,
    )
    for night, until in zip(nights, [*nights[1:], end], strict=True):
        endings.resume_due(now=night)
        endings.complete_finished(now=night)
        enrolments.enrol_due(now=night)
        while True:
            due_at = Touch.objects.filter(state="planned").aggregate(at=Min("next_try_at"))["at"]
            if due_at is None or due_at >= until:
                break
            assert dispatch.dispatch_batch(now=max(due_at, now)).total


def previewed(days, now):
    return Counter(
        (touch.at, touch.customer_id, touch.step_number, touch.channel, touch.is_sent, touch.reason)
        for touch in simulation.simulate(days=days, now=now).touches
    )


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 20, 16, 0, tzinfo=UTC),  # the weeks of Thanksgiving and the end of the year
        datetime(2026, 11, 20, 23, 30, tzinfo=UTC),  # after the hour of sending
    ],
)
def test_simulate_is_what_then_happens(dealership, now):
    a_mixed_dealership(dealership, now)

    expected = previewed(DAYS, now)
    live_through(dealership, now=now, days=DAYS)

    assert what_happened() == expected
    assert sum(expected.values()) > 100
    assert {reason for *_, reason in expected} >= {"", Reason.STEP_PASSED, Reason.NO_CONTACT_POINT}


def test_simulate_from_the_middle_of_things_is_what_then_happens(dealership, now):
    a_mixed_dealership(dealership, now)
    live_through(dealership, now=now, days=12)
    later = now + timedelta(days=13)
    paused = Enrolment.objects.filter(state="active", touches__state="planned").distinct()[:2]
    for enrolment in paused:
        endings.pause_customers([enrolment.customer_id], now=later)
    for item in EnrolmentItem.objects.filter(enrolment__state="active").order_by("pk")[:8]:
        AppointmentFactory(  # booked past campaigns' ears: it counts until it is over
            dealership=dealership,
            customer=item.vehicle.customer,
            vehicle=item.vehicle,
            starts_at=later + timedelta(days=9),
        )
    before = what_happened()

    expected = previewed(60, later)
    assert Reason.BOOKED in {reason for *_, reason in expected}
    live_through(dealership, now=later, days=60)

    assert what_happened() - before == expected


def test_simulate_across_the_change_of_clocks_is_what_then_happens(dealership):
    now = datetime(2026, 2, 20, 16, 0, tzinfo=UTC)
    for offset in range(0, 60, 3):
        a_due_car(
            dealership, due_on=date(2026, 2, 20) + timedelta(days=offset), cycle_started_on=date(2025, 9, 1)
        )

    expected = previewed(45, now)
    live_through(dealership, now=now, days=45)

    assert what_happened() == expected


def test_simulate_writes_nothing(dealership, now):
    a_mixed_dealership(dealership, now)

    simulated = simulation.simulate(days=30, now=now)

    assert simulated.enrolled > 10
    assert (Enrolment.objects.count(), Touch.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_simulate_runs_where_the_database_refuses_writes(dealership, now, monkeypatch):
    a_due_car(dealership, due_on=TODAY)

    def load(**_):
        Forecast.objects.update(probability_30d=0)

    monkeypatch.setattr(simulation.simulation_start, "load", load)
    with pytest.raises(InternalError, match="read-only"), transaction.atomic():
        simulation.simulate(days=1, now=now)
    Forecast.objects.update(probability_30d=0.5)  # and only there


def test_simulate_opted_out_customer_gets_nothing(dealership, now):
    car = a_due_car(dealership, due_on=TODAY + timedelta(days=10))
    consent.withdraw(
        car.customer,
        channels=None,
        purpose=Purpose.MARKETING,
        evidence=Evidence(ConsentSource.REPLY),
        now=now,
    )

    assert simulation.simulate(days=90, now=now).touches == []


def test_simulate_paused_cadence_sends_nothing(dealership, now):
    a_due_car(dealership, due_on=TODAY + timedelta(days=10))
    enrol(now)
    Cadence.objects.update(is_active=False)

    simulated = simulation.simulate(days=90, now=now)

    assert simulated.skipped() == Counter({Reason.CADENCE_PAUSED: 5})
    assert simulated.per_day() == {}


def test_simulate_per_day_counts_by_channel(dealership, now):
    for _ in range(2):
        a_due_car(dealership, due_on=date(2026, 12, 8))

    assert simulation.simulate(days=90, now=now).per_day() == {
        date(2026, 11, 24): Counter(email=2),
        date(2026, 12, 1): Counter(sms=2),
        date(2026, 12, 8): Counter(voice=2),
        date(2026, 12, 18): Counter(letter=2),
        date(2027, 1, 7): Counter(sms=2),
    }


def test_simulate_keeps_to_its_dealership(world, now):
    with tenant_scope(world.dealership):
        a_due_car(world.dealership, due_on=TODAY)
    with tenant_scope(world.other):
        assert simulation.simulate(days=30, now=now).touches == []
