"""Provider accounts: which one serves a channel, and what its adapter is told."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from common.enums import Channel
from common.secrets import Concealed
from common.tenancy import cross_tenant, current_dealership
from messaging.adapters.base import Account
from messaging.logic.provider_settings import SPECS
from messaging.models import PlatformAccount, ProviderAccount
from messaging.models.provider_account import Credentials
from messaging.sandbox import keys

DEFAULTS = {
    Channel.SMS: "sandbox",
    Channel.EMAIL: "sandbox",
    Channel.VOICE: "sandbox",
    Channel.LETTER: "print_queue",
}


def open_default_accounts() -> None:
    """Give the dealership in scope an account for each channel it has none for. Idempotent.

    A share in the platform's account, where it has one for the channel; else what is built in.
    """
    dealership = current_dealership()
    platform = _platform_accounts()
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
            provider=platform[channel].provider if channel in platform else provider,
            platform=platform.get(channel),
            from_address="" if channel in platform else addresses.get(channel, ""),
        )
        for channel, provider in DEFAULTS.items()
        if channel not in taken
    )


def _platform_accounts() -> dict[str, PlatformAccount]:
    with cross_tenant(reason="the platform's own accounts are shown to no dealership"):
        return {account.channel: account for account in PlatformAccount.objects.filter(is_active=True)}


def for_adapter(row: ProviderAccount) -> Account:
    """What an adapter may know of an account: for a share, with the credentials of the platform's.

    A sandbox account keeps no settings of its own: its keys follow from the installation's secret, and its address is
    that of the installation's sandbox.

    raises: SecretsUnreadable if no key that is set opens its secrets
    """
    source = _source(row)
    usual = sandbox_config(row.uuid) if row.provider == "sandbox" else {}
    return _account(row, source, Concealed({**usual, **source.config}))


def without_secrets(row: ProviderAccount) -> Account:
    """The same without any setting, for an account whose secrets cannot be read."""
    return _account(row, _source(row), Concealed())


def _source(row: ProviderAccount) -> Credentials:
    if row.platform_id is None:
        return row
    with cross_tenant(reason="a share goes out by the credentials of the platform's account"):
        # Not `row.platform`: a dealership's scope that has looked for it has found nothing and remembers that.
        return PlatformAccount.objects.get(pk=row.platform_id)


def _account(row: ProviderAccount, source: Credentials, config: Concealed) -> Account:
    spec = SPECS.get(row.provider)
    tells_itself_apart = spec is None or bool(spec.identity)
    return Account(
        id=row.pk,
        uuid=str(row.uuid),
        config=config,
        callback_url=callback_url(row),
        from_address=row.from_address or source.from_address,
        sender_name=row.dealership.name,
        time_zone=row.dealership.time_zone,
        credentials_at=None if tells_itself_apart else source.credentials_at,
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
