"""One reminder for what is due together: several services of a car, several cars of a household."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# What falls due within this time of the first service is done in the same visit.
TOGETHER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DueItem:
    """One service of one vehicle that an enrolment is about, with the vehicle's owner."""

    customer_id: int
    vehicle_id: int
    service_id: int
    cycle_started_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class RunningEnrolment:
    """A household's enrolment that still has contacts to come."""

    enrolment_id: int
    anchor_on: date


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """Remind this customer of these items; the contacts are dated from `anchor_on`."""

    customer_id: int
    anchor_on: date
    items: tuple[DueItem, ...]


@dataclass(frozen=True, slots=True)
class JoinEnrolment:
    """Add these items to a reminder that is already under way, and send nothing more for them."""

    enrolment_id: int
    items: tuple[DueItem, ...]


def group(
    items: Iterable[DueItem], *, running: Iterable[RunningEnrolment], starts_by: date
) -> list[NewEnrolment | JoinEnrolment]:
    """Return the enrolments which cover the items of one household: at most one new one.

    Items due before the end of a running enrolment's period join it. Of the others, when any is due by
    `starts_by`, those and what falls due within `TOGETHER` share a new enrolment; the rest waits for
    its own turn. It is dated from the first of them, but what is long overdue does not date it: it
    goes along with what is due now. The owner of the item that dates it gets the messages.
    """
    left = sorted(items, key=_by_due_date)
    plans: list[NewEnrolment | JoinEnrolment] = []
    for enrolment in sorted(running, key=lambda enrolment: (enrolment.anchor_on, enrolment.enrolment_id)):
        joining = tuple(item for item in left if item.due_on <= enrolment.anchor_on + TOGETHER)
        left = left[len(joining) :]
        if joining:
            plans.append(JoinEnrolment(enrolment.enrolment_id, joining))
    due = [item for item in left if item.due_on <= starts_by]
    if due:
        first = next(item for item in due if item.due_on >= due[-1].due_on - TOGETHER)
        together = tuple(item for item in left if item.due_on <= first.due_on + TOGETHER)
        plans.append(NewEnrolment(first.customer_id, first.due_on, together))
    return plans


def _by_due_date(item: DueItem) -> tuple[date, int, int]:
    return item.due_on, item.vehicle_id, item.service_id
