"""Consent, appointments, imports and what members did."""

from datetime import datetime

from django.db.models import Count, F, Max

from booking.enums import AppointmentStatus
from booking.models import Appointment
from customers.models import Customer, Visit
from dealerships.models import LogEntry
from insights.logic.moments import clock_words, day_words, within
from insights.logic.timeline import Entry, Kind
from insights.queries.timeline.span import Span
from messaging.enums import ConsentAction, ConsentSource
from messaging.models import ConsentEvent


def consent(customer_id: int, span: Span) -> list[Entry]:
    """Return what the customer allowed and withdrew, with the evidence."""
    rows = (
        ConsentEvent.objects.filter(span.moments(Kind.CONSENT, "at"), customer_id=customer_id)
        .select_related("actor")
        .order_by("-at", "-id")[: span.limit]
    )
    return [_consent(event) for event in rows]


def _consent(event: ConsentEvent) -> Entry:
    is_withdrawn = event.action == ConsentAction.WITHDRAWN
    channel = event.get_channel_display() if event.channel else "every channel"
    purpose = event.get_purpose_display().lower() if event.purpose else "everything"
    by = f", noted by {event.actor}" if event.actor else ""
    return Entry(
        kind=Kind.CONSENT,
        id=event.pk,
        at=event.at,
        icon="shield-off" if is_withdrawn else "shield-check",
        tone="bad" if is_withdrawn else "good",
        title=f"{'Stop' if is_withdrawn else 'Allowed'}: {channel}, {purpose}",
        lines=(f"{event.get_source_display()}{by}",),
        # Of an import only a code is known, which the line above says in words.
        quote="" if event.wording in ConsentSource.values else event.wording,
        state=(event.action, event.get_action_display()),
    )


def appointments(customer_id: int, span: Span) -> list[Entry]:
    """Return appointments, each where it was booked."""
    rows = (
        Appointment.objects.filter(span.moments(Kind.APPOINTMENT, "created_at"), customer_id=customer_id)
        .select_related("vehicle")
        .order_by("-created_at", "-id")[: span.limit]
    )
    return [_appointment(appointment, span) for appointment in rows]


def _appointment(appointment: Appointment, span: Span) -> Entry:
    near = span.near
    at = clock_words(appointment.starts_at, zone=near.zone, uses_24h=near.uses_24h)
    is_off = appointment.status in {AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW}
    return Entry(
        kind=Kind.APPOINTMENT,
        id=appointment.pk,
        at=appointment.created_at,
        icon="calendar-x" if is_off else "calendar-check",
        tone="quiet" if is_off else "good",
        title=f"Appointment {within(day_words(appointment.local_on, today=near.today))}, {at}",
        lines=tuple(
            line
            for line in (
                str(appointment.vehicle or ""),
                f"Booked by: {appointment.get_source_display().lower()}",
                "" if appointment.is_in_their_words else appointment.note,
            )
            if line
        ),
        quote=appointment.note if appointment.is_in_their_words else "",
        state=(appointment.status, appointment.get_status_display()),
    )


def imports(customer_id: int, span: Span) -> list[Entry]:
    """Return the imports that brought the customer's visits, and how many."""
    rows = (
        Visit.objects.filter(customer_id=customer_id, created_by_import__isnull=False)
        .values(import_id=F("created_by_import_id"))
        .annotate(count=Count("id"), at=Max(F("created_by_import__created_at")))
        .order_by("-at")[: span.limit]
    )
    return [
        Entry(
            kind=Kind.IMPORT,
            id=row["import_id"],
            at=row["at"],
            icon="file-up",
            title=f"Import {row['import_id']}",
            lines=(f"Brought {row['count']} visit{'' if row['count'] == 1 else 's'}",),
        )
        for row in rows
        if _is_beyond(span, row["at"], row["import_id"])
    ]


def _is_beyond(span: Span, at: datetime, import_id: int) -> bool:
    mark = span.mark
    return mark is None or (at, -Kind.IMPORT.rank, import_id) < (mark.at, -mark.rank, mark.id)


def log_entries(customer_id: int, span: Span) -> list[Entry]:
    """Return what members did to the customer's record."""
    rows = (
        LogEntry.objects.filter(
            span.moments(Kind.LOG, "at"), subject_type=Customer._meta.label_lower, subject_id=customer_id
        )
        .select_related("actor")
        .order_by("-at", "-id")[: span.limit]
    )
    return [
        Entry(
            kind=Kind.LOG,
            id=entry.pk,
            at=entry.at,
            icon="history",
            title=entry.action.rpartition(".")[2].replace("_", " ").capitalize(),
            lines=(f"By {entry.actor}" if entry.actor else "By the system",),
        )
        for entry in rows
    ]
