"""What messaging does when a lower app has something to tell."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from common import clock
from customers.services.imports.undoing import ignore_for_undo
from customers.signals import Refusal, contact_points_recorded, contact_refused
from dealerships.signals import dealership_created
from messaging.enums import ConsentSource
from messaging.services import accounts, imported_consent, imported_refusals
from messaging.services.shared_addresses import TAKEN_OVER_FROM

# What an import itself led to does not keep its customers from being removed when it is undone.
ignore_for_undo(
    "messaging.ConsentEvent",
    Q(source__in=[ConsentSource.DMS_ATTESTATION, ConsentSource.DMS_REFUSAL])
    | Q(evidence__has_key=TAKEN_OVER_FROM),
)


@receiver(dealership_created, dispatch_uid="messaging.open_default_accounts")
def open_default_accounts(**_: Any) -> None:
    accounts.open_default_accounts()


@receiver(contact_points_recorded, dispatch_uid="messaging.attest")
def attest(contact_point_ids: list[int], import_id: int | None, **_: Any) -> None:
    now = clock.now()
    # What was withdrawn first: the attestation must find it on record.
    imported_consent.take_over(contact_point_ids, import_id=import_id, now=now)
    imported_consent.attest(contact_point_ids, import_id=import_id, now=now)


@receiver(contact_refused, dispatch_uid="messaging.record_refusals")
def record_refusals(refusals: list[Refusal], **_: Any) -> None:
    imported_refusals.record(refusals, now=clock.now())
