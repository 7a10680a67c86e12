"""Has the next channel take over when a message failed for good."""

from datetime import datetime

from django.db import transaction

from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic import channels
from campaigns.models import Enrolment, Touch
from campaigns.queries import cadences
from common import wall_time
from common.doorbell import ring
from messaging.enums import ErrorCode, Reason


@transaction.atomic
def take_over(message_id: int, *, now: datetime) -> Touch | None:
    """Plan a touch on the next channel for the one whose message failed, and return it.

    None when the message was no touch's, its enrolment no longer runs, no channel is left, the failure was the
    customer's own word to the provider, or another worker has planned it. Repeating is harmless, at the same time
    too: a step's fallback of one number exists once.
    """
    failed = Touch.objects.filter(message_id=message_id).select_related("message").first()
    if failed is None or (failed.message and failed.message.error_code in ErrorCode.says_stop()):
        return None
    # Not locked: this runs while a sender records a batch, and must not wait for anybody. An enrolment that
    # ends meanwhile has the new touch skipped when it is due, which is at once.
    enrolment = Enrolment.objects.get(pk=failed.enrolment_id)
    if enrolment.state != EnrolmentState.ACTIVE:
        return None
    step_touches = Touch.objects.filter(enrolment=enrolment, step_number=failed.step_number)
    if step_touches.filter(fallback_number__gt=failed.fallback_number).exists():
        return None
    Touch.objects.filter(pk=failed.pk).update(reason=Reason.DELIVERY_FAILED)
    step = cadences.versions([enrolment.version_id])[enrolment.version_id].step(failed.step_number)
    tried = set(step_touches.values_list("channel", flat=True))
    next_channel = None if step is None else channels.next_after(step.channel, tried=tried)
    return None if next_channel is None else _plan(failed, channel=next_channel, now=now)


def _plan(failed: Touch, *, channel: str, now: datetime) -> Touch | None:
    local_at = wall_time.to_local(now, zone_name=failed.zone_name)
    touch, is_new = Touch.objects.get_or_create(
        dealership_id=failed.dealership_id,
        enrolment_id=failed.enrolment_id,
        step_number=failed.step_number,
        fallback_number=failed.fallback_number + 1,
        defaults={
            "channel": channel,
            "due_at": now,
            "local_on": local_at.date(),
            "local_time": local_at.time(),
            "zone_name": failed.zone_name,
            "next_try_at": now,
            "state": TouchState.PLANNED,
        },
    )
    if not is_new:
        return None
    ring("campaigns.dispatch")
    return touch
