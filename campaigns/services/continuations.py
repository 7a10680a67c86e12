"""Goes on with reminders when the appointment that had ended them fell through: the need is still there."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from booking.models import Appointment
from campaigns.enums import EndReason, EnrolmentState, TouchState
from campaigns.logic.cadence import PlannedTouch, plan_touches
from campaigns.logic.eligibility import LAPSED_AFTER
from campaigns.logic.planning import can_be_reached
from campaigns.models import Enrolment, EnrolmentItem, Touch
from campaigns.queries import cadences, people
from campaigns.queries.due import booked
from common import wall_time
from common.tenancy import current_dealership
from customers.enums import VehicleStatus
from customers.models import Customer, Forecast
from dealerships.services import log
from messaging.enums import Reason

# Who cancels often books another day at once, or is just talking to an advisor: nobody writes into that.
GRACE = timedelta(days=3)


@transaction.atomic
def continue_after(appointment_id: int, *, now: datetime) -> int:
    """Go on with what an appointment had ended that was cancelled or missed; answer how many enrolments.

    Not before `GRACE` is over, with the steps that had not gone out, dated as for somebody enrolled late: one that
    fits now, then those ahead; never one a second time. Nothing happens where the car is booked again, is
    done or gone, is overdue for too long, where its owner cannot be reached, or where every step went out.
    """
    appointment = Appointment.objects.get(pk=appointment_id)
    # The customer before their enrolments, as everywhere: a booking at the same moment would deadlock.
    Customer.objects.select_for_update(no_key=True).get(pk=appointment.customer_id)
    items = _items_still_due(appointment, now=now)
    ids = sorted({item.enrolment_id for item in items})
    enrolments = Enrolment.objects.select_for_update(no_key=True).filter(pk__any_of=ids).order_by("pk")
    continued = 0
    for enrolment in enrolments.select_related("version__cadence"):
        if enrolment.state == EnrolmentState.ENDED:
            if enrolment.end_reason != EndReason.BOOKED or not _replan(enrolment, now=now):
                continue
            log.record(enrolment, "campaigns.enrolment.continued", at=now, appointment_id=appointment_id)
        theirs = [item.pk for item in items if item.enrolment_id == enrolment.pk]
        EnrolmentItem.objects.filter(pk__any_of=theirs).update(end_reason=EndReason.NONE)
        continued += 1
    return continued


def _items_still_due(appointment: Appointment, *, now: datetime) -> list[EnrolmentItem]:
    today = wall_time.to_local(now, zone_name=current_dealership().time_zone).date()
    about = (
        Q(vehicle_id=appointment.vehicle_id)
        if appointment.vehicle_id
        else Q(enrolment__customer_id=appointment.customer_id)
    )
    items = EnrolmentItem.objects.filter(
        about,
        end_reason=EndReason.BOOKED,
        due_on__gte=today - LAPSED_AFTER,
        vehicle__status=VehicleStatus.ACTIVE,
        vehicle__customer__isnull=False,
    ).select_related("vehicle")
    vehicle_ids = [item.vehicle_id for item in items]
    owners = [item.vehicle.customer_id for item in items if item.vehicle.customer_id]
    booked_vehicles, booked_customers = booked(vehicle_ids, owners, now=now)
    cycles = set(
        Forecast.objects.filter(vehicle_id__any_of=vehicle_ids).values_list(
            "vehicle_id", "service_id", "cycle_started_on"
        )
    )
    return [
        item
        for item in items
        if item.vehicle_id not in booked_vehicles
        and item.vehicle.customer_id not in booked_customers
        and (item.vehicle_id, item.service_id, item.cycle_started_on) in cycles
    ]


def _replan(enrolment: Enrolment, *, now: datetime) -> bool:
    """Plan the steps a booking had skipped anew and open the enrolment; return whether any is left."""
    version = cadences.versions([enrolment.version_id])[enrolment.version_id]
    cadence = enrolment.version.cadence
    customer_id = enrolment.customer_id
    reach = people.reaches({customer_id}, purpose=cadence.purpose, now=now)[customer_id]
    if not can_be_reached(reach, steps=version.steps):
        return False
    planned = plan_touches(
        version.steps,
        anchor_on=enrolment.anchor_on,
        times=cadences.sending_times(cadence),
        reach=reach,
        now=now + GRACE,
    )
    if not sum(_plan_again(enrolment, touch) for touch in planned if touch.state == TouchState.PLANNED):
        return False
    Enrolment.objects.filter(pk=enrolment.pk).update(
        state=EnrolmentState.ACTIVE, end_reason=EndReason.NONE, ended_at=None
    )
    return True


def _plan_again(enrolment: Enrolment, touch: PlannedTouch) -> int:
    skipped = Touch.objects.filter(
        enrolment=enrolment,
        step_number=touch.step_number,
        fallback_number=0,
        state=TouchState.SKIPPED,
        reason=Reason.BOOKED,
    )
    return skipped.update(
        state=TouchState.PLANNED,
        reason=Reason.NONE,
        channel=touch.channel,
        due_at=touch.due_at,
        next_try_at=touch.due_at,
        local_on=touch.local_due_at.date(),
        local_time=touch.local_due_at.time(),
        decided_at=None,
    )
