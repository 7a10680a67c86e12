"""Today's and tomorrow's appointments."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from booking.enums import AppointmentStatus
from booking.models import Appointment
from insights.logic.moments import Near, clock_words, day_words

MOST_SHOWN = 40


@dataclass(frozen=True)
class AppointmentRow:
    appointment: Appointment
    day: str
    at: str


def counts(near: Near) -> tuple[int, int]:
    """Return how many appointments stand for today and for tomorrow, local time."""
    days = Counter(_standing(near).values_list("local_on", flat=True))
    return days[near.today], sum(days.values()) - days[near.today]


def rows(near: Near) -> list[AppointmentRow]:
    """Return today's and tomorrow's appointments in their order. Queries: 1."""
    found = _standing(near).select_related("customer", "vehicle").order_by("starts_at", "id")[:MOST_SHOWN]
    return [
        AppointmentRow(
            appointment=appointment,
            day=day_words(appointment.local_on, today=near.today),
            at=clock_words(appointment.starts_at, zone=near.zone, uses_24h=near.uses_24h),
        )
        for appointment in found
    ]


def _standing(near: Near) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        starts_at__gte=near.day_starts_at(), starts_at__lt=near.day_starts_at(2)
    ).exclude(status=AppointmentStatus.CANCELLED)
