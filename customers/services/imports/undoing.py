"""Taking back one import."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from common.batches import in_batches
from common.doorbell import ring
from common.tenancy import current_dealership
from customers.enums import ImportStatus, OpCodeSource
from customers.models import (
    ContactPoint,
    Customer,
    Forecast,
    ImportChange,
    OdometerReading,
    OpCode,
    Ownership,
    SearchToken,
    Vehicle,
    Visit,
    VisitImport,
    VisitLine,
)
from customers.services import search
from customers.services.imports import bulk
from customers.services.imports.locking import only_import
from customers.services.imports.ownership import settle_ownership
from customers.services.imports.running import NotRunnable
from dealerships.services import log

_CHUNK = 2_000
_CHANGED_MODELS: tuple[type[Model], ...] = (ContactPoint, Vehicle, VisitLine, Visit, Customer)
# Rows that hang on these models and are derived from them: they go with them and hold nothing back.
_DERIVED: dict[type[Model], set[type[Model]]] = {
    Visit: {VisitLine, OdometerReading},
    Vehicle: {Forecast, Ownership},
    Customer: {SearchToken, ContactPoint, Ownership},
}
_not_later_work: dict[str, Q] = {}


@dataclass(slots=True)
class Undone:
    """What an undo did, by kind of row in words."""

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    changed_since: Counter[str] = field(default_factory=Counter)


def ignore_for_undo(model_label: str, rows: Q) -> None:
    """Say that some rows which hang on a customer, vehicle or visit are no later work (an app's `ready` calls this).

    For instance consent events that an import itself led to: without this, no customer could be removed.
    """
    _not_later_work[model_label] = rows


def undo(import_id: int, *, now: datetime) -> Undone:
    """Take back an import of the dealership in scope, in one transaction.

    Rows it added are removed unless later work hangs on them (a message, an appointment, another import's
    visit); rows it changed are put back unless they were changed since. What could not be taken back is counted.
    Refusals it told stay in force: they are a person's to take back, not a file's.

    raises: NotRunnable for an import that is undone already; ImportRunning
    """
    visit_import = VisitImport.objects.select_related("dealership").get(pk=import_id)
    with only_import(visit_import.dealership), transaction.atomic():
        # Looked at under the lock: of two who press at once the second finds it done.
        visit_import.refresh_from_db(fields=["status"])
        if visit_import.status == ImportStatus.UNDONE:
            raise NotRunnable("This import is undone already.")
        undone = Undone()
        vehicles, customers = _touched(visit_import)
        _remove_added_beside_others(visit_import, undone)
        _restore_changed(visit_import, undone)
        _remove_visits(visit_import, undone)
        _remove_op_codes(visit_import, undone)
        _remove(Vehicle, visit_import, undone)
        _remove(Customer, visit_import, undone)
        _remove_contact_points(visit_import, undone)
        _settle_again(vehicles, customers, today=now.astimezone(visit_import.dealership.zone).date())
        ImportChange.objects.filter(visit_import=visit_import).delete()
        VisitImport.objects.filter(pk=import_id).update(status=ImportStatus.UNDONE, finished_at=now)
        log.record(
            visit_import, "import_undone", at=now, removed=dict(undone.removed), kept=dict(undone.kept)
        )
    return undone


def _touched(visit_import: VisitImport) -> tuple[list[int], list[int]]:
    """Return vehicles and customers whose owners, search words and forecasts must be looked at afterwards."""
    vehicles = set(Visit.objects.filter(created_by_import=visit_import).values_list("vehicle_id", flat=True))
    vehicles |= set(_changed_ids(visit_import, Vehicle))
    lines = VisitLine.objects.filter(id__any_of=_changed_ids(visit_import, VisitLine))
    vehicles |= set(lines.values_list("visit__vehicle_id", flat=True))
    customers = set(_changed_ids(visit_import, Customer))
    owners = Vehicle.objects.filter(id__any_of=vehicles, customer__isnull=False).values_list(
        "customer_id", flat=True
    )
    points = ContactPoint.objects.filter(created_by_import=visit_import).values_list("customer_id", flat=True)
    return sorted(vehicles), sorted(customers | {owner for owner in owners if owner} | set(points))


def _changes(visit_import: VisitImport, model: type[Model]) -> QuerySet[ImportChange]:
    return ImportChange.objects.filter(visit_import=visit_import, subject_type=model._meta.label_lower)


def _changed_ids(visit_import: VisitImport, model: type[Model]) -> list[int]:
    return list(_changes(visit_import, model).values_list("subject_id", flat=True))


def _remove_added_beside_others(visit_import: VisitImport, undone: Undone) -> None:
    """Remove lines and readings the import added to visits that were there before; put replaced readings back."""
    for model in (VisitLine, OdometerReading):
        ids = _changes(visit_import, model).filter(before={}).values_list("subject_id", flat=True)
        count, _ = model.objects.filter(id__any_of=list(ids)).delete()
        undone.removed[str(model._meta.verbose_name_plural)] += count
    gone = list(
        _changes(visit_import, OdometerReading)
        .filter(after={"deleted": True})
        .values_list("before", flat=True)
    )
    visits = set(
        Visit.objects.filter(id__any_of=[row["visit_id"] for row in gone]).values_list("id", flat=True)
    )
    columns = (
        "vehicle_id",
        "visit_id",
        "read_on",
        "value",
        "unit",
        "distance_km",
        "quality",
        "quality_reason",
        "source",
    )
    rows = [tuple(row[name] for name in columns) for row in gone if row["visit_id"] in visits]
    made = bulk.insert(
        OdometerReading, columns, [(*row[:2], date.fromisoformat(row[2]), *row[3:]) for row in rows]
    )
    undone.restored["odometer readings"] += len(made)


def _restore_changed(visit_import: VisitImport, undone: Undone) -> None:
    """Put changed rows back, the newest change first, where they still are as the import left them."""
    for model in _CHANGED_MODELS:
        records = _changes(visit_import, model).exclude(before={}).order_by("-id")
        for chunk in in_batches(list(records.values_list("subject_id", "before", "after")), size=_CHUNK):
            _restore_rows(model, chunk, undone)


def _restore_rows(
    model: type[Model], records: Sequence[tuple[int, dict[str, Any], dict[str, Any]]], undone: Undone
) -> None:
    names = sorted({name for _, before, _ in records for name in before})
    rows = model._default_manager.filter(pk__any_of=[row_id for row_id, _, _ in records]).values("id", *names)
    now = {row["id"]: _as_json({name: row[name] for name in names}) for row in rows}
    was = {row_id: dict(values) for row_id, values in now.items()}
    words = str(model._meta.verbose_name_plural)
    for row_id, before, after in records:
        values = now.get(row_id)
        if values is None:
            continue
        if all(values[name] == after[name] for name in after):
            values.update(before)
        else:
            undone.changed_since[words] += 1
    changed = {row_id: values for row_id, values in now.items() if values != was[row_id]}
    _drop_lost_customers(list(changed.values()))
    fields = {field.attname: field for field in model._meta.concrete_fields}
    bulk.update(
        model,
        names,
        [
            (row_id, *(fields[name].to_python(values[name]) for name in names))
            for row_id, values in changed.items()
        ],
    )
    undone.restored[words] += len(changed)


def _drop_lost_customers(rows: list[dict[str, Any]]) -> None:
    """Put no owner back who is gone by now."""
    wanted = {row["customer_id"] for row in rows if row.get("customer_id")}
    there = set(Customer.objects.filter(id__any_of=wanted).values_list("id", flat=True))
    for row in rows:
        if row.get("customer_id") and row["customer_id"] not in there:
            row["customer_id"] = None


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as they come out of the change record: dates as text."""
    parsed: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return parsed


def _remove_visits(visit_import: VisitImport, undone: Undone) -> None:
    """Remove the visits the import added, and correct how often their op codes were seen."""
    free = list(_free(Visit, visit_import).values_list("id", flat=True))
    for chunk in in_batches(free, size=_CHUNK):
        lines = VisitLine.objects.filter(visit_id__any_of=chunk)
        seen = dict(lines.exclude(op_code="").order_by().values_list("op_code").annotate(Count("id")))
        codes = OpCode.objects.filter(code__any_of=seen).values_list("id", "code", "times_seen")
        bulk.update(
            OpCode, ("times_seen",), [(code_id, max(0, times - seen[code])) for code_id, code, times in codes]
        )
        _keep_shared_readings(chunk)
        lines.delete()
        Visit.objects.filter(id__any_of=chunk).delete()
    _count(Visit, visit_import, undone, removed=len(free))


def _keep_shared_readings(visit_ids: Sequence[int]) -> None:
    """Give a reading that two visits of one day share to the one that stays."""
    readings = list(
        OdometerReading.objects.filter(visit_id__any_of=visit_ids).values_list("id", "vehicle_id", "read_on")
    )
    staying = Visit.objects.filter(
        vehicle_id__any_of={row[1] for row in readings},
        opened_on__in={row[2] for row in readings},
        readings=None,
    )
    heirs = {
        (vehicle, on): visit
        for visit, vehicle, on in staying.exclude(id__any_of=visit_ids).values_list(
            "id", "vehicle_id", "opened_on"
        )
    }
    bulk.update(
        OdometerReading,
        ("visit_id",),
        [(row_id, heirs[vehicle, on]) for row_id, vehicle, on in readings if (vehicle, on) in heirs],
    )


def _remove_op_codes(visit_import: VisitImport, undone: Undone) -> None:
    added = OpCode.objects.filter(id__any_of=_changed_ids(visit_import, OpCode), times_seen=0).exclude(
        source=OpCodeSource.ADMIN
    )
    undone.removed["op codes"] += added.delete()[0]


def _remove(model: type[Model], visit_import: VisitImport, undone: Undone) -> None:
    free = list(_free(model, visit_import).values_list("pk", flat=True))
    for chunk in in_batches(free, size=_CHUNK):
        model._default_manager.filter(pk__any_of=chunk).delete()
    _count(model, visit_import, undone, removed=len(free))


def _remove_contact_points(visit_import: VisitImport, undone: Undone) -> None:
    """Remove contacts the import added to customers who were there before; others went, or stay, with their customer."""
    points = ContactPoint.objects.filter(created_by_import=visit_import)
    added = points.exclude(customer__created_by_import=visit_import)
    undone.removed["contact points"] += added.delete()[0]


def _free(model: type[Model], visit_import: VisitImport) -> QuerySet[Any]:
    """Return the rows the import added on which nothing hangs but what is derived from them.

    All relations are looked at, those of higher apps too, without knowing them: a new one cannot be forgotten.
    """
    rows = model._default_manager.filter(created_by_import=visit_import)
    for relation in model._meta.related_objects:
        other: type[Model] = relation.related_model
        if other in _DERIVED[model]:
            continue
        hanging = other._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        if ignored := _not_later_work.get(other._meta.label):
            hanging = hanging.exclude(ignored)
        rows = rows.exclude(Exists(hanging))
    changed_later = ImportChange.objects.filter(
        subject_type=model._meta.label_lower, subject_id=OuterRef("pk")
    )
    return rows.exclude(Exists(changed_later.exclude(visit_import=visit_import)))


def _count(model: type[Model], visit_import: VisitImport, undone: Undone, *, removed: int) -> None:
    words = str(model._meta.verbose_name_plural)
    undone.removed[words] += removed
    undone.kept[words] += model._default_manager.filter(created_by_import=visit_import).count()


def _settle_again(vehicles: list[int], customers: list[int], *, today: date) -> None:
    """Bring owners, search words and forecasts in line with what is left."""
    for chunk in in_batches(vehicles, size=_CHUNK):
        left = list(Vehicle.objects.filter(id__any_of=chunk).values_list("id", flat=True))
        settled = settle_ownership(dict.fromkeys(left, (None, None)), today=today)
        search.refresh_tokens(sorted(settled.customers))
        if left:
            ring("customers.refresh_forecasts", dealership_id=current_dealership().pk, vehicle_ids=left)
    for chunk in in_batches(customers, size=_CHUNK):
        search.refresh_tokens(list(Customer.objects.filter(id__any_of=chunk).values_list("id", flat=True)))
