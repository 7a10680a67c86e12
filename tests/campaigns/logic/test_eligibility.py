from dataclasses import replace
from datetime import date, timedelta

import pytest

from campaigns.logic.eligibility import DueService, Enrol, Policy, Skip, VehicleFacts, decide
from messaging.enums import Reason

pytestmark = pytest.mark.logic

TODAY = date(2026, 6, 1)
OIL = DueService(1, cycle_started_on=date(2025, 12, 1), due_on=date(2026, 6, 12))
TYRES = DueService(2, cycle_started_on=date(2025, 12, 1), due_on=date(2026, 7, 1))
CAR = VehicleFacts(vehicle_id=7, customer_id=3, household_key="h", services=(OIL, TYRES))


def days_ago(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("change", "policy", "reason"),
    [
        ({}, Policy(is_running=False), Reason.CADENCE_PAUSED),
        ({"is_active": False}, Policy(), Reason.VEHICLE_GONE),
        ({"is_internal": True}, Policy(), Reason.INTERNAL),
        ({"is_fleet": True}, Policy(), Reason.FLEET),
        ({"is_booked": True}, Policy(), Reason.BOOKED),
        ({"stopped_on": TODAY}, Policy(), Reason.OPTED_OUT),
        ({"stopped_on": days_ago(89)}, Policy(), Reason.OPTED_OUT),
        ({"last_visit_on": TODAY}, Policy(), Reason.VISITED),
        ({"last_visit_on": days_ago(14)}, Policy(), Reason.VISITED),
        ({"services": ()}, Policy(), Reason.NOT_DUE),
        ({"services": (replace(OIL, is_enrolled=True),)}, Policy(), Reason.ALREADY_ENROLLED),
        ({"services": (replace(OIL, due_on=days_ago(61)),)}, Policy(), Reason.LAPSED),
    ],
)
def test_decide_each_reason_is_given(change, policy, reason):
    assert decide(replace(CAR, **change), policy=policy, today=TODAY) == Skip(reason)


def test_decide_reasons_come_in_the_documented_order():
    spoils = [
        {"services": (replace(OIL, due_on=days_ago(61)),)},
        {"services": (replace(OIL, is_enrolled=True),)},
        {"services": ()},
        {"last_visit_on": TODAY},
        {"is_booked": True},
        {"stopped_on": TODAY},
        {"is_fleet": True},
        {"is_internal": True},
        {"is_active": False},
    ]
    car, reasons = CAR, []
    for spoil in spoils:  # each wrong added on top of the ones before is the one named
        car = replace(car, **spoil)
        reasons.append(decide(car, policy=Policy(), today=TODAY).reason)

    assert reasons == [
        Reason.LAPSED,
        Reason.ALREADY_ENROLLED,
        Reason.NOT_DUE,
        Reason.VISITED,
        Reason.BOOKED,
        Reason.OPTED_OUT,
        Reason.FLEET,
        Reason.INTERNAL,
        Reason.VEHICLE_GONE,
    ]


def test_decide_due_car_is_enrolled_with_its_services():
    assert decide(CAR, policy=Policy(), today=TODAY) == Enrol((OIL, TYRES))


def test_decide_leaves_out_services_enrolled_or_lapsed():
    enrolled = replace(OIL, is_enrolled=True)
    lapsed = DueService(3, cycle_started_on=date(2020, 1, 1), due_on=date(2021, 1, 1))

    verdict = decide(replace(CAR, services=(enrolled, TYRES, lapsed)), policy=Policy(), today=TODAY)

    assert verdict == Enrol((TYRES,))


@pytest.mark.parametrize(
    "change",
    [
        {"last_visit_on": days_ago(15)},
        {"services": (replace(OIL, due_on=days_ago(60)),)},
    ],
)
def test_decide_at_the_edge_is_still_enrolled(change):
    assert isinstance(decide(replace(CAR, **change), policy=Policy(), today=TODAY), Enrol)


def test_decide_fleet_is_enrolled_where_the_cadence_takes_fleets():
    assert isinstance(
        decide(replace(CAR, is_fleet=True), policy=Policy(includes_fleet=True), today=TODAY), Enrol
    )
