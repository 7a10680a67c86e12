"""Moves enrolments under way to another version of their cadence: only when somebody says so."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic.cadence import PlannedTouch, plan_touches
from campaigns.models import CadenceVersion, Enrolment, Touch
from campaigns.queries import cadences, people
from campaigns.queries.cadences import Version
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import log
from messaging.enums import Reason


@transaction.atomic
def move_to_version(version: CadenceVersion, *, by: User, now: datetime) -> int:
    """Move all active enrolments of earlier versions to a version; answer how many.

    What was sent stays. What was still planned gives way to the version's steps of later days than the last
    contact. Steps are known by their number: one that went out, or was skipped, does not come again.
    Paused enrolments stay where they are.
    """
    moving = list(
        Enrolment.objects.select_for_update(no_key=True)
        .filter(version__cadence_id=version.cadence_id, state=EnrolmentState.ACTIVE)
        .exclude(version=version)
        .order_by("pk")
    )
    target = cadences.versions([version.pk])[version.pk]
    reaches = people.reaches(
        {enrolment.customer_id for enrolment in moving}, purpose=version.cadence.purpose, now=now
    )
    times = cadences.sending_times(version.cadence)
    for enrolment in moving:
        touches = plan_touches(
            target.steps,
            anchor_on=enrolment.anchor_on,
            times=times,
            reach=reaches[enrolment.customer_id],
            now=now,
        )
        _replan(enrolment, target=target, planned=touches, now=now)
    if moving:
        log.record(
            version.cadence,
            "campaigns.enrolments.moved",
            at=now,
            actor=by,
            number=version.number,
            count=len(moving),
        )
    return len(moving)


def _replan(enrolment: Enrolment, *, target: Version, planned: Sequence[PlannedTouch], now: datetime) -> None:
    Touch.objects.filter(enrolment=enrolment, state=TouchState.PLANNED).delete()
    kept = set(Touch.objects.filter(enrolment=enrolment).values_list("step_number", flat=True))
    last_on = max(
        Touch.objects.filter(enrolment=enrolment, state=TouchState.SENT).values_list("local_on", flat=True),
        default=None,
    )
    Touch.objects.bulk_create(
        Touch(
            dealership_id=enrolment.dealership_id,
            enrolment=enrolment,
            step_number=touch.step_number,
            channel=touch.channel,
            due_at=touch.due_at,
            local_on=touch.local_due_at.date(),
            local_time=touch.local_due_at.time(),
            zone_name=current_dealership().time_zone,
            next_try_at=touch.due_at,
            state=touch.state,
            reason=touch.reason or Reason.NONE,
            decided_at=now if touch.state == TouchState.SKIPPED else None,
        )
        for touch in planned
        if touch.step_number not in kept and (last_on is None or touch.local_due_at.date() > last_on)
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(version_id=target.id)
