"""Closing the circle: a recorded visit finishes the appointment it came from."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from booking.enums import AppointmentStatus
from booking.models import Appointment
from booking.services import appointments
from customers.models import Visit

FINISHED = (AppointmentStatus.DONE, AppointmentStatus.CANCELLED)


def finish_appointments(visit_ids: Sequence[int], *, now: datetime) -> int:
    """Mark the appointments these visits came from as done and return how many.

    A visit belongs to an appointment of the same vehicle on a day on which its repair order was open. An
    import brings visits by the ten thousand and appointments by the dozen, so the appointments are read first.
    """
    done = 0
    for appointment in _open_appointments_of(visit_ids):
        done += appointments.finish(appointment, by=None, now=now)
    return done


def _open_appointments_of(visit_ids: Sequence[int]) -> Iterator[Appointment]:
    waiting = (
        Appointment.objects.exclude(status__in=FINISHED)
        .filter(vehicle__visits__id__any_of=list(visit_ids))
        .distinct()
    )
    by_vehicle: dict[int, list[tuple[date, date]]] = {}
    vehicles = {appointment.vehicle_id for appointment in waiting}
    visits = Visit.objects.filter(pk__any_of=list(visit_ids), vehicle__in=vehicles)
    for vehicle_id, opened_on, closed_on in visits.values_list("vehicle_id", "opened_on", "closed_on"):
        by_vehicle.setdefault(vehicle_id, []).append((opened_on, closed_on or opened_on))
    for appointment in waiting:
        stays = by_vehicle.get(appointment.vehicle_id or 0, [])
        if any(opened_on <= appointment.local_on <= closed_on for opened_on, closed_on in stays):
            yield appointment
