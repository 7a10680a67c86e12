"""Staged vehicle rows to vehicles."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from customers.logic.imports.fields import Part
from customers.logic.imports.merging import merge_vehicles
from customers.logic.imports.problems import Problem
from customers.logic.imports.rows import Placed, VehicleRow
from customers.logic.vins import is_valid_vin
from customers.models import Vehicle
from customers.services.imports import bulk, changes
from customers.services.imports.context import Run, customer_ids

BATCH = 1_000
_FIELDS = ("external_id", "year", "make", "model", "plate", "distance_unit")


@dataclass(slots=True)
class _Wanted:
    row: VehicleRow
    placed: list[Placed]
    customer_id: int | None


def apply_vehicles(run: Run) -> None:
    """Insert and update all staged vehicles, a batch per transaction."""
    for batch in run.stage.batches(Part.VEHICLE, size=BATCH, prepare=_merged):
        with transaction.atomic():
            _apply_batch(run, batch)


def _merged(rows: list[Placed]) -> tuple[VehicleRow, list[Placed]]:
    return merge_vehicles([placed.row for placed in rows]), rows


def _apply_batch(run: Run, rows: list[tuple[VehicleRow, list[Placed]]]) -> None:
    customers = customer_ids(row.customer_key for row, _ in rows)
    known = bulk.find(Vehicle, "vin", [row.vin for row, _ in rows], ("id", *_FIELDS))
    wanted = []
    for row, placed in rows:
        customer = customers.get(row.customer_key)
        if row.customer_key and customer is None and row.is_owner_stated:
            _reject(run, row, placed)
        elif row.vin in known or _may_be_added(row, customer):
            wanted.append(_Wanted(row, placed, customer))
    _update_known(run, [one for one in wanted if one.row.vin in known], known)
    _insert_new(run, [one for one in wanted if one.row.vin not in known])


def _may_be_added(row: VehicleRow, customer: int | None) -> bool:
    """Whether a row says enough to make a vehicle of it: whose it is, or, where it names nobody, what it is."""
    return customer is not None or (not row.customer_key and bool(row.make or row.model))


def _reject(run: Run, row: VehicleRow, placed: list[Placed]) -> None:
    for one in placed:
        if one.row.customer_key == row.customer_key:
            run.complain(
                Problem.UNKNOWN_CUSTOMER,
                file=one.file,
                line=one.line,
                key="customer_number",
                value=row.customer_key,
            )


def _insert_new(run: Run, new: list[_Wanted]) -> None:
    rows = [
        (
            one.row.vin,
            is_valid_vin(one.row.vin),
            one.customer_id,
            *_values(run, one.row),
            one.row.owned_since_on,
        )
        for one in new
    ]
    columns = ("vin", "vin_is_valid", "customer_id", *_FIELDS, "owned_since_on")
    constants = {"created_by_import_id": run.import_id, "created_at": run.now}
    ids: dict[str, int] = dict(
        bulk.insert(Vehicle, columns, rows, constants=constants, returning=("vin", "id"))
    )
    run.stage.touch_vehicles(list(ids.values()))
    _state_owners(run, [(ids[one.row.vin], one) for one in new])


def _values(run: Run, row: VehicleRow) -> tuple[Any, ...]:
    return (row.number, row.year, row.make, row.model, row.plate, row.unit or run.dealership.distance_unit)


def _update_known(run: Run, old: list[_Wanted], known: dict[str, tuple[Any, ...]]) -> None:
    changed, recorded, stated = [], [], []
    for one in old:
        vehicle_id, *have = known[one.row.vin]
        before = dict(zip(_FIELDS, have, strict=True))
        after = dict(zip(_FIELDS, _values(run, one.row), strict=True))
        after |= {
            name: before[name]
            for name in _FIELDS
            if not after[name] or (name == "distance_unit" and not one.row.unit)
        }
        if after != before:
            changed.append((vehicle_id, *after.values()))
            different = [name for name in _FIELDS if after[name] != before[name]]
            recorded.append(
                (
                    vehicle_id,
                    {name: before[name] for name in different},
                    {name: after[name] for name in different},
                )
            )
        stated.append((vehicle_id, one))
    bulk.update(Vehicle, _FIELDS, changed)
    changes.record(run.visit_import, Vehicle, recorded)
    run.stage.touch_vehicles([vehicle_id for vehicle_id, _ in stated])
    _state_owners(run, stated)
    run.counts["vehicles_updated"] += len(changed)
    run.counts["vehicles_unchanged"] += len(old) - len(changed)


def _state_owners(run: Run, vehicles: list[tuple[int, _Wanted]]) -> None:
    rows: list[tuple[int, int, date]] = [
        (vehicle_id, one.customer_id, one.row.owned_since_on or run.today)
        for vehicle_id, one in vehicles
        if one.row.is_owner_stated and one.customer_id is not None
    ]
    run.stage.state_owners(rows)
