from django.db import models


class Trigger(models.TextChoices):
    SERVICE_DUE = "service_due", "A service is due"


class ChannelRule(models.TextChoices):
    FIXED = "fixed", "This channel only"
    PREFERRED = "preferred", "The customer's preferred channel"
    NEXT_WORKING = "next_working", "This channel, or the next one that works"


class EnrolmentState(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class EndReason(models.TextChoices):
    NONE = "", ""
    BOOKED = "booked", "Booked"
    VISITED = "visited", "Came in"
    DECLINED = "declined", "Said no"
    OPTED_OUT = "opted_out", "Opted out"
    VEHICLE_GONE = "vehicle_gone", "Vehicle sold or excluded"
    NO_LONGER_DUE = "no_longer_due", "No longer due"
    COMPLETED = "completed", "All steps done"
    BY_HAND = "by_hand", "Ended by hand"


class PauseReason(models.TextChoices):
    """Why reminders stand still until an advisor has settled something."""

    WAITS_FOR_ADVISOR = "waits_for_advisor", "Wrote to us and waits for an advisor"
    SAID_SOLD = "said_sold", "Says that the vehicle was sold"


class TouchState(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "On hold"
    SENT = "sent", "Sent"
    SKIPPED = "skipped", "Skipped"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def open(cls) -> frozenset[str]:
        return frozenset({cls.PLANNED, cls.HELD})
