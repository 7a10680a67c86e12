import uuid

from django.db import models

from common.enums import Channel
from common.tenancy import TenantModel


class ProviderAccount(TenantModel):
    """A dealership's account at one provider for one channel."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Its webhook's path")
    channel = models.CharField(max_length=10, choices=Channel)
    provider = models.CharField(max_length=30, help_text="Key in messaging/adapters/registry.py")
    from_address = models.CharField(max_length=320, blank=True)
    config = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "channel"],
                name="provider_account_active",
                condition=models.Q(is_active=True),
            ),
        ]
