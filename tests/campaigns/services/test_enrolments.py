from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from campaigns.enums import EnrolmentState
from campaigns.logic import built_in
from campaigns.models import Cadence, Enrolment, EnrolmentItem, Touch
from campaigns.services import cadences, endings, enrolments, planned_rows
from campaigns.services.enrolments import Enrolled
from common.enums import Channel, Purpose
from common.tenancy import tenant_scope
from customers.enums import VehicleStatus
from customers.models import Forecast
from messaging.enums import ConsentSource, Reason
from messaging.services import consent
from messaging.services.consent import Evidence
from tests.campaigns.worlds import (
    PLANNED_CHANNELS,
    a_customer,
    a_due_car,
    add_due_service,
    enrol,
    touches_of,
)
from tests.factories.booking import AppointmentFactory
from tests.factories.customers import ContactPointFactory, VisitFactory

TODAY = date(2026, 11, 20)
DUE_ON = date(2026, 12, 4)  # the first contact is today in two weeks' time


def test_enrol_due_writes_enrolment_items_and_touches_in_local_time(dealership, now):
    car = a_due_car(dealership, due_on=date(2026, 12, 5))
    tyres = add_due_service(car, due_on=date(2026, 12, 20), service=1)

    assert enrolments.enrol_due(now=now) == Enrolled(enrolled=1, joined=0, skipped=Counter())

    (enrolment,) = Enrolment.objects.all()
    assert (enrolment.customer_id, enrolment.anchor_on, enrolment.state, enrolment.started_at) == (
        car.customer_id,
        date(2026, 12, 5),
        EnrolmentState.ACTIVE,
        now,
    )
    assert enrolment.version.number == 1
    assert set(enrolment.items.values_list("service_id", "cycle_started_on", "due_on")) == {
        (car.forecasts.get(is_next=True).service_id, date(2026, 5, 1), date(2026, 12, 5)),
        (tyres.service_id, date(2026, 5, 1), date(2026, 12, 20)),
    }
    assert list(
        enrolment.touches.order_by("step_number").values_list("channel", "local_on", "due_at", "state")
    ) == [
        (
            channel,
            local_on,
            datetime(local_on.year, local_on.month, local_on.day, hour, tzinfo=UTC),
            "planned",
        )
        for channel, hour, local_on in zip(
            PLANNED_CHANNELS,
            [16, 18, 18, 16, 18],  # ten o'clock for letters, noon for texts and calls
            [
                date(2026, 11, 21),
                date(2026, 11, 30),  # not on Saturday the 28th
                date(2026, 12, 7),
                date(2026, 12, 15),
                date(2027, 1, 4),
            ],
            strict=True,
        )
    ]
    touch = enrolment.touches.get(step_number=1)
    assert (touch.zone_name, touch.local_time.hour, touch.next_try_at) == (
        "America/Chicago",
        10,
        touch.due_at,
    )


def test_enrol_due_repeated_adds_nothing(dealership, now):
    a_due_car(dealership, due_on=DUE_ON)
    enrolments.enrol_due(now=now)

    again = enrolments.enrol_due(now=now + timedelta(days=1))

    assert again == Enrolled(skipped=Counter({Reason.ALREADY_ENROLLED: 1}))
    assert Enrolment.objects.count() == 1
    assert Touch.objects.count() == 5


def test_enrol_due_next_cycle_enrols_again(dealership, now):
    a_due_car(dealership, due_on=DUE_ON)
    (first,) = enrol(now)
    endings.end(enrolment_ids=[first.pk], reason="visited", now=now)
    Forecast.objects.update(cycle_started_on=TODAY, due_on=date(2027, 5, 20))

    second = enrol(now + timedelta(days=170))[-1]

    assert second.pk != first.pk
    assert second.anchor_on == date(2027, 5, 20)


@pytest.mark.parametrize("due_in", [16, 100])
def test_enrol_due_not_yet_waits(dealership, now, due_in):
    a_due_car(dealership, due_on=TODAY + timedelta(days=due_in))

    assert enrolments.enrol_due(now=now) == Enrolled()


def test_enrol_due_late_skips_the_steps_that_passed(dealership, now):
    a_due_car(dealership, due_on=TODAY - timedelta(days=1))

    (enrolment,) = enrol(now)

    assert [(number, state, reason) for number, _, _, state, reason in touches_of(enrolment)] == [
        (1, "skipped", "step_passed"),
        (2, "skipped", "step_passed"),
        (3, "planned", ""),
        (4, "planned", ""),
        (5, "planned", ""),
    ]
    assert enrolment.touches.get(step_number=1).decided_at == now


def test_enrol_due_household_shares_one_enrolment_and_one_message(dealership, now):
    hers = a_customer(dealership, household_key="delgado")
    his = a_customer(dealership, household_key="delgado")
    a_due_car(dealership, due_on=date(2026, 12, 20), customer=hers)
    a_due_car(dealership, due_on=date(2026, 12, 3), customer=his)
    a_due_car(dealership, due_on=date(2026, 12, 3))  # a neighbour

    assert enrolments.enrol_due(now=now).enrolled == 2
    shared = Enrolment.objects.get(customer=his)
    assert (shared.items.count(), shared.touches.count()) == (2, 5)
    assert not Enrolment.objects.filter(customer=hers).exists()


def test_enrol_due_later_car_of_the_household_joins_what_runs(dealership, now):
    his = a_customer(dealership, household_key="delgado")
    a_due_car(dealership, due_on=DUE_ON, customer=his)
    (running,) = enrol(now)
    hers = a_customer(dealership, household_key="delgado")
    a_due_car(dealership, due_on=date(2026, 12, 30), customer=hers)

    assert enrolments.enrol_due(now=now) == Enrolled(joined=1, skipped=Counter({Reason.ALREADY_ENROLLED: 1}))
    assert running.items.count() == 2
    assert Touch.objects.count() == 5


def test_enrol_due_household_of_an_opted_out_owner_leaves_their_car_out(dealership, now):
    hers = a_customer(dealership, household_key="delgado")
    his = a_customer(dealership, household_key="delgado")
    car = a_due_car(dealership, due_on=DUE_ON, customer=hers)
    other = a_due_car(dealership, due_on=DUE_ON, customer=his)
    consent.withdraw(
        hers, channels=None, purpose=Purpose.MARKETING, evidence=Evidence(ConsentSource.ADVISOR), now=now
    )

    assert enrolments.enrol_due(now=now).skipped == Counter({Reason.OPTED_OUT: 1})
    assert list(EnrolmentItem.objects.values_list("vehicle_id", flat=True)) == [other.pk]
    assert car.enrolment_items.count() == 0


def book(dealership, car, now):
    AppointmentFactory(
        dealership=dealership, customer=car.customer, vehicle=car, starts_at=now + timedelta(days=3)
    )


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda d, c, n: Cadence.objects.update(is_active=False), Reason.CADENCE_PAUSED),
        (lambda d, c, n: type(c).objects.update(status=VehicleStatus.SOLD), Reason.VEHICLE_GONE),
        (lambda d, c, n: type(c).objects.update(is_internal=True), Reason.INTERNAL),
        (lambda d, c, n: type(c.customer).objects.update(is_internal=True), Reason.INTERNAL),
        (lambda d, c, n: type(c.customer).objects.update(is_fleet=True), Reason.FLEET),
        (book, Reason.BOOKED),
        (lambda d, c, n: VisitFactory(dealership=d, vehicle=c, opened_on=date(2026, 11, 6)), Reason.VISITED),
        (lambda d, c, n: c.customer.contact_points.all().delete(), Reason.NO_CONTACT_POINT),
    ],
)
def test_enrol_due_each_reason_keeps_the_owner_out(dealership, now, spoil, reason):
    spoil(dealership, a_due_car(dealership, due_on=DUE_ON), now)

    assert enrolments.enrol_due(now=now) == Enrolled(skipped=Counter({reason: 1}))
    assert Enrolment.objects.count() == 0


def test_enrol_due_lapsed_is_not_looked_at(dealership, now):
    a_due_car(dealership, due_on=TODAY - timedelta(days=61))

    assert enrolments.enrol_due(now=now) == Enrolled()


def test_enrol_due_fleet_where_the_cadence_takes_fleets(dealership, now):
    a_due_car(dealership, due_on=DUE_ON, customer=a_customer(dealership, is_fleet=True))
    Cadence.objects.update(includes_fleet=True)

    assert enrolments.enrol_due(now=now).enrolled == 1


def test_enrol_due_without_written_consent_uses_what_needs_none(dealership, now):
    a_due_car(dealership, due_on=DUE_ON, customer=a_customer(dealership, consents=False))

    (enrolment,) = enrol(now)

    assert [channel for _, _, channel, _, _ in touches_of(enrolment)] == [
        Channel.EMAIL,
        Channel.EMAIL,
        Channel.EMAIL,
        Channel.LETTER,
        Channel.EMAIL,
    ]


def test_enrol_due_named_vehicles_only_with_their_household(dealership, now):
    home = [a_customer(dealership, household_key="h") for _ in range(2)]
    cars = [a_due_car(dealership, due_on=DUE_ON, customer=customer) for customer in home]
    a_due_car(dealership, due_on=DUE_ON)

    assert enrolments.enrol_due(vehicle_ids=[cars[0].pk], now=now).enrolled == 1
    assert Enrolment.objects.get().items.count() == 2


def test_enrol_due_keeps_to_its_dealership(world, now):
    with tenant_scope(world.dealership):
        a_due_car(world.dealership, due_on=DUE_ON)
    with tenant_scope(world.other):
        a_due_car(world.other, due_on=DUE_ON)
        assert enrolments.enrol_due(now=now).enrolled == 1
    with tenant_scope(world.dealership):
        assert Enrolment.objects.count() == 0


def test_enrol_due_car_without_owner_is_nobodys(dealership, now):
    car = a_due_car(dealership, due_on=DUE_ON)
    type(car).objects.update(customer=None)

    assert enrolments.enrol_due(now=now) == Enrolled()


def test_enrol_due_is_pinned_to_the_version_of_its_day(dealership, now):
    a_due_car(dealership, due_on=DUE_ON)
    (old,) = enrol(now)
    cadence = Cadence.objects.get()
    cadences.publish_version(cadence, steps=built_in.service_due().steps[:2], by=None, now=now)
    a_due_car(dealership, due_on=DUE_ON)

    new = enrol(now)[-1]

    assert (old.version.number, old.touches.count()) == (1, 5)
    assert (new.version.number, new.touches.count()) == (2, 2)


def test_enrol_due_stopped_between_chunks_goes_on(dealership, now, monkeypatch):
    monkeypatch.setattr(enrolments, "HOUSEHOLDS_AT_ONCE", 2)
    for _ in range(5):
        a_due_car(dealership, due_on=DUE_ON)
    real, calls = planned_rows.write_items, []

    def fail_on_second(items):
        calls.append(items)
        real(items)
        if len(calls) == 3:  # enrolments and items are written, their touches are not
            raise ConnectionError

    monkeypatch.setattr(planned_rows, "write_items", fail_on_second)
    with pytest.raises(ConnectionError):
        enrolments.enrol_due(now=now)
    written = Enrolment.objects.count()
    monkeypatch.setattr(planned_rows, "write_items", real)

    assert enrolments.enrol_due(now=now).enrolled == 5 - written
    assert Enrolment.objects.count() == 5
    assert Touch.objects.count() == 25


def test_write_enrolments_twice_is_refused_by_the_database(dealership, now):
    a_due_car(dealership, due_on=DUE_ON)
    (enrolment,) = enrol(now)
    item = enrolment.items.get()

    with pytest.raises(IntegrityError, match="enrolment_item_once"):
        EnrolmentItem.objects.create(
            dealership=dealership,
            enrolment=enrolment,
            vehicle=item.vehicle,
            service=item.service,
            cycle_started_on=item.cycle_started_on,
            due_on=item.due_on,
        )


def test_enrol_due_asks_as_often_for_30_cars_as_for_3(dealership, now):
    def queries_for(count):
        for _ in range(count):
            a_due_car(dealership, due_on=DUE_ON)
        with CaptureQueriesContext(connection) as caught:
            assert enrolments.enrol_due(now=now).enrolled == count
        return len(caught)

    assert queries_for(3) == queries_for(30)


def test_enrol_due_keeps_the_hours_of_where_the_customer_lives(dealership, now):
    customer = a_customer(dealership, kinds=())
    ContactPointFactory(
        dealership=dealership, customer=customer, value="+18085550123", textability="textable"
    )
    a_due_car(dealership, due_on=date(2026, 12, 1), customer=customer)

    (enrolment,) = enrol(now)

    text = enrolment.touches.get(step_number=2)
    assert (text.channel, text.due_at) == ("sms", datetime(2026, 11, 24, 20, tzinfo=UTC))  # ten in Honolulu
    assert (text.local_on, text.local_time.hour, text.next_try_at) == (date(2026, 11, 24), 14, text.due_at)
