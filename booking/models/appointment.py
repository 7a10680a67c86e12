import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from booking.enums import AppointmentStatus, BookingSource
from booking.logic.slots import LONGEST_LEAD, LONGEST_SLOT, MOST_PLACES, SHORTEST_SLOT, WIDEST_HORIZON
from common.tenancy import TenantModel


class BookingRules(TenantModel):
    """How a dealership takes bookings."""

    slot_minutes = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(SHORTEST_SLOT), MaxValueValidator(LONGEST_SLOT)]
    )
    capacity_per_slot = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    lead_minutes = models.PositiveIntegerField(
        default=120,
        help_text="How soon from now a slot may start",
        validators=[MaxValueValidator(LONGEST_LEAD)],
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(1), MaxValueValidator(WIDEST_HORIZON)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership"], name="booking_rules_once"),
            # A slot of no length would be an endless day.
            models.CheckConstraint(
                condition=Q(slot_minutes__range=(SHORTEST_SLOT, LONGEST_SLOT)),
                name="booking_rules_slot_length",
            ),
        ]


class CapacitySlot(TenantModel):
    """The places of one time slot; the check makes an overbooked slot impossible to store."""

    starts_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "starts_at"], name="capacity_slot_once"),
            models.CheckConstraint(condition=Q(used__lte=F("capacity")), name="capacity_slot_not_overbooked"),
        ]


class Appointment(TenantModel):
    """A booked visit."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="appointments")
    vehicle = models.ForeignKey(
        "customers.Vehicle", null=True, on_delete=models.SET_NULL, related_name="appointments"
    )
    slot = models.ForeignKey(CapacitySlot, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_on = models.DateField(help_text="What was agreed on, as wall time in zone_name")
    local_time = models.TimeField()
    zone_name = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=AppointmentStatus, default=AppointmentStatus.BOOKED)
    source = models.CharField(max_length=10, choices=BookingSource)
    uid = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="UID of the calendar entry; stays when it moves"
    )
    sequence = models.PositiveSmallIntegerField(default=0, help_text="SEQUENCE of the calendar entry")
    key = models.CharField(max_length=80, help_text="Makes a repeated booking the same one")
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "key"], name="appointment_key")]
        indexes = [
            # The day's appointments.
            models.Index(fields=["dealership", "starts_at"], name="appointment_day"),
            # Is this customer booked?
            models.Index(fields=["dealership", "customer", "starts_at"], name="appointment_customer"),
        ]

    @property
    def is_in_their_words(self) -> bool:
        """Whether the note is what the customer wrote, rather than an advisor's for the workshop."""
        return self.source == BookingSource.REPLY
