"""Opens a lane for each provider account a batch needs."""

from __future__ import annotations

from collections.abc import Collection

from common.tenancy import cross_tenant
from messaging.adapters.registry import LOCAL_SENDERS, SENDERS
from messaging.models import ProviderAccount
from messaging.services import accounts
from messaging.services.handover import Lane


def open_lanes(account_ids: Collection[int]) -> dict[int, Lane]:
    """Lanes by account id. An account setting `max_in_flight` lowers or raises what the provider usually takes.

    raises: KeyError for a provider nobody registered: bad configuration must be loud
    """
    with cross_tenant(reason="one batch goes out by the accounts of several dealerships"):
        rows = list(ProviderAccount.objects.select_related("dealership").filter(pk__in=account_ids))
    return {row.pk: _lane(row) for row in rows}


def _lane(row: ProviderAccount) -> Lane:
    account, local = accounts.for_adapter(row), LOCAL_SENDERS.get(row.provider)
    sender = None if local else SENDERS[row.provider]
    usual = (local or SENDERS[row.provider]).capabilities.max_in_flight
    return Lane(account, int(account.config.get("max_in_flight", usual)), sender, local)
