from booking.queries.appointments import appointment_with_key, appointments_on, upcoming_appointments
from booking.queries.slots import alternatives_near, booked_stays, free_slots, read_schedule

__all__ = [
    "alternatives_near",
    "appointment_with_key",
    "appointments_on",
    "booked_stays",
    "free_slots",
    "read_schedule",
    "upcoming_appointments",
]
