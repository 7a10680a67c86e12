"""What the due list and the tiles say about each row besides its forecast; one query per kind of fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.enums import AppointmentStatus
from booking.models import Appointment
from campaigns.enums import TouchState
from campaigns.models import Touch
from messaging.enums import MessageState
from messaging.models import InboundMessage, Message

HANDED_OVER = (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.UNCONFIRMED)


@dataclass(frozen=True)
class Contact:
    """The last word between us and a customer, either way."""

    channel: str
    at: datetime
    is_inbound: bool


@dataclass(frozen=True)
class NextTouch:
    channel: str
    at: datetime
    state: str
    reason: str


def last_contacts(customer_ids: Sequence[int]) -> dict[int, Contact]:
    """Return each customer's newest message handed over or received."""
    sent = (
        Message.objects.filter(customer_id__in=customer_ids, state__in=HANDED_OVER)
        .order_by("customer_id", "-created_at")
        .distinct("customer_id")
        .values_list("customer_id", "channel", "created_at")
    )
    received = (
        InboundMessage.objects.filter(customer_id__in=customer_ids)
        .order_by("customer_id", "-received_at")
        .distinct("customer_id")
        .values_list("customer_id", "channel", "received_at")
    )
    newest = {
        customer_id: Contact(channel, at, is_inbound=False)
        for customer_id, channel, at in sent
        if customer_id
    }
    for customer_id, channel, at in received:
        if customer_id and (customer_id not in newest or newest[customer_id].at < at):
            newest[customer_id] = Contact(channel, at, is_inbound=True)
    return newest


def next_touches(vehicle_ids: Sequence[int]) -> dict[int, NextTouch]:
    """Return each vehicle's next touch that is still to come."""
    rows = (
        Touch.objects.filter(enrolment__items__vehicle_id__in=vehicle_ids, state__in=TouchState.open())
        .order_by("-next_try_at", "-step_number")
        .values_list("enrolment__items__vehicle_id", "channel", "next_try_at", "state", "reason")
    )
    return {
        vehicle_id: NextTouch(channel, at, state, reason) for vehicle_id, channel, at, state, reason in rows
    }


def booked(customer_ids: Sequence[int], *, now: datetime) -> dict[int, Appointment]:
    """Return each customer's next booked appointment."""
    rows = Appointment.objects.filter(
        customer_id__in=customer_ids, starts_at__gte=now, status=AppointmentStatus.BOOKED
    ).order_by("-starts_at")
    return {row.customer_id: row for row in rows}
