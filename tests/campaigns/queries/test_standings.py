"""Why not? Every reason the planner has, in words, on the same facts it plans with."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns.models import Cadence, Enrolment
from campaigns.queries.standings import standings
from campaigns.services import endings, enrolments
from common.enums import Purpose
from customers.enums import VehicleStatus
from customers.models import Customer, Forecast, Service, Vehicle
from messaging.enums import ConsentSource, Reason
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.campaigns.worlds import a_customer, a_due_car, enrol
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import VisitFactory

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def service(dealership):
    return Service.objects.order_by("rank", "pk")[0].name


def standing_of(car):
    (found,) = standings([car.pk], now=NOW).values()
    return found.reason, found.words


def lower(name):
    return name[:1].lower() + name[1:]


def test_standings_overdue_for_too_long_says_by_how_much(dealership, service):
    car = a_due_car(dealership, due_on=TODAY - timedelta(days=94))

    assert standing_of(car) == (
        Reason.LAPSED,
        f"{service} was due 94 days ago: reminders end 60 days after the due date",
    )


def test_standings_nothing_due_says_when_reminders_begin(dealership, service):
    car = a_due_car(dealership, due_on=date(2027, 6, 15))

    assert standing_of(car) == (
        Reason.NOT_DUE,
        f"Nothing is due yet. They begin around 31 May 2027: {lower(service)} is due 15 Jun 2027",
    )


def test_standings_due_within_the_household_period_begins_on_its_own_day(dealership, service):
    car = a_due_car(dealership, due_on=date(2026, 12, 20))

    assert standing_of(car) == (
        Reason.NONE,
        f"They begin around 5 Dec 2026: {lower(service)} is due 20 Dec 2026",
    )


def test_standings_without_a_forecast(dealership):
    car = a_due_car(dealership, due_on=TODAY)
    Forecast.objects.all().delete()

    assert standing_of(car)[0] == Reason.NOT_DUE
    assert standing_of(car)[1].startswith("Nothing is forecast")


def opt_out(car, at=NOW):
    consent.withdraw(
        car.customer,
        channels=None,
        purpose=Purpose.MARKETING,
        evidence=Evidence(ConsentSource.REPLY),
        now=at,
    )


def opt_out_long_ago(car):
    opt_out(car, NOW - timedelta(days=90))


def book(car):
    AppointmentFactory(
        dealership=car.dealership, customer=car.customer, vehicle=car, starts_at=NOW + timedelta(days=2)
    )


def visit(car):
    VisitFactory(dealership=car.dealership, vehicle=car, opened_on=TODAY - timedelta(days=5))


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        (lambda _: Cadence.objects.update(is_active=False), Reason.CADENCE_PAUSED, "The cadence is paused"),
        (
            lambda _: Vehicle.objects.update(status=VehicleStatus.SOLD),
            Reason.VEHICLE_GONE,
            "The vehicle was sold, scrapped or excluded",
        ),
        (
            lambda _: Customer.objects.update(is_internal=True),
            Reason.INTERNAL,
            "The customer is the dealership itself",
        ),
        (
            lambda _: Customer.objects.update(is_fleet=True),
            Reason.FLEET,
            "Fleet vehicles are not part of this cadence",
        ),
        (book, Reason.BOOKED, "An appointment is already booked"),
        (visit, Reason.VISITED, "It was in on 15 Nov 2026: none within 14 days of a visit"),
        (
            lambda car: car.customer.contact_points.all().delete(),
            Reason.NO_CONTACT_POINT,
            "No channel of the cadence works: no address for this channel is known",
        ),
        (
            opt_out,
            Reason.OPTED_OUT,
            "The customer stopped them on 20 Nov 2026: none begin within 90 days of that, on any channel",
        ),
        (
            opt_out_long_ago,
            Reason.OPTED_OUT,
            "No channel of the cadence works: the customer asked us to stop",
        ),
    ],
)
def test_standings_each_reason_is_the_planners(dealership, change, reason, words):
    car = a_due_car(dealership, due_on=TODAY + timedelta(days=10))
    change(car)

    assert standing_of(car) == (reason, words)
    assert enrolments.enrol_due(now=NOW).skipped == {reason: 1}


def test_standings_follow_an_enrolment_from_before_to_after(dealership, service):
    car = a_due_car(dealership, due_on=date(2026, 11, 30))
    due = f"{lower(service)} is due 30 Nov 2026"

    assert standing_of(car) == (Reason.NONE, f"They begin with the next planning: {due}")
    enrol(NOW)
    assert standing_of(car) == (Reason.NONE, f"Under way: {due}")
    endings.end(enrolment_ids=Enrolment.objects.values_list("pk", flat=True), reason="by_hand", now=NOW)
    assert standing_of(car) == (
        Reason.ALREADY_ENROLLED,
        f"Those of this cycle are over (ended by hand): {due}",
    )


def test_standings_without_a_cadence(dealership):
    car = a_due_car(dealership, due_on=TODAY)
    Cadence.objects.all().delete()

    assert standing_of(car) == (Reason.NOT_DUE, "The dealership has no cadence for services due")


def test_standings_of_many_ask_as_often_as_of_one(dealership, django_assert_num_queries):
    cars = [a_due_car(dealership, due_on=TODAY, customer=a_customer(dealership)) for _ in range(3)]
    standings([cars[0].pk], now=NOW)
    for shown in (cars[:1], cars):
        with django_assert_num_queries(26):
            assert len(standings([car.pk for car in shown], now=NOW)) == len(shown)
