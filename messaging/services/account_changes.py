"""What an admin does with a channel's account: add, replace, pause, resume, remove. Every change is in the log, no value is.

A message that is being handed over goes out by the credentials it was claimed with; what is claimed later by those that
hold then. An account that is replaced by another one stays, inactive, for what it has handed over: its lookups and reports.
What was still waiting for it is taken over when its turn comes (`messaging.services.claiming`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from common.doorbell import ring
from common.secrets import SecretsUnreadable
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import log
from messaging.enums import AccountState
from messaging.logic.provider_settings import SPECS, ProviderSpec, for_config, is_same_account, problems
from messaging.models import ProviderAccount
from messaging.services import accounts

REPLY_SECRET = "reply_secret"  # noqa: S105 -- a name; signs the addresses customers answer to, known to nobody but us


class NotOurs(ValueError):
    """The account is the platform's, built in, or no longer in use: there is nothing of it to change."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Settings as typed. An empty secret means the one that is set; `forgotten` names those to take out."""

    from_address: str
    settings: Mapping[str, str] = field(repr=False)
    forgotten: frozenset[str] = frozenset()


def checked_config(spec: ProviderSpec, before: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """What an account's settings are after a draft; those no form knows stay as they were.

    raises: ValueError naming the settings that are wrong, never showing one
    """
    names = [each.name for each in spec.settings]
    values = {name: draft.settings.get(name, "") for name in names}
    kept = {name for name in spec.secrets - draft.forgotten if not values[name] and before.get(name)}
    if wrong := problems(spec, values, kept=kept):
        raise ValueError(f"these settings are wrong: {', '.join(sorted(wrong))}")
    config = {name: value for name, value in before.items() if name not in names} | for_config(spec, values)
    config |= {name: before[name] for name in kept}
    if config.get("auth_token") and config.get("auth_token") == config.get("next_auth_token"):
        del config["next_auth_token"]  # promoted at Twilio
    if config.get("reply_domain"):
        config.setdefault(REPLY_SECRET, secrets.token_urlsafe(24))
    return config


@transaction.atomic
def add(spec: ProviderSpec, draft: Draft, *, by: User, now: datetime) -> ProviderAccount:
    """Put a new account in the place of the one a channel has, and return it.

    raises: ValueError naming the settings that are wrong (the form has said so before)
    """
    config = checked_config(spec, {}, draft)
    before = ProviderAccount.objects.select_for_update().filter(channel=spec.channel, is_active=True).first()
    if before is not None:
        _retire(before)
    secret_names = sorted(spec.secrets & set(config))
    account = ProviderAccount.objects.create(
        dealership=current_dealership(),
        channel=spec.channel,
        provider=spec.key,
        from_address=draft.from_address,
        config=config,
        secrets_set_at=dict.fromkeys(secret_names, now.isoformat()),
        state_since=now,
    )
    log.record(
        account,
        "messaging.account.added",
        at=now,
        actor=by,
        provider=spec.key,
        fields=sorted({*draft.settings, "from_address"} & {*config, "from_address"}),
        instead_of=before.provider if before else "",
    )
    _ring(account)
    return account


@transaction.atomic
def replace(account: ProviderAccount, draft: Draft, *, by: User, now: datetime) -> ProviderAccount:
    """Change an account's settings and secrets, and return the account that sends from now on.

    The same one, unless the settings name another account at the provider: then a new one in its place, because this one
    alone can say what became of what it handed over.

    raises: NotOurs; ValueError naming the settings that are wrong
    """
    row = _locked(account)
    spec = SPECS[row.provider]
    before = _readable(row)
    config = checked_config(spec, before, draft)
    if not is_same_account(spec, before, config):
        kept = {name: str(config[name]) for name in config if name in {each.name for each in spec.settings}}
        return add(spec, Draft(draft.from_address, kept), by=by, now=now)
    changed = {name for name in before.keys() | config.keys() if before.get(name) != config.get(name)}
    fields = changed | ({"from_address"} if draft.from_address != row.from_address else set())
    if not fields:
        return row
    row.config, row.from_address = config, draft.from_address
    row.version += 1
    new_secrets = changed & spec.secrets
    if new_secrets:
        row.credentials_at = now
        set_at = {name: now.isoformat() for name in new_secrets if name in config}
        row.secrets_set_at = {n: at for n, at in (row.secrets_set_at | set_at).items() if n in config}
    if row.state == AccountState.FAILING:
        row.state, row.state_since, row.trouble = AccountState.WORKING, now, ""
    row.save()
    log.record(row, "messaging.account.changed", at=now, actor=by, provider=spec.key, fields=sorted(fields))
    _ring(row)
    return row


@transaction.atomic
def pause(account: ProviderAccount, *, by: User, now: datetime) -> bool:
    """Send nothing by an account until it is resumed; what is to go waits. False if it was paused already."""
    return _turn(account, AccountState.PAUSED, "messaging.account.paused", by=by, now=now)


@transaction.atomic
def resume(account: ProviderAccount, *, by: User, now: datetime) -> bool:
    """Send by a paused account again, or try one its provider refused once more; what waits goes."""
    changed = _turn(account, AccountState.WORKING, "messaging.account.resumed", by=by, now=now)
    if changed:
        _ring(account)
    return changed


@transaction.atomic
def remove(account: ProviderAccount, *, by: User, now: datetime) -> None:
    """Take an account of the dealership's own out of use; the platform's or the built-in one takes its place.

    raises: NotOurs
    """
    row = _locked(account)
    _retire(row)
    log.record(row, "messaging.account.removed", at=now, actor=by, provider=row.provider)
    accounts.open_default_accounts()
    _ring(row)


def is_own(account: ProviderAccount) -> bool:
    """Whether the dealership entered it itself; the sandbox is built in, a share is the platform's."""
    return account.is_active and account.platform_id is None and account.provider in SPECS


def plain_settings(account: ProviderAccount) -> dict[str, str]:
    """An account's settings but the secrets, as a form shows them."""
    secret = SPECS[account.provider].secrets | {REPLY_SECRET}
    return {name: str(value) for name, value in _readable(account).items() if name not in secret}


def _readable(account: ProviderAccount) -> dict[str, Any]:
    """Its settings; nothing if no key opens them any more: then all are to be entered anew."""
    try:
        return dict(account.config)
    except SecretsUnreadable:
        return {}


def _locked(account: ProviderAccount) -> ProviderAccount:
    row = ProviderAccount.objects.select_for_update().get(pk=account.pk)
    if not is_own(row):
        raise NotOurs
    return row


def _retire(row: ProviderAccount) -> None:
    """Working again, so that what it handed over is still asked about."""
    row.is_active, row.state, row.trouble = False, AccountState.WORKING, ""
    row.save(update_fields=["is_active", "state", "trouble"])


def _turn(account: ProviderAccount, state: AccountState, action: str, *, by: User, now: datetime) -> bool:
    turned = (
        ProviderAccount.objects.filter(pk=account.pk, is_active=True)
        .exclude(state=state)
        .update(state=state, state_since=now, trouble="")
    )
    if turned:
        log.record(account, action, at=now, actor=by, provider=account.provider)
    return bool(turned)


def _ring(account: ProviderAccount) -> None:
    ring("messaging.release", channel=account.channel, dealership_id=account.dealership_id)
