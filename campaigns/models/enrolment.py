from django.db import models
from django.db.models import Q

from campaigns.enums import EndReason, EnrolmentState, TouchState
from campaigns.models.cadence import CadenceVersion
from common.enums import Channel
from common.tenancy import TenantModel
from messaging.enums import Reason


class Enrolment(TenantModel):
    """One customer going through one cadence version for what is due."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="enrolments")
    version = models.ForeignKey(CadenceVersion, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=10, choices=EnrolmentState, default=EnrolmentState.ACTIVE)
    end_reason = models.CharField(max_length=15, choices=EndReason, blank=True, default="")
    anchor_on = models.DateField(help_text="The due date its steps count from")
    started_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Which enrolments run for this customer?
            models.Index(
                fields=["dealership", "customer"],
                name="enrolment_running",
                condition=~Q(state=EnrolmentState.ENDED),
            ),
        ]


class EnrolmentItem(TenantModel):
    """What an enrolment is about: one service of one vehicle in one due cycle. Enrolled once, for ever."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="items")
    vehicle = models.ForeignKey("customers.Vehicle", on_delete=models.CASCADE, related_name="enrolment_items")
    service = models.ForeignKey("customers.Service", on_delete=models.CASCADE, related_name="enrolment_items")
    cycle_started_on = models.DateField()
    due_on = models.DateField()
    end_reason = models.CharField(
        max_length=15,
        choices=EndReason,
        blank=True,
        default="",
        help_text="Why this one is no longer reminded of; the others of the enrolment go on",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "vehicle", "service", "cycle_started_on"], name="enrolment_item_once"
            ),
        ]


class Touch(TenantModel):
    """One planned contact of an enrolment."""

    TROUBLES = (Reason.NO_TEXT, Reason.TROUBLE)  # a member has to do something about these

    # Found by touch_once, which begins with it: half a million touches need no second index for that.
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="touches", db_index=False)
    step_number = models.PositiveSmallIntegerField()
    fallback_number = models.PositiveSmallIntegerField(
        default=0, help_text="0: as planned; 1 and on: the next channel after a delivery that failed for good"
    )
    channel = models.CharField(max_length=10, choices=Channel)
    due_at = models.DateTimeField()
    local_on = models.DateField(help_text="What was meant, as wall time in zone_name")
    local_time = models.TimeField()
    zone_name = models.CharField(max_length=64)
    next_try_at = models.DateTimeField(help_text="due_at, or the end of what it waits for")
    state = models.CharField(max_length=10, choices=TouchState, default=TouchState.PLANNED)
    reason = models.CharField(max_length=25, choices=Reason, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    message = models.OneToOneField(
        "messaging.Message", null=True, on_delete=models.SET_NULL, related_name="touch"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "step_number", "fallback_number", "dealership"], name="touch_once"
            ),
        ]
        indexes = [
            # What could not be prepared, on the page of cadences: a handful among millions.
            models.Index(
                fields=["dealership", "decided_at"],
                name="touch_trouble",
                condition=Q(reason__in=[Reason.NO_TEXT, Reason.TROUBLE]),
            ),
            # The minute's sweep: what is due, dealership by dealership.
            models.Index(
                fields=["dealership", "next_try_at"], name="touch_due", condition=Q(state=TouchState.PLANNED)
            ),
        ]


class Outcome(TenantModel):
    """What a cadence brought: a visit is attributed once."""

    visit = models.ForeignKey("customers.Visit", on_delete=models.CASCADE, related_name="outcomes")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="outcomes")
    touch = models.ForeignKey(Touch, null=True, on_delete=models.SET_NULL, related_name="outcomes")
    version = models.ForeignKey(CadenceVersion, on_delete=models.PROTECT, related_name="outcomes")
    revenue_cents = models.BigIntegerField()
    attributed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "visit"], name="outcome_once")]
