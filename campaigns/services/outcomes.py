"""Closes the circle: a visit ends what was reminded of and is credited to the reminder, once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from campaigns.enums import EndReason, EnrolmentState
from campaigns.logic import attribution
from campaigns.logic.attribution import EnrolmentFacts, SentTouch
from campaigns.logic.eligibility import VISIT_IS_RECENT
from campaigns.models import Enrolment, EnrolmentItem, Outcome, Touch
from campaigns.queries.touches import was_sent
from campaigns.services import endings
from common import wall_time
from common.tenancy import current_dealership
from customers.enums import VisitStatus
from customers.models import Forecast, Visit


@transaction.atomic
def record_visits(visit_ids: Collection[int], *, now: datetime) -> int:
    """Credit visits to reminders and end what they have answered; return how many were newly credited.

    Old visits of a first import find nothing to end. A visit is credited once, whatever is imported again;
    what it brought is brought up to date.
    """
    recorded = Visit.objects.filter(pk__any_of=list(visit_ids)).exclude(status=VisitStatus.VOID)
    begun = _enrolments_about(set(recorded.values_list("vehicle_id", flat=True)))
    if not begun:
        return 0
    visits = list(recorded.order_by("opened_on", "pk"))
    credited = 0
    for visit in visits:
        credit = attribution.credit(visit.opened_on, enrolments=begun.get(visit.vehicle_id, []))
        if credit is not None:
            credited += _write(visit, credit=credit, now=now)
    _end_answered(visits, now=now)
    return credited


@transaction.atomic
def end_done(vehicle_ids: Collection[int], *, now: datetime) -> int:
    """End items whose service has been done since, by whatever visit; answer how many enrolments ended.

    A newer cycle in the forecast is the sign. This catches visits imported late and op codes mapped later.
    """
    running = EnrolmentItem.objects.filter(vehicle_id__any_of=list(vehicle_ids), end_reason="").exclude(
        enrolment__state=EnrolmentState.ENDED
    )
    items = list(running.values_list("pk", "vehicle_id", "service_id", "cycle_started_on"))
    if not items:
        return 0
    forecasts = Forecast.objects.filter(vehicle_id__any_of=[item[1] for item in items])
    cycles = {
        (vehicle_id, service_id): started_on
        for vehicle_id, service_id, started_on in forecasts.values_list(
            "vehicle_id", "service_id", "cycle_started_on"
        )
    }
    done = [pk for pk, vehicle, service, cycle in items if cycles.get((vehicle, service), cycle) > cycle]
    return endings.end_items(
        EnrolmentItem.objects.filter(pk__any_of=done), reason=EndReason.NO_LONGER_DUE, now=now
    )


def _end_answered(visits: Collection[Visit], *, now: datetime) -> None:
    """End items of vehicles that came in since they were enrolled, or shortly before."""
    zone_name = current_dealership().time_zone
    latest = {visit.vehicle_id: visit.opened_on for visit in visits}  # in order: the last one stays
    items = EnrolmentItem.objects.filter(vehicle_id__any_of=list(latest), end_reason="").exclude(
        enrolment__state=EnrolmentState.ENDED
    )
    answered = [
        pk
        for pk, vehicle_id, cycle_started_on, started_at in items.values_list(
            "pk", "vehicle_id", "cycle_started_on", "enrolment__started_at"
        )
        if latest[vehicle_id] > cycle_started_on
        and latest[vehicle_id] >= wall_time.to_local(started_at, zone_name=zone_name).date() - VISIT_IS_RECENT
    ]
    endings.end_items(EnrolmentItem.objects.filter(pk__any_of=answered), reason=EndReason.VISITED, now=now)


def _enrolments_about(vehicle_ids: Collection[int]) -> dict[int, list[EnrolmentFacts]]:
    zone_name = current_dealership().time_zone
    pairs = set(
        EnrolmentItem.objects.filter(vehicle_id__any_of=list(vehicle_ids)).values_list(
            "vehicle_id", "enrolment_id"
        )
    )
    ids = list({enrolment_id for _, enrolment_id in pairs})
    sent: dict[int, list[SentTouch]] = defaultdict(list)
    for touch in Touch.objects.filter(enrolment_id__any_of=ids).select_related("message"):
        if was_sent(touch) and touch.decided_at is not None:
            sent_on = wall_time.to_local(touch.decided_at, zone_name=zone_name).date()
            sent[touch.enrolment_id].append(SentTouch(touch.pk, sent_on))
    facts = {
        enrolment.pk: EnrolmentFacts(
            enrolment_id=enrolment.pk,
            started_on=wall_time.to_local(enrolment.started_at, zone_name=zone_name).date(),
            is_open=enrolment.state != EnrolmentState.ENDED or enrolment.end_reason == EndReason.BOOKED,
            touches=tuple(sent[enrolment.pk]),
        )
        for enrolment in Enrolment.objects.filter(pk__any_of=ids)
    }
    found: dict[int, list[EnrolmentFacts]] = defaultdict(list)
    for vehicle_id, enrolment_id in pairs:
        found[vehicle_id].append(facts[enrolment_id])
    return found


def _write(visit: Visit, *, credit: attribution.Credit, now: datetime) -> bool:
    """Write the credit of a visit, or bring the revenue of an earlier one up to date; return whether it is new."""
    revenue_cents = visit.customer_pay_cents
    known = Outcome.objects.filter(visit=visit)
    if known.update(revenue_cents=revenue_cents):
        return False
    enrolment = Enrolment.objects.get(pk=credit.enrolment_id)
    _, is_new = Outcome.objects.get_or_create(
        dealership=current_dealership(),
        visit=visit,
        defaults={
            "enrolment": enrolment,
            "touch_id": credit.touch_id,
            "version_id": enrolment.version_id,
            "revenue_cents": revenue_cents,
            "attributed_at": now,
        },
    )
    return is_new
