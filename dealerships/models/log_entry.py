from django.conf import settings
from django.db import models

from common.tenancy import TenantModel


class LogEntry(TenantModel):
    """What was done to what, by whom and when; append-only."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60, help_text="app.noun.verb_in_past_tense")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        # The history of one subject, newest first: the customer's timeline.
        indexes = [
            models.Index(fields=["dealership", "subject_type", "subject_id", "-at"], name="log_entry_subject")
        ]
