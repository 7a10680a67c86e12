"""Writes planned enrolments in three statements, however many they are.

Most enrolments of a run share their touches with others (same due date, same channels), so only the
different sets of touches travel to the database, which multiplies them out. One row at a time, or
`bulk_create`, takes several times as long for the same rows: docs/performance.md.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic.cadence import PlannedTouch
from campaigns.logic.grouping import DueItem
from campaigns.logic.planning import PlannedEnrolment
from common.tenancy import current_dealership

INSERT_ENROLMENTS = """
    INSERT INTO campaigns_enrolment
        (id, dealership_id, customer_id, version_id, state, end_reason, anchor_on, started_at)
    SELECT id, %s, customer_id, %s, %s, '', anchor_on, %s
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS planned (id, customer_id, anchor_on)
"""

INSERT_ITEMS = """
    INSERT INTO campaigns_enrolmentitem
        (dealership_id, enrolment_id, vehicle_id, service_id, cycle_started_on, due_on, end_reason)
    SELECT %s, enrolment_id, vehicle_id, service_id, cycle_started_on, due_on, ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[])
        AS item (enrolment_id, vehicle_id, service_id, cycle_started_on, due_on)
"""

INSERT_TOUCHES = """
    INSERT INTO campaigns_touch
        (dealership_id, enrolment_id, step_number, fallback_number, channel, due_at, local_on, local_time,
         zone_name, next_try_at, state, reason, decided_at)
    SELECT %s, enrolment_id, step_number, 0, channel, due_at, local_on, local_time,
         %s, due_at, state, reason, CASE state WHEN %s THEN %s::timestamptz END
    FROM unnest(%s::bigint[], %s::int[]) AS planned (enrolment_id, plan)
    JOIN unnest(%s::int[], %s::int[], %s::text[], %s::timestamptz[], %s::date[], %s::time[], %s::text[], %s::text[])
        AS touch (plan, step_number, channel, due_at, local_on, local_time, state, reason)
        USING (plan)
    ORDER BY enrolment_id, step_number
"""


def write_enrolments(
    planned: Sequence[PlannedEnrolment], *, version_id: int, zone_name: str, now: datetime
) -> None:
    """Insert enrolments with all their items and touches; inside the caller's transaction.

    raises: IntegrityError if an item is enrolled already; then none is written
    """
    if not planned:
        return
    tenant_id = current_dealership().pk
    ids = _reserve_ids(len(planned))
    customers = [plan.enrolment.customer_id for plan in planned]
    anchors = [plan.enrolment.anchor_on for plan in planned]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_ENROLMENTS,
            [tenant_id, version_id, EnrolmentState.ACTIVE, now, ids, customers, anchors],
        )
    write_items([(pk, item) for pk, plan in zip(ids, planned, strict=True) for item in plan.enrolment.items])
    _write_touches(ids, planned, zone_name=zone_name, now=now)


def write_items(items: Sequence[tuple[int, DueItem]]) -> None:
    """Insert items by enrolment id; inside the caller's transaction."""
    if not items:
        return
    columns: list[list[Any]] = [
        [enrolment_id for enrolment_id, _ in items],
        [item.vehicle_id for _, item in items],
        [item.service_id for _, item in items],
        [item.cycle_started_on for _, item in items],
        [item.due_on for _, item in items],
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ITEMS, [current_dealership().pk, *columns])


def _write_touches(
    ids: Sequence[int], planned: Sequence[PlannedEnrolment], *, zone_name: str, now: datetime
) -> None:
    plans: dict[int, tuple[int, tuple[PlannedTouch, ...]]] = {}
    for plan in planned:  # equal plans are the same object: the programme remembers them
        plans.setdefault(id(plan.touches), (len(plans), plan.touches))
    numbers = [plans[id(plan.touches)][0] for plan in planned]
    rows = [(number, touch) for number, touches in plans.values() for touch in touches]
    columns: list[list[Any]] = [
        [number for number, _ in rows],
        [touch.step_number for _, touch in rows],
        [str(touch.channel) for _, touch in rows],
        [touch.due_at for _, touch in rows],
        [touch.local_due_at.date() for _, touch in rows],
        [touch.local_due_at.time() for _, touch in rows],
        [str(touch.state) for _, touch in rows],
        [str(touch.reason) for _, touch in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_TOUCHES,
            [current_dealership().pk, zone_name, TouchState.SKIPPED, now, list(ids), numbers, *columns],
        )


def _reserve_ids(count: int) -> list[int]:
    """Return ids of the enrolments to be, so that their items and touches can name them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('campaigns_enrolment', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]
