"""Appointments that hours or closed days have left outside."""

from datetime import date, datetime

from booking.enums import AppointmentStatus
from booking.logic.slots import Schedule, open_stretches
from booking.models import Appointment


def booked_while_closed(schedule: Schedule, *, now: datetime) -> list[Appointment]:
    """Return the coming appointments that do not lie within opening hours, the next one first. One query."""
    coming = (
        Appointment.objects.filter(starts_at__gt=now, status=AppointmentStatus.BOOKED)
        .select_related("customer", "vehicle")
        .order_by("starts_at", "pk")
    )
    open_on: dict[date, list[tuple[datetime, datetime]]] = {}
    outside = []
    for appointment in coming:
        on = appointment.starts_at.astimezone(schedule.zone).date()
        stretches = open_on.setdefault(on, open_stretches(schedule, on))
        if not any(a <= appointment.starts_at and appointment.ends_at <= b for a, b in stretches):
            outside.append(appointment)
    return outside
