from booking.models.appointment import Appointment, BookingRules, CapacitySlot

__all__ = ["Appointment", "BookingRules", "CapacitySlot"]
