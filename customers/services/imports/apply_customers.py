"""Staged customer rows to customers, contact points and refusals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from customers.enums import ContactKind, CustomerKind
from customers.logic.addresses import Address
from customers.logic.imports.fields import Part
from customers.logic.imports.merging import merge_customers
from customers.logic.imports.rows import CustomerRow, Placed
from customers.logic.internal import is_dealerships_own_name
from customers.models import ContactPoint, Customer
from customers.services.imports import bulk, changes
from customers.services.imports.context import Run
from customers.signals import Refusal, contact_points_recorded, contact_refused

BATCH = 1_000
_FIELDS = (
    "kind",
    "first_name",
    "last_name",
    "company_name",
    "display_name",
    "language",
    "household_key",
    "is_internal",
)
# An empty cell says nothing about these: what is known stays.
_KEPT_WHEN_EMPTY = frozenset({"language", "household_key", "is_internal"})
_POINT_FIELDS = ("customer_id", "kind", "value", "street", "city", "region", "postal_code", "country", "rank")
REFUSAL_SOURCE = (
    "dms_refusal"  # messaging.enums.ConsentSource; named here because a lower app cannot import it
)


@dataclass(slots=True)
class _Wanted:
    """One customer as the files have it, the places it came from, and the row it became."""

    row: CustomerRow
    placed: list[Placed]
    customer_id: int = 0
    is_new: bool = False


def apply_customers(run: Run) -> None:
    """Insert and update all staged customers, a batch per transaction."""
    for wanted in run.stage.batches(Part.CUSTOMER, size=BATCH, prepare=_merged):
        with transaction.atomic():
            _apply_batch(run, wanted)


def _merged(rows: list[Placed]) -> _Wanted:
    return _Wanted(merge_customers([placed.row for placed in rows]), rows)


def _apply_batch(run: Run, wanted: list[_Wanted]) -> None:
    keys = [one.row.key for one in wanted]
    known = bulk.find(Customer, "external_id", keys, ("id", *_FIELDS))
    _update_known(run, [one for one in wanted if one.row.key in known], known)
    _insert_new(run, [one for one in wanted if one.row.key not in known])
    points = _record_contact_points(run, wanted)
    run.stage.touch_customers([one.customer_id for one in wanted])
    if run.is_dry:
        return
    # Refusals first: the dealership's attestation must find them on record.
    _tell_refusals(run, wanted)
    if points:
        contact_points_recorded.send(
            sender=ContactPoint,
            dealership_id=run.dealership.pk,
            contact_point_ids=points,
            import_id=run.import_id,
        )


def _values(run: Run, row: CustomerRow) -> tuple[Any, ...]:
    own = row.is_company and is_dealerships_own_name(row.company_name, dealership_names=run.own_names)
    kind = CustomerKind.COMPANY if row.is_company else CustomerKind.PERSON
    name = row.display_name[:250]
    return (
        kind.value,
        row.first_name,
        row.last_name,
        row.company_name,
        name,
        row.language,
        row.household_key,
        own,
    )


def _insert_new(run: Run, new: list[_Wanted]) -> None:
    rows = [(one.row.key, *_values(run, one.row)) for one in new]
    constants = {"created_by_import_id": run.import_id, "created_at": run.now}
    made = bulk.insert(
        Customer, ("external_id", *_FIELDS), rows, constants=constants, returning=("external_id", "id")
    )
    ids: dict[str, int] = dict(made)
    for one in new:
        one.customer_id, one.is_new = ids[one.row.key], True


def _update_known(run: Run, old: list[_Wanted], known: dict[str, tuple[Any, ...]]) -> None:
    changed, recorded = [], []
    for one in old:
        customer_id, *have = known[one.row.key]
        one.customer_id = customer_id
        before = dict(zip(_FIELDS, have, strict=True))
        after = dict(zip(_FIELDS, _values(run, one.row), strict=True))
        after |= {name: before[name] for name in _KEPT_WHEN_EMPTY if not after[name]}
        if after != before:
            changed.append((customer_id, *after.values()))
            different = [name for name in _FIELDS if after[name] != before[name]]
            recorded.append(
                (
                    customer_id,
                    {name: before[name] for name in different},
                    {name: after[name] for name in different},
                )
            )
    bulk.update(Customer, _FIELDS, changed)
    changes.record(run.visit_import, Customer, recorded)
    run.counts["customers_updated"] += len(changed)
    run.counts["customers_unchanged"] += len(old) - len(changed)


def _points(one: _Wanted) -> list[tuple[Any, ...]]:
    """Return the contact points of a customer in the order of _POINT_FIELDS."""
    row, nowhere = one.row, ("", "", "", "", "")
    points = [
        (one.customer_id, ContactKind.PHONE.value, phone, *nowhere, rank)
        for rank, phone in enumerate(row.phones)
    ]
    points += [
        (one.customer_id, ContactKind.EMAIL.value, email, *nowhere, rank)
        for rank, email in enumerate(row.emails)
    ]
    address = Address(row.street, row.city, row.region, row.postal_code, row.country)
    if address.is_deliverable:
        parts = (row.street, row.city, row.region, row.postal_code, row.country)
        points.append((one.customer_id, ContactKind.POSTAL.value, address.one_line[:320], *parts, 0))
    return points


def _record_contact_points(run: Run, wanted: list[_Wanted]) -> list[int]:
    """Insert the contact points that are new and return their ids.

    A known point keeps its validity: an address that bounced does not come to life because the dealership's
    system still has it. The newest file's order rules; points it no longer has go behind.
    """
    ids = [one.customer_id for one in wanted]
    have = {
        (customer, kind, value): (point, rank)
        for point, customer, kind, value, rank in ContactPoint.objects.filter(
            customer_id__any_of=ids
        ).values_list("id", "customer_id", "kind", "value", "rank")
    }
    points = [point for one in wanted for point in _points(one)]
    new = [point for point in points if point[:3] not in have]
    constants = {"created_by_import_id": run.import_id}
    made = bulk.insert(ContactPoint, _POINT_FIELDS, new, constants=constants)
    if new:
        _rank_again(run, points, have)
    return [row[0] for row in made]


def _rank_again(
    run: Run, points: Sequence[tuple[Any, ...]], have: dict[tuple[Any, ...], tuple[int, int]]
) -> None:
    """Put known points of customers who got new ones in the newest order, those not mentioned last."""
    with_new = {(point[0], point[1]) for point in points if point[:3] not in have}
    rank_of = {point[:3]: point[-1] for point in points}
    mentioned = Counter(key[:2] for key in rank_of)
    moved = []
    for key, (point_id, rank) in have.items():
        if key[:2] in with_new:
            wanted = rank_of.get(key, max(rank, mentioned[key[:2]]))
            if wanted != rank:
                moved.append((point_id, {"rank": rank}, {"rank": wanted}))
    bulk.update(ContactPoint, ("rank",), [(point_id, after["rank"]) for point_id, _, after in moved])
    changes.record(run.visit_import, ContactPoint, moved)


def _tell_refusals(run: Run, wanted: list[_Wanted]) -> None:
    """Tell who must not be contacted. Each import tells it again: whoever keeps it looks whether it is known."""
    refusals = [
        Refusal(
            customer_id=one.customer_id,
            source=REFUSAL_SOURCE,
            channel=channel or None,
            evidence={
                "import_id": run.import_id,
                "file": run.files[one.placed[-1].file].name,
                "line": one.placed[-1].line,
                "column": column,
                "value": value,
            },
            is_customer_new=one.is_new,
        )
        for one in wanted
        for channel, column, value in one.row.refusals
    ]
    run.counts["refusals"] += len(refusals)
    if refusals:
        contact_refused.send(sender=Customer, dealership_id=run.dealership.pk, refusals=refusals)
