"""The platform's own account for a channel, and the dealerships' shares in it.

A share is a row of the dealership's like any account, with a webhook address of its own, so that what a provider reports
is never taken for another dealership's; only the credentials are the platform's. A share is given to who has no account
for the channel, or the sandbox; never in the place of one a dealership entered itself, or of the print queue.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from common.doorbell import ring
from common.tenancy import cross_tenant, tenant_scope
from dealerships.models import Dealership
from messaging.enums import AccountState
from messaging.logic.provider_settings import ProviderSpec, is_same_account
from messaging.models import PlatformAccount, ProviderAccount
from messaging.services import accounts
from messaging.services.account_changes import Draft, checked_config

log = structlog.get_logger(__name__)

SEES_ALL = "the platform's operator works on its own account and every share in it"


def enter(spec: ProviderSpec, draft: Draft, *, now: datetime) -> PlatformAccount:
    """Make this the platform's account for its channel, or give the one it has new credentials.

    Another provider or another account there takes the old one's place, which stays, inactive, for what it has handed over.

    raises: ValueError naming the settings that are wrong
    """
    with cross_tenant(reason=SEES_ALL), transaction.atomic():
        row = PlatformAccount.objects.select_for_update().filter(channel=spec.channel, is_active=True).first()
        before = dict(row.config) if row is not None and row.provider == spec.key else {}
        config = checked_config(spec, before, draft)
        if row is None or row.provider != spec.key or not is_same_account(spec, before, config):
            before, config = {}, checked_config(spec, {}, draft)  # nothing of another account's is taken over
            row = _begin(spec, row, now=now)
        else:
            row.version += 1
        changed = {name for name in spec.secrets if config.get(name) != before.get(name) and name in config}
        row.config, row.from_address = config, draft.from_address
        row.secrets_set_at |= dict.fromkeys(changed, now.isoformat())
        row.credentials_at = now if changed and before else row.credentials_at
        row.state, row.state_since, row.trouble = AccountState.WORKING, now, ""
        row.save()
    log.info("platform_account.entered", channel=row.channel, provider=row.provider, fields=sorted(config))
    share_out(row)
    ring("messaging.release", channel=row.channel)
    return row


def share_out(account: PlatformAccount) -> int:
    """Give a share to every dealership that is to have one; answer how many got it. Safe to repeat."""
    with cross_tenant(reason=SEES_ALL):
        own = ProviderAccount.objects.filter(
            dealership=OuterRef("pk"), channel=account.channel, is_active=True
        )
        kept = own.exclude(provider="sandbox").filter(Q(platform=None) | Q(platform=account))
        missing = list(Dealership.objects.filter(~Exists(kept)).order_by("pk"))
    for dealership in missing:
        with tenant_scope(dealership), transaction.atomic():
            ProviderAccount.objects.filter(channel=account.channel, is_active=True).update(is_active=False)
            accounts.open_default_accounts()
    return len(missing)


def turn(channel: str, state: AccountState, *, now: datetime) -> bool:
    """Pause the platform's account of a channel, or have it work (again); False if it has none or is so already."""
    with cross_tenant(reason=SEES_ALL):
        rows = PlatformAccount.objects.filter(channel=channel, is_active=True).exclude(state=state)
        turned = rows.update(state=state, state_since=now, trouble="")
    if turned:
        log.info("platform_account.turned", channel=channel, state=str(state))
        ring("messaging.release", channel=channel)
    return bool(turned)


def withdraw(channel: str) -> bool:
    """Take the platform's account of a channel out of use; the shares end, and what is built in takes their place."""
    with cross_tenant(reason=SEES_ALL):
        row = PlatformAccount.objects.filter(channel=channel, is_active=True).first()
        if row is None:
            return False
        PlatformAccount.objects.filter(pk=row.pk).update(is_active=False)
        sharers = list(Dealership.objects.filter(pk__in=_shares(row).values("dealership")))
    for dealership in sharers:
        with tenant_scope(dealership), transaction.atomic():
            _shares(row).update(is_active=False)
            accounts.open_default_accounts()
    log.info("platform_account.withdrawn", channel=channel)
    return True


def _shares(row: PlatformAccount) -> QuerySet[ProviderAccount]:
    return ProviderAccount.objects.filter(platform=row, is_active=True)


def _begin(spec: ProviderSpec, before: PlatformAccount | None, *, now: datetime) -> PlatformAccount:
    if before is not None:
        PlatformAccount.objects.filter(pk=before.pk).update(is_active=False, state=AccountState.WORKING)
    return PlatformAccount(channel=spec.channel, provider=spec.key, secrets_set_at={}, state_since=now)
