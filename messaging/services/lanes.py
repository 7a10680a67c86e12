"""Opens a lane for each provider account a batch needs."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from common.secrets import BadKey, SecretsUnreadable
from common.tenancy import cross_tenant
from messaging.adapters.registry import LOCAL_SENDERS, SENDERS
from messaging.logic.outcomes import AccountSeen
from messaging.models import ProviderAccount
from messaging.services import accounts
from messaging.services.handover import Lane

log = structlog.get_logger(__name__)


def open_lanes(account_ids: Collection[int]) -> dict[int, Lane]:
    """Lanes by account id. An account setting `max_in_flight` lowers or raises what the provider usually takes.

    One whose secrets no key opens hands nothing over: its messages come back as refused, and wait.

    raises: KeyError for a provider nobody registered: bad configuration must be loud
    """
    with cross_tenant(reason="one batch goes out by the accounts of several dealerships"):
        rows = list(
            ProviderAccount.objects.select_related("dealership", "platform").filter(pk__in=account_ids)
        )
    return {row.pk: _lane(row) for row in rows}


def _lane(row: ProviderAccount) -> Lane:
    local = LOCAL_SENDERS.get(row.provider)
    sender = None if local else SENDERS[row.provider]
    usual = (local or SENDERS[row.provider]).capabilities.max_in_flight
    try:
        account, trouble = accounts.for_adapter(row), ""
    except (SecretsUnreadable, BadKey) as error:
        log.error("account.unreadable", account=str(row.uuid), error=str(error))  # noqa: TRY400 -- nothing more to see
        account, trouble = accounts.without_secrets(row), "secrets cannot be read"
    limit = int(account.config.get("max_in_flight", usual))
    return Lane(account, limit, sender, local, seen=_seen(row), trouble=trouble)


def _seen(row: ProviderAccount) -> AccountSeen:
    platform = row.platform
    return AccountSeen(
        row.pk, row.version, platform.pk if platform else 0, platform.version if platform else 0
    )
