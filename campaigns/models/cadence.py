from django.conf import settings
from django.db import models

from campaigns.enums import ChannelRule, Trigger
from common.enums import Channel, Purpose
from common.tenancy import TenantModel


class Cadence(TenantModel):
    """A reminder programme."""

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    trigger = models.CharField(max_length=20, choices=Trigger)
    purpose = models.CharField(max_length=15, choices=Purpose, default=Purpose.MARKETING)
    is_active = models.BooleanField(default=True)
    includes_fleet = models.BooleanField(default=False, help_text="Whether fleets are reminded too")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "key"], name="cadence_key")]

    def __str__(self) -> str:
        return self.name


class CadenceVersion(TenantModel):
    """A published version of a cadence; immutable, and pinned by every enrolment."""

    cadence = models.ForeignKey(Cadence, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "cadence", "number"], name="cadence_version_number")
        ]


class Step(TenantModel):
    """One contact of a cadence."""

    version = models.ForeignKey(CadenceVersion, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    offset_days = models.SmallIntegerField(help_text="Days after the due date; negative: before it")
    channel_rule = models.CharField(max_length=15, choices=ChannelRule, default=ChannelRule.NEXT_WORKING)
    channel = models.CharField(max_length=10, choices=Channel)
    send_time = models.TimeField(help_text="Local time of the dealership")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "version", "number"], name="step_number")
        ]
        ordering = ["number"]


class StepTemplate(TenantModel):
    """What a step says on one channel in one language, as Liquid."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="templates")
    channel = models.CharField(max_length=10, choices=Channel)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "step", "channel", "language"], name="step_template_once"
            ),
        ]
