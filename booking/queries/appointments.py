"""Appointments of the dealership in scope."""

from datetime import datetime

from django.db.models import QuerySet

from booking.enums import AppointmentStatus
from booking.models import Appointment


def appointment_with_key(key: str) -> Appointment | None:
    """Return what an earlier booking with the same key made, whatever became of it since."""
    return Appointment.objects.filter(key=key).select_related("customer", "vehicle").first()


def upcoming_appointments(customer_id: int, *, now: datetime) -> list[Appointment]:
    """Return the customer's booked appointments that are still to come, the next one first."""
    return list(
        Appointment.objects.filter(
            customer_id=customer_id, starts_at__gt=now, status=AppointmentStatus.BOOKED
        )
        .select_related("customer", "vehicle")
        .order_by("starts_at")
    )


def appointments_on(from_at: datetime, *, until: datetime) -> QuerySet[Appointment]:
    """Return the appointments starting in [from_at, until), by time; cancelled ones too."""
    return (
        Appointment.objects.filter(starts_at__gte=from_at, starts_at__lt=until)
        .select_related("customer", "vehicle")
        .order_by("starts_at", "pk")
    )
