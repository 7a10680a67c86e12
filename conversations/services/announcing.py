"""Telling a customer what became of their appointment, whoever changed it."""

from datetime import datetime

from booking.enums import AppointmentStatus
from booking.models import Appointment
from conversations.logic import wording
from conversations.logic.thread import confirmation_key
from conversations.services import speaking
from conversations.services.speaking import Line, Words

# What an advisor does that a customer must know; that they arrived they know themselves.
TOLD = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED})


def booked_words(appointment: Appointment, line: Line, *, is_moved: bool, now: datetime) -> Words:
    """Return the confirmation of a booked or moved appointment, with its calendar entry."""
    setting = speaking.setting_of(line, vehicle=appointment.vehicle)
    moment = datetime.combine(appointment.local_on, appointment.local_time)
    write = wording.write_moved if is_moved else wording.write_booked
    summary = " · ".join(part for part in (setting.dealership, setting.vehicle) if part)
    return Words(
        write(moment, setting=setting),
        wording.write_subject("booked", setting=setting, moment=moment),
        [speaking.booked_attachment(appointment, line, summary=summary, now=now)],
    )


def cancelled_words(appointment: Appointment, line: Line, *, now: datetime) -> Words:
    """Return the confirmation of a cancellation, which takes the calendar entry out again."""
    setting = speaking.setting_of(line, vehicle=appointment.vehicle)
    moment = datetime.combine(appointment.local_on, appointment.local_time)
    return Words(
        wording.write_cancelled(moment, setting=setting),
        wording.write_subject("cancelled", setting=setting),
        [speaking.cancelled_attachment(appointment, line, summary=setting.dealership, now=now)],
    )


def confirm(appointment: Appointment, *, now: datetime) -> bool:
    """Confirm what the customer has just done on their page with an appointment, by their best channel.

    An answer: they are at it now, whatever the hour. A reply is answered where it was written. False when the
    customer can be reached in no way.
    """
    line = speaking.confirmation_line(appointment.customer, is_answer=True, now=now)
    return line is not None and _confirm(appointment, line, now=now)


def _confirm(appointment: Appointment, line: Line, *, now: datetime) -> bool:
    if appointment.status == AppointmentStatus.CANCELLED:
        words = cancelled_words(appointment, line, now=now)
    else:
        words = booked_words(appointment, line, is_moved=appointment.sequence > 0, now=now)
    key = confirmation_key(appointment.pk, sequence=appointment.sequence)
    return speaking.say(line, words, key=key, now=now)


def confirm_for_advisor(appointment_id: int, *, now: datetime) -> bool:
    """Tell the customer what an advisor did with their appointment, if it is anything they must know.

    No answer: the workshop opens while somebody may still sleep, so a text waits for the hours of texts.
    """
    appointment = Appointment.objects.select_related("customer", "vehicle").get(pk=appointment_id)
    if appointment.status not in TOLD or appointment.starts_at <= now:
        return False
    line = speaking.confirmation_line(appointment.customer, now=now)
    return line is not None and _confirm(appointment, line, now=now)
