"""Keeps what providers tell us: stored once and raw, answered at once, understood afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from common.doorbell import ring
from common.tenancy import cross_tenant, tenant_scope
from messaging.adapters.registry import WEBHOOKS
from messaging.adapters.webhook import Answer, Call, RawEvent
from messaging.models import ProviderAccount, WebhookReceipt
from messaging.services import accounts

log = structlog.get_logger(__name__)

KEPT_HEADERS = ("content-type", "user-agent", "date")  # none that holds a signature or a secret


class UnknownAccount(LookupError):
    """No account of that provider has this address."""


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One call as it came; header names in lower case."""

    provider: str
    account_uuid: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""  # as it came, without the question mark
    below: str = ""  # a path under the account's own


def receive(call: WebhookCall, *, now: datetime) -> Answer:
    """Verify a call and store its events, each once; return what the provider is to hear.

    A repetition stores nothing and is no error. What the events mean is worked out by `messaging.process_receipts`.

    raises: UnknownAccount; BadSignature; BadPayload
    """
    row, signed = verify(call)
    webhook = WEBHOOKS[call.provider]
    with tenant_scope(row.dealership):
        _store(row, webhook.split(signed, accounts.for_adapter(row)), headers=call.headers, now=now)
    return webhook.answer


def verify(call: WebhookCall) -> tuple[ProviderAccount, Call]:
    """Return the account a call is for, and the call with the address it was signed for.

    raises: UnknownAccount; BadSignature
    """
    with cross_tenant(reason="which dealership a webhook is for is known by its account only"):
        row = (
            ProviderAccount.objects.select_related("dealership")
            .filter(uuid=call.account_uuid, provider=call.provider)
            .first()
        )
    if row is None or call.provider not in WEBHOOKS:
        raise UnknownAccount(call.account_uuid)
    account = accounts.for_adapter(row)
    url = account.callback_url + call.below + (f"?{call.query}" if call.query else "")
    signed = Call(url, call.headers, call.body)
    WEBHOOKS[call.provider].verify(signed, account)
    return row, signed


@transaction.atomic
def _store(
    account: ProviderAccount, events: Sequence[RawEvent], *, headers: Mapping[str, str], now: datetime
) -> None:
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    before = _known(account, events)
    rows = [
        WebhookReceipt(
            dealership_id=account.dealership_id,
            account=account,
            event_key=event.key,
            body=json.dumps(dict(event.payload)).encode(),
            headers=kept,
            received_at=now,
        )
        for event in {event.key: event for event in events}.values()
        if event.key not in before
    ]
    WebhookReceipt.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        ring("messaging.process_receipts")


def _known(account: ProviderAccount, events: Sequence[RawEvent]) -> set[str]:
    keys = [event.key for event in events]
    return set(
        WebhookReceipt.objects.filter(account=account, event_key__in=keys).values_list("event_key", flat=True)
    )
