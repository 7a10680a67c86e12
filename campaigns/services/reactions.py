"""What enrolments do when something happened: an appointment, a reply, an opt-out, a car sold."""

from collections.abc import Collection
from datetime import datetime

from booking.models import Appointment
from campaigns.enums import EndReason, EnrolmentState
from campaigns.models import Enrolment, EnrolmentItem
from campaigns.services import endings
from common.enums import Channel
from customers.enums import VehicleStatus
from customers.models import Customer, Vehicle
from messaging.models import InboundMessage
from messaging.queries.senders import owners_of


def end_for_appointment(appointment_id: int, *, now: datetime) -> int:
    """End what was being reminded of for the car that is booked; without a car, all of the customer's."""
    appointment = Appointment.objects.get(pk=appointment_id)
    if appointment.vehicle_id is None:
        return endings.end(customer_ids=[appointment.customer_id], reason=EndReason.BOOKED, now=now)
    return endings.end_vehicles([appointment.vehicle_id], reason=EndReason.BOOKED, now=now)


def pause_for_reply(inbound_message_id: int, *, now: datetime) -> int:
    """Hold what is planned for whoever answered; a conversation is not interrupted by a reminder.

    That is everybody with the address the answer came from: one person in two rows, or two of one household, would
    else be answered on one row and reminded on the other.
    """
    message = InboundMessage.objects.get(pk=inbound_message_id)
    ids = set(owners_of(message.from_address, channel=Channel(message.channel)).values_list("pk", flat=True))
    if message.customer_id is not None:
        ids.add(message.customer_id)
    # The customers before their enrolments, as a booking does: a tap at the same moment would deadlock.
    list(Customer.objects.select_for_update(no_key=True).filter(pk__any_of=sorted(ids)).order_by("pk"))
    return endings.pause_customers(ids, now=now)


def end_for_opt_out(customer_id: int, *, purpose: str | None, now: datetime) -> int:
    """End a customer's enrolments of a purpose they no longer want (None: any), on every channel.

    Also when only one channel was refused: "stop" to a text is no invitation to write an e-mail instead.
    The next due cycle may use what they still allow.
    """
    running = Enrolment.objects.filter(customer_id=customer_id).exclude(state=EnrolmentState.ENDED)
    if purpose is not None:
        running = running.filter(version__cadence__purpose=purpose)
    ids = list(running.values_list("pk", flat=True))
    return endings.end(enrolment_ids=ids, reason=EndReason.OPTED_OUT, now=now)


def end_for_vehicles_gone(vehicle_ids: Collection[int], *, now: datetime) -> int:
    """End what was being reminded of for vehicles that are sold, scrapped or excluded now."""
    gone = Vehicle.objects.filter(pk__any_of=list(vehicle_ids)).exclude(status=VehicleStatus.ACTIVE)
    items = EnrolmentItem.objects.filter(vehicle__in=gone)
    return endings.end_items(items, reason=EndReason.VEHICLE_GONE, now=now)
