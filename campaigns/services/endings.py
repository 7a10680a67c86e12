"""Ends, pauses and resumes enrolments; what was still to come gets its reason at once.

Every function works on the dealership in scope, inside one transaction, and may be repeated.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.enums import EndReason, EnrolmentState, TouchState
from campaigns.models import Enrolment, EnrolmentItem, Pause, Touch
from campaigns.signals import enrolment_ended
from common.enums import Channel
from common.tenancy import current_dealership
from messaging.enums import MessageState, Reason
from messaging.models import Message
from messaging.services import outbox

# Who answered and did not book is left in peace for this long; from an advisor's last word, where one was needed.
PAUSE = timedelta(days=14)

TOUCH_REASON = {
    EndReason.BOOKED: Reason.BOOKED,
    EndReason.VISITED: Reason.VISITED,
    EndReason.DECLINED: Reason.REPLIED,
    EndReason.OPTED_OUT: Reason.OPTED_OUT,
    EndReason.VEHICLE_GONE: Reason.VEHICLE_GONE,
    EndReason.NO_LONGER_DUE: Reason.NO_LONGER_DUE,
    EndReason.COMPLETED: Reason.ENROLMENT_ENDED,
    EndReason.BY_HAND: Reason.BY_HAND,
}


@transaction.atomic
def end(
    *,
    enrolment_ids: Collection[int] = (),
    customer_ids: Collection[int] = (),
    reason: EndReason,
    now: datetime,
) -> int:
    """End enrolments, by id or all of some customers; answer how many.

    Their open touches are skipped with the reason, and messages of theirs that no sender has taken yet are
    cancelled. Sends `enrolment_ended` for each.
    """
    running = Enrolment.objects.exclude(state=EnrolmentState.ENDED)
    named = running.filter(pk__any_of=list(enrolment_ids)) | running.filter(
        customer_id__any_of=list(customer_ids)
    )
    return _end(named, reason=reason, now=now)


@transaction.atomic
def end_vehicles(vehicle_ids: Collection[int], *, reason: EndReason, now: datetime) -> int:
    """End what is being reminded of for some vehicles; answer how many enrolments that ended.

    An enrolment that is about other cars as well goes on for these.
    """
    items = EnrolmentItem.objects.filter(vehicle_id__any_of=list(vehicle_ids))
    return end_items(items, reason=reason, now=now)


@transaction.atomic
def end_items(items: QuerySet[EnrolmentItem], *, reason: EndReason, now: datetime) -> int:
    """End items of running enrolments, and the enrolments that have none left; answer how many ended."""
    open_items = items.filter(end_reason="").exclude(enrolment__state=EnrolmentState.ENDED)
    touched = sorted(set(open_items.values_list("enrolment_id", flat=True)))
    if not touched:
        return 0
    # Locked first and in one order, as everywhere: planners and other endings queue here.
    list(Enrolment.objects.select_for_update(no_key=True).filter(pk__any_of=touched).order_by("pk"))
    EnrolmentItem.objects.filter(pk__any_of=list(open_items.values_list("pk", flat=True))).update(
        end_reason=reason
    )
    left = EnrolmentItem.objects.filter(enrolment_id=OuterRef("pk"), end_reason="")
    return _end(Enrolment.objects.filter(~Exists(left), pk__any_of=touched), reason=reason, now=now)


@transaction.atomic
def pause_customers(customer_ids: Collection[int], *, now: datetime) -> int:
    """Hold everything that is planned for customers one of whom answered; answer how many enrolments that paused.

    What is paused already stays so for as long again: the conversation goes on.
    """
    lengthen_pauses(customer_ids, now=now)
    theirs = Enrolment.objects.filter(customer_id__any_of=list(customer_ids))
    active = theirs.filter(state=EnrolmentState.ACTIVE)
    ids = list(active.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Touch.objects.filter(enrolment_id__any_of=ids, state=TouchState.PLANNED).update(
        state=TouchState.HELD, reason=Reason.REPLIED
    )
    _cancel_messages(ids, reason=Reason.REPLIED, now=now)
    return Enrolment.objects.filter(pk__any_of=ids, state=EnrolmentState.ACTIVE).update(
        state=EnrolmentState.PAUSED, paused_until=now + PAUSE
    )


@transaction.atomic
def lengthen_pauses(customer_ids: Collection[int], *, now: datetime) -> int:
    """Have what is paused for customers stay so for as long again; answer how many enrolments that are."""
    paused = Enrolment.objects.filter(customer_id__any_of=list(customer_ids), state=EnrolmentState.PAUSED)
    held = list(paused.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return paused.filter(pk__any_of=held).update(paused_until=now + PAUSE)


@transaction.atomic
def resume(enrolment_ids: Collection[int], *, now: datetime) -> int:
    """Go on with paused enrolments; answer how many. Touches whose time passed meanwhile are skipped."""
    paused = Enrolment.objects.filter(pk__any_of=list(enrolment_ids), state=EnrolmentState.PAUSED)
    ids = list(paused.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    held = Touch.objects.filter(enrolment_id__any_of=ids, state=TouchState.HELD)
    held.filter(due_at__lt=now).update(state=TouchState.SKIPPED, reason=Reason.REPLIED, decided_at=now)
    held.update(state=TouchState.PLANNED, reason=Reason.NONE)
    return Enrolment.objects.filter(pk__any_of=ids, state=EnrolmentState.PAUSED).update(
        state=EnrolmentState.ACTIVE, paused_until=None
    )


def resume_due(*, now: datetime) -> int:
    """Go on with the enrolments whose pause is over; not while their customer waits for an advisor."""
    waits = Pause.objects.filter(customer_id=OuterRef("customer_id"), vehicle=None, ended_at=None)
    over = Enrolment.objects.filter(~Exists(waits), state=EnrolmentState.PAUSED, paused_until__lte=now)
    return resume(list(over.values_list("pk", flat=True)), now=now)


@transaction.atomic
def complete_finished(*, now: datetime) -> int:
    """End the enrolments that have nothing left to do; answer how many.

    Not before the last message can still fail and have another channel take over.
    """
    open_touches = Touch.objects.filter(enrolment_id=OuterRef("pk"), state__in=TouchState.open())
    young = Touch.objects.filter(enrolment_id=OuterRef("pk"), decided_at__gt=now - timedelta(days=7))
    done = Enrolment.objects.filter(~Exists(open_touches), ~Exists(young), state=EnrolmentState.ACTIVE)
    return _end(done, reason=EndReason.COMPLETED, now=now)


def _end(enrolments: QuerySet[Enrolment], *, reason: EndReason, now: datetime) -> int:
    ids = list(
        enrolments.exclude(state=EnrolmentState.ENDED)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        return 0
    ended = Enrolment.objects.filter(pk__any_of=ids).exclude(state=EnrolmentState.ENDED)
    count = ended.update(state=EnrolmentState.ENDED, end_reason=reason, ended_at=now, paused_until=None)
    EnrolmentItem.objects.filter(enrolment_id__any_of=ids, end_reason="").update(end_reason=reason)
    Touch.objects.filter(enrolment_id__any_of=ids, state__in=TouchState.open()).update(
        state=TouchState.SKIPPED, reason=TOUCH_REASON[reason], decided_at=now
    )
    if reason != EndReason.COMPLETED:  # what is still on its way then is meant to arrive
        _cancel_messages(ids, reason=TOUCH_REASON[reason], now=now)
    for enrolment_id in ids:
        enrolment_ended.send(
            sender=Enrolment, dealership_id=current_dealership().pk, enrolment_id=enrolment_id, reason=reason
        )
    return count


def _cancel_messages(enrolment_ids: Collection[int], *, reason: Reason, now: datetime) -> None:
    """Cancel what was handed to the outbox and has not left: letters not printed too; its touches say so."""
    unsent = Q(message__state__in=[MessageState.QUEUED, MessageState.SENDING])
    unprinted = Q(message__state=MessageState.ACCEPTED, channel=Channel.LETTER)
    waiting = Touch.objects.filter(
        unsent | unprinted, enrolment_id__any_of=list(enrolment_ids), state=TouchState.SENT
    )
    keys = list(waiting.values_list("message__key", flat=True))
    if not keys:
        return
    outbox.cancel(keys=keys, reason=reason, now=now)
    cancelled = Message.objects.filter(key__any_of=keys, state=MessageState.CANCELLED)
    Touch.objects.filter(message__in=cancelled).update(
        state=TouchState.CANCELLED, reason=reason, decided_at=now
    )
