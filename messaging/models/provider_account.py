import uuid

from django.db import models
from django.db.models import Q

from common.enums import Channel
from common.secrets import SecretsField
from common.tenancy import TenantModel
from messaging.enums import AccountState


class Credentials(models.Model):
    """What an account at a provider is known by there, and how it fares."""

    channel = models.CharField(max_length=10, choices=Channel)
    provider = models.CharField(max_length=30, help_text="Key in messaging/adapters/registry.py")
    from_address = models.CharField(max_length=320, blank=True)
    config = SecretsField(help_text="Settings of the provider, secrets among them")
    secrets_set_at = models.JSONField(default=dict, blank=True, help_text="{name: when it was last set}")
    credentials_at = models.DateTimeField(
        null=True, help_text="When secrets were last replaced; null: they are the first ones"
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts the changes a sender must take over")
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.WORKING)
    state_since = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=100, blank=True, help_text="The provider's own code or words")
    is_active = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.provider} for {self.channel}"


class PlatformAccount(Credentials):
    """The platform's own account for a channel: serves the dealerships that have none.

    PostgreSQL shows its rows to sweeps only, never in the scope of a dealership.
    """

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel"], name="platform_account_active", condition=Q(is_active=True)
            ),
        ]

    def __str__(self) -> str:
        return f"the platform's {super().__str__()}"


class ProviderAccount(Credentials, TenantModel):
    """A dealership's account at one provider for one channel, or its share in the platform's.

    One that is replaced stays, inactive: what it handed over is asked about and reported to it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Its webhook's path")
    platform = models.ForeignKey(
        PlatformAccount,
        null=True,
        on_delete=models.PROTECT,
        related_name="shares",
        help_text="Set: its credentials are the platform's",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "channel"],
                name="provider_account_active",
                condition=Q(is_active=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{super().__str__()}, {self.uuid}"
