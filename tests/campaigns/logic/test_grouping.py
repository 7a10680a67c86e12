from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.logic.grouping import (
    TOGETHER,
    DueItem,
    JoinEnrolment,
    NewEnrolment,
    RunningEnrolment,
    group,
)

pytestmark = pytest.mark.logic

TODAY = date(2026, 6, 1)
STARTS_BY = TODAY + timedelta(days=14)
CYCLE = date(2025, 12, 1)


def an_item(vehicle_id, service_id, due_in, customer_id=1):
    return DueItem(customer_id, vehicle_id, service_id, CYCLE, TODAY + timedelta(days=due_in))


def test_group_services_of_one_car_share_one_enrolment():
    oil, tyres, brakes = an_item(1, 1, 10), an_item(1, 2, 35), an_item(1, 3, 40)

    assert group([brakes, tyres, oil], running=[], starts_by=STARTS_BY) == [
        NewEnrolment(1, oil.due_on, (oil, tyres, brakes))
    ]


def test_group_cars_of_one_household_share_one_enrolment_of_the_first_owner():
    hers, his = an_item(1, 1, 20, customer_id=1), an_item(2, 1, 5, customer_id=2)

    assert group([hers, his], running=[], starts_by=STARTS_BY) == [NewEnrolment(2, his.due_on, (his, hers))]


@pytest.mark.parametrize(("due_in", "is_together"), [(40, True), (41, False)])
def test_group_ends_with_what_is_due_within_the_window(due_in, is_together):
    first, later = an_item(1, 1, 10), an_item(1, 2, due_in)

    (enrolment,) = group([first, later], running=[], starts_by=STARTS_BY)

    assert (later in enrolment.items) is is_together


def test_group_waits_until_the_first_is_due():
    assert group([an_item(1, 1, 15)], running=[], starts_by=STARTS_BY) == []
    assert len(group([an_item(1, 1, 14)], running=[], starts_by=STARTS_BY)) == 1


def test_group_nothing_gives_nothing():
    assert group([], running=[], starts_by=STARTS_BY) == []


def test_group_long_overdue_goes_along_with_what_is_due_now():
    overdue, due, later = (
        an_item(1, 1, -50),
        an_item(2, 1, 5, customer_id=2),
        an_item(2, 2, 36, customer_id=2),
    )

    assert group([later, due, overdue], running=[], starts_by=STARTS_BY) == [
        NewEnrolment(2, due.due_on, (overdue, due))
    ]


@pytest.mark.parametrize("due_in", [-50, 10, 40])
def test_group_due_before_a_running_enrolment_ends_joins_it(due_in):
    item = an_item(2, 1, due_in)
    running = RunningEnrolment(99, TODAY + timedelta(days=10))

    assert group([item], running=[running], starts_by=STARTS_BY) == [JoinEnrolment(99, (item,))]


def test_group_due_after_the_running_enrolment_starts_its_own():
    item = an_item(2, 1, 10)
    running = RunningEnrolment(99, TODAY - timedelta(days=21))

    assert group([item], running=[running], starts_by=STARTS_BY) == [NewEnrolment(1, item.due_on, (item,))]


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(-60, 60)), unique_by=lambda row: row[:2]
    ),
    st.lists(st.integers(-60, 60), max_size=3),
)
def test_group_puts_every_due_item_into_exactly_one_enrolment(rows, anchors):
    items = [an_item(*row) for row in rows]
    running = [RunningEnrolment(n, TODAY + timedelta(days=days)) for n, days in enumerate(anchors)]

    plans = group(items, running=running, starts_by=STARTS_BY)
    planned = [item for plan in plans for item in plan.items]

    assert len(planned) == len(set(planned))
    assert {item for item in items if item.due_on <= STARTS_BY} <= set(planned)
    new = [plan for plan in plans if isinstance(plan, NewEnrolment)]
    assert len(new) <= 1
    for plan in new:
        assert plan.anchor_on in [item.due_on for item in plan.items if item.due_on <= STARTS_BY]
        assert max(item.due_on for item in plan.items) - plan.anchor_on <= TOGETHER
