from django.db import models


class AppointmentStatus(models.TextChoices):
    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    NO_SHOW = "no_show", "Did not come"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def taking_place(cls) -> frozenset[str]:
        """Return the statuses whose appointment uses a place of its slot."""
        return frozenset({cls.BOOKED, cls.ARRIVED, cls.DONE, cls.NO_SHOW})


class BookingSource(models.TextChoices):
    REPLY = "reply", "Reply"
    LINK = "link", "Link"
    CALL = "call", "Key pressed in a call"
    ADVISOR = "advisor", "Advisor"
