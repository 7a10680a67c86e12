from django.db import models

from common.tenancy import TenantModel


class Tried(TenantModel):
    """What is tried until it works: how often it failed, why, and when its next turn is (empty: at once)."""

    attempt_count = models.PositiveSmallIntegerField(default=0, help_text="How often it failed")
    next_try_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Untold(Tried):
    """Something an app above is still to be told; deleted when it has been."""

    signal = models.CharField(max_length=40)
    receiver = models.CharField(max_length=100, help_text="The receiver's dispatch_uid")
    facts = models.JSONField(help_text="What it is told: ids and words")
    created_at = models.DateTimeField()
