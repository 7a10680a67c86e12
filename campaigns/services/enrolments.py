"""Enrols who became due."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from campaigns.enums import EnrolmentState
from campaigns.logic.grouping import JoinEnrolment
from campaigns.logic.planning import ChunkPlan, Programme, due_items, plan_households
from campaigns.models import Cadence, Enrolment
from campaigns.queries import cadences, due, people
from campaigns.queries.due import Household
from campaigns.services import planned_rows
from common.batches import in_batches
from common.tenancy import current_dealership
from dealerships.services import log

# Households planned in one transaction: long enough to write in bulk, short enough that what waits for
# its lock waits less than a second.
HOUSEHOLDS_AT_ONCE = 2000

PLANNING_LOCK = 0x504C_414E  # "PLAN": with the dealership's id, what two planners at once queue for


@dataclass(slots=True)
class Enrolled:
    """What one run did, in numbers."""

    enrolled: int = 0
    joined: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Enrolled") -> None:
        self.enrolled += other.enrolled
        self.joined += other.joined
        self.skipped += other.skipped


def enrol_due(*, vehicle_ids: Collection[int] | None = None, now: datetime) -> Enrolled:
    """Enrol the households of the dealership in scope that became due, and plan all their touches.

    With `vehicle_ids`, only the households of these vehicles. Repeating is harmless, at the same time
    too: one planner works at a time on a dealership, each chunk is one transaction that looks at what is
    enrolled already, and the database takes one enrolment of a vehicle, service and cycle only. What
    a crash leaves out, the next run finds.
    """
    cadence = cadences.service_due_cadence()
    total = Enrolled()
    if cadence is None:
        return total
    version = cadences.current_version(cadence)
    programme = cadences.programme(cadence, version=version, now=now)
    households = due.households_due(
        due_from=programme.due_from, due_until=programme.due_until, vehicle_ids=vehicle_ids
    )
    for chunk in in_batches(households, size=HOUSEHOLDS_AT_ONCE):
        total.add(_enrol_chunk(chunk, cadence=cadence, version_id=version.id, programme=programme))
    if total.enrolled:
        log.record(cadence, "campaigns.enrolments.planned", at=now, count=total.enrolled, joined=total.joined)
    return total


@transaction.atomic
def _enrol_chunk(
    households: Sequence[Household], *, cadence: Cadence, version_id: int, programme: Programme
) -> Enrolled:
    _queue_for_planning()
    plan = plan_chunk(households, purpose=cadence.purpose, programme=programme)
    planned_rows.write_enrolments(
        plan.new, version_id=version_id, zone_name=programme.times.zone_name, now=programme.now
    )
    joined = _join(plan.joins)
    return Enrolled(enrolled=len(plan.new), joined=joined, skipped=plan.skipped)


def plan_chunk(households: Sequence[Household], *, purpose: str, programme: Programme) -> ChunkPlan:
    """Return what is to be planned for some households, from facts read now. Writes nothing."""
    vehicle_ids = [vehicle_id for household in households for vehicle_id in household.vehicle_ids]
    facts = due.vehicle_facts(
        vehicle_ids, due_until=programme.due_until, today=programme.today, now=programme.now
    )
    items, left_out = due_items(facts, programme=programme)
    return plan_households(
        facts,
        items,
        left_out=left_out,
        running=due.running_enrolments(facts) if items else {},
        reaches=people.reaches({item.customer_id for item in items}, purpose=purpose, now=programme.now)
        if items
        else {},
        programme=programme,
    )


def _join(joins: Sequence[JoinEnrolment]) -> int:
    """Add items to enrolments that still run; locked, so that none of them ends unnoticed meanwhile."""
    ids = [join.enrolment_id for join in joins]
    still_open = set(
        Enrolment.objects.select_for_update(no_key=True)
        .filter(pk__any_of=ids)
        .exclude(state=EnrolmentState.ENDED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    rows = [
        (join.enrolment_id, item) for join in joins if join.enrolment_id in still_open for item in join.items
    ]
    planned_rows.write_items(rows)
    return len(rows)


def _queue_for_planning() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PLANNING_LOCK, current_dealership().pk])
