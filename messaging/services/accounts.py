"""Provider accounts: which one serves a channel, and what its adapter is told."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from common.enums import Channel
from common.tenancy import current_dealership
from messaging.adapters.base import Account
from messaging.models import ProviderAccount
from messaging.sandbox import keys

DEFAULTS = {
    Channel.SMS: "sandbox",
    Channel.EMAIL: "sandbox",
    Channel.VOICE: "sandbox",
    Channel.LETTER: "print_queue",
}


def open_default_accounts() -> None:
    """Give the dealership in scope an account for each channel it has none for. Idempotent."""
    dealership = current_dealership()
    taken = set(ProviderAccount.objects.filter(is_active=True).values_list("channel", flat=True))
    addresses = {
        Channel.SMS: dealership.phone,
        Channel.VOICE: dealership.phone,
        Channel.EMAIL: dealership.email,
    }
    ProviderAccount.objects.bulk_create(
        ProviderAccount(
            dealership=dealership,
            channel=channel,
            provider=provider,
            from_address=addresses.get(channel, ""),
        )
        for channel, provider in DEFAULTS.items()
        if channel not in taken
    )


def for_adapter(row: ProviderAccount) -> Account:
    """What an adapter may know of an account.

    A sandbox account keeps no settings of its own: its keys follow from the installation's secret, and its address is
    that of the installation's sandbox.
    """
    config = dict(row.config)
    if row.provider == "sandbox":
        config = sandbox_config(row.uuid) | config
    return Account(
        id=row.pk,
        uuid=str(row.uuid),
        config=config,
        callback_url=callback_url(row),
        from_address=row.from_address,
        sender_name=row.dealership.name,
        time_zone=row.dealership.time_zone,
    )


def sandbox_config(uuid: UUID) -> dict[str, str]:
    return {
        "base_url": settings.SANDBOX_URL.rstrip("/"),
        "token": keys.bearer_token(settings.SECRET_KEY, str(uuid)),
        "webhook_secret": keys.webhook_secret(settings.SECRET_KEY, str(uuid)),
    }


def callback_url(row: ProviderAccount) -> str:
    """Where the provider reports to, as it must be signed: from the configured address, never from a Host header."""
    path = reverse("hooks:receive", kwargs={"provider": row.provider, "uuid": row.uuid})
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
