"""Encrypts every sealed row with the first key, in batches; safe to interrupt, repeat and run while messages go out."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from common.secrets import Sealed, SecretsUnreadable, check_keys, reseal
from common.tenancy import cross_tenant
from messaging.models import PlatformAccount, ProviderAccount
from messaging.models.provider_account import Credentials

MODELS: tuple[type[ProviderAccount | PlatformAccount], ...] = (ProviderAccount, PlatformAccount)


@dataclass(slots=True)
class Report:
    """What a run did; `unreadable` names rows that no key opens: they are left as they are."""

    renewed: int = 0
    already: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate(*, batch: int) -> Report:
    """Encrypt anew what is not under the first key yet, each batch in a transaction of its own.

    The values stay the same, so that senders notice nothing; a row that is changed meanwhile waits for its batch.

    raises: BadKey before anything is touched
    """
    check_keys(settings.ENCRYPTION_KEYS)
    report = Report()
    with cross_tenant(
        reason="the keys are the installation's: every dealership's secrets are encrypted anew"
    ):
        for model in MODELS:
            last = 0
            while (reached := _rotate_batch(model, last, batch, report)) is not None:
                last = reached
    return report


def unreadable() -> list[str]:
    """Rows in use whose secrets none of the keys opens."""
    found: list[str] = []
    with cross_tenant(reason="the check looks whether the keys open every dealership's secrets"):
        for model in MODELS:
            for row in model.objects.filter(is_active=True).only("pk", "config").iterator():
                try:
                    len(row.config)
                except SecretsUnreadable:
                    found.append(_name(row))
    return found


@transaction.atomic
def _rotate_batch(
    model: type[ProviderAccount | PlatformAccount], last: int, batch: int, report: Report
) -> int | None:
    rows = list(
        model.objects.select_for_update().filter(pk__gt=last).order_by("pk").only("pk", "config")[:batch]
    )
    for row in rows:
        try:
            token = reseal(row.config.token) if isinstance(row.config, Sealed) else None
        except SecretsUnreadable:
            report.unreadable.append(_name(row))
            continue
        if token is None:
            report.already += 1
            continue
        row.config = Sealed(token)
        row.save(update_fields=["config"])
        report.renewed += 1
    return rows[-1].pk if rows else None


def _name(row: Credentials) -> str:
    return f"{row._meta.verbose_name} {row.pk}"
