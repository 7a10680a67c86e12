from django.conf import settings
from django.db import models

from common.enums import Channel, Purpose
from common.tenancy import TenantModel
from messaging.enums import ConsentAction, ConsentSource, SuppressionReason


class ConsentEvent(TenantModel):
    """Evidence of what a person allowed or withdrew; append-only. The newest that applies counts."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="consent_events"
    )
    channel = models.CharField(max_length=10, choices=Channel, blank=True, help_text="Empty: every channel")
    purpose = models.CharField(max_length=15, choices=Purpose, blank=True, help_text="Empty: every purpose")
    action = models.CharField(max_length=10, choices=ConsentAction)
    source = models.CharField(max_length=20, choices=ConsentSource)
    wording = models.TextField(blank=True, help_text="What the person was shown, or what they said")
    evidence = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        # What holds for a customer now: their events, newest first.
        indexes = [models.Index(fields=["dealership", "customer", "-at"], name="consent_event_customer")]


class Suppression(TenantModel):
    """An address that must not be used on a channel, and why."""

    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=320)
    reason = models.CharField(max_length=20, choices=SuppressionReason)
    evidence = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "channel", "address"], name="suppression_once"),
        ]
