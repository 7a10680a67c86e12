"""One row of every kind of tenant model, all with the same id, so that no page can be tried with too few."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django.apps import apps
from django.db import connection, models

from common.tenancy import TenantModel
from dealerships.models import Dealership

NAME = "only-here"
_ADDRESS = dict.fromkeys(["name", "street", "city", "region", "postal_code", "country"], NAME)
LETTER = dict.fromkeys(["phone", "language", "written_on", "book_url", "opt_out_line"], NAME) | {
    "recipient": _ADDRESS,
    "sender": _ADDRESS,
}
# What a field's type alone does not tell; the database's checks say so when one is missing.
SPECIAL: dict[str, Any] = {
    "dealerships.Membership.role": "admin",
    "dealerships.OpeningHours.closes_at": time(23, 59),
    "booking.BookingRules.slot_minutes": 30,
    "booking.CapacitySlot.used": 0,
    "booking.Appointment.zone_name": "America/Chicago",
    "campaigns.StepTemplate.language": "en",
    "campaigns.Touch.zone_name": "America/Chicago",
    "customers.ContactPoint.value": "+15125550123",
    "customers.ImportFile.path": "imports/nothing.upload",
    "customers.ImportIssue.problem": "unreadable",
    "customers.Ownership.to_on": None,
    "messaging.Message.letter": LETTER,
    "messaging.ProviderAccount.config": {},
    "messaging.ProviderAccount.platform": None,
    "messaging.OwnRule.kind": "cap",
    "messaging.OwnRule.channels": ["sms"],
    "messaging.OwnRule.terms": {"most": 3, "hours": 24},
}
BY_TYPE: list[tuple[type[models.Field], Any]] = [
    (models.UUIDField, uuid.UUID(int=4711)),
    (models.JSONField, {}),
    (models.BooleanField, True),
    (models.DateTimeField, datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
    (models.DateField, date(2026, 11, 20)),
    (models.TimeField, time(10)),
    (models.FloatField, 1.0),
    (models.IntegerField, 1),
    (models.BinaryField, b"{}"),
    (models.CharField, NAME),
    (models.TextField, NAME),
]


def tenant_models() -> list[type[TenantModel]]:
    """Return every concrete tenant model, those it points to before it."""
    found: list[type[TenantModel]] = []

    def add(model: type[models.Model]) -> None:
        if issubclass(model, TenantModel) and model not in found:
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model is not model:
                    add(field.related_model)
            found.append(model)

    for model in apps.get_models():
        add(model)
    return found


def make_one_of_each(dealership: Dealership, *, pk: int, user_id: int) -> None:
    """Insert the row of every tenant model into a dealership; inside its scope."""
    for model in tenant_models():
        values = {
            field.attname: _value(field, dealership=dealership, pk=pk, user_id=user_id)
            for field in model._meta.concrete_fields
        }
        model._default_manager.bulk_create([model(**values)])


def _value(field: Any, *, dealership: Dealership, pk: int, user_id: int) -> Any:
    label = f"{field.model._meta.label}.{field.name}"
    if label in SPECIAL:
        return SPECIAL[label]
    if field.primary_key:
        return pk
    if field.name == "dealership":
        return dealership.pk
    if field.is_relation:
        return pk if issubclass(field.related_model, TenantModel) else user_id
    if field.choices:
        return next(value for value, _ in field.choices if value != "")
    value = next(value for kind, value in BY_TYPE if isinstance(field, kind))
    return value[: field.max_length] if isinstance(field, models.CharField) else value


def picture_of(dealership: Dealership) -> dict[str, str]:
    """Return a digest of all rows of a dealership by table; inside a scope that sees them."""
    with connection.cursor() as cursor:
        found = {}
        for model in tenant_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t.id)), '') FROM {table} t"
                " WHERE dealership_id = %s",
                [dealership.pk],
            )
            found[model._meta.label] = cursor.fetchone()[0]
        return found
