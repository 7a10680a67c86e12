"""What campaigns do when a lower app has something to tell."""

from typing import Any

from django.dispatch import receiver

from booking.enums import AppointmentStatus
from booking.signals import appointment_changed
from campaigns.services import cadences, continuations, outcomes, reactions, takeovers
from common import clock
from common.doorbell import ring
from customers.signals import forecasts_refreshed, vehicle_status_changed, visits_recorded
from dealerships.signals import dealership_created
from messaging.enums import MessageState
from messaging.signals import consent_withdrawn, message_settled, reply_received


@receiver(dealership_created, dispatch_uid="campaigns.dealership_created")
def add_built_in_cadence(**_: Any) -> None:
    cadences.create_built_in(now=clock.now())


@receiver(visits_recorded, dispatch_uid="campaigns.visits_recorded")
def record_visits(*, visit_ids: list[int], **_: Any) -> None:
    outcomes.record_visits(visit_ids, now=clock.now())


@receiver(forecasts_refreshed, dispatch_uid="campaigns.forecasts_refreshed")
def enrol_who_became_due(*, dealership_id: int, vehicle_ids: list[int], **_: Any) -> None:
    outcomes.end_done(vehicle_ids, now=clock.now())
    ring("campaigns.enrol", dealership_id=dealership_id, vehicle_ids=vehicle_ids)


@receiver(vehicle_status_changed, dispatch_uid="campaigns.vehicle_status_changed")
def end_for_vehicles_gone(*, vehicle_ids: list[int], **_: Any) -> None:
    reactions.end_for_vehicles_gone(vehicle_ids, now=clock.now())


@receiver(appointment_changed, dispatch_uid="campaigns.appointment_changed")
def follow_appointment(*, appointment_id: int, status: str, **_: Any) -> None:
    if status in {AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED}:
        reactions.end_for_appointment(appointment_id, now=clock.now())
    elif status in {AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW}:
        continuations.continue_after(appointment_id, now=clock.now())


@receiver(reply_received, dispatch_uid="campaigns.reply_received")
def pause_when_answered(*, inbound_message_id: int, **_: Any) -> None:
    reactions.pause_for_reply(inbound_message_id, now=clock.now())


@receiver(consent_withdrawn, dispatch_uid="campaigns.consent_withdrawn")
def end_when_opted_out(*, customer_id: int, purpose: str | None, **_: Any) -> None:
    reactions.end_for_opt_out(customer_id, purpose=purpose, now=clock.now())


@receiver(message_settled, dispatch_uid="campaigns.message_settled")
def try_next_channel(*, message_id: int, state: str, is_permanent: bool, **_: Any) -> None:
    if state == MessageState.FAILED and is_permanent:
        takeovers.take_over(message_id, now=clock.now())
