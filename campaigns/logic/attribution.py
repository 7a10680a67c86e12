"""Which reminder a visit is credited to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# After this many days without a contact a visit is no longer an answer to the reminder.
CREDITED_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class SentTouch:
    """A contact that went out, on its local date."""

    touch_id: int
    sent_on: date


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """One enrolment that was about the vehicle which came in."""

    enrolment_id: int
    started_on: date
    is_open: bool
    touches: tuple[SentTouch, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """The enrolment a visit is credited to and its last contact before the visit, if there was one."""

    enrolment_id: int
    touch_id: int | None


def credit(visited_on: date, *, enrolments: Iterable[EnrolmentFacts]) -> Credit | None:
    """Return what a visit is credited to, or None when the owner came by themselves.

    The enrolment with the latest contact on or before the day of the visit, not older than
    `CREDITED_FOR`; failing that the latest open one, without a contact (they came before the
    first reminder). An enrolment begun after the visit never counts.
    """
    begun = [enrolment for enrolment in enrolments if enrolment.started_on <= visited_on]
    contacts = [
        (touch.sent_on, touch.touch_id, enrolment.enrolment_id)
        for enrolment in begun
        for touch in enrolment.touches
        if visited_on - CREDITED_FOR <= touch.sent_on <= visited_on
    ]
    if contacts:
        _, touch_id, enrolment_id = max(contacts)
        return Credit(enrolment_id, touch_id)
    waiting = [(enrolment.started_on, enrolment.enrolment_id) for enrolment in begun if enrolment.is_open]
    return Credit(max(waiting)[1], None) if waiting else None
