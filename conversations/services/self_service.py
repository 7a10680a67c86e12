"""What a customer does on their own page."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from booking.enums import BookingSource
from booking.models import Appointment
from booking.services import appointments
from conversations.services import announcing, threads
from customers.models import Customer, Vehicle


@dataclass(frozen=True, slots=True)
class Wish:
    """A tapped time; the nonce of the page makes a double tap one booking."""

    vehicle: Vehicle | None
    starts_at: datetime
    nonce: str


@transaction.atomic
def book(customer: Customer, wish: Wish, *, now: datetime) -> appointments.Answer:
    """Book the tapped time, or move the appointment to it, and confirm it by message."""
    thread = threads.lock_thread(customer, now=now)
    answer = appointments.book_or_move(
        customer=customer,
        vehicle=wish.vehicle,
        starts_at=wish.starts_at,
        source=BookingSource.LINK,
        key=f"link:{wish.nonce}",
        by=None,
        now=now,
    )
    if isinstance(answer, appointments.Booked) and answer.is_new:
        threads.close(thread)
        announcing.confirm(answer.appointment, now=now)
    return answer


@transaction.atomic
def cancel(appointment: Appointment, *, now: datetime) -> bool:
    """Cancel the customer's appointment and confirm it. False when it was not booked any more."""
    if not appointments.cancel(appointment, by=None, now=now):
        return False
    appointment.refresh_from_db()
    announcing.confirm(appointment, now=now)
    return True
