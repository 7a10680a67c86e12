"""Staged repair-order rows to visits, lines and odometer readings."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum

from customers.enums import LineOutcome, VisitStatus
from customers.logic.imports.fields import Part
from customers.logic.imports.problems import Issue, Problem
from customers.logic.imports.rows import Placed
from customers.logic.imports.visits import PlacedIssue, VisitDraft, merge_rows
from customers.models import Vehicle, Visit, VisitLine
from customers.services.imports import bulk, changes
from customers.services.imports.apply_lines import add_lines, record_lines
from customers.services.imports.apply_readings import Reading, record_readings
from customers.services.imports.context import Run, customer_ids
from customers.services.imports.op_codes import OpCodeBook
from customers.signals import visits_recorded

BATCH = 2_000
# A repair order of more rows than this is no repair order: the rest of its rows are rejected one by one.
MAX_ROWS_OF_ONE = 1_000
_FIELDS = (
    "customer_id",
    "closed_on",
    "status",
    "customer_pay_cents",
    "warranty_cents",
    "internal_cents",
    "advisor_name",
)


@dataclass(frozen=True, slots=True)
class _Car:
    """What must be known of a vehicle to record a visit of it."""

    vehicle_id: int
    owner_id: int | None
    unit: str


@dataclass(slots=True)
class _Wanted:
    """One repair order that can be recorded."""

    draft: VisitDraft
    car: _Car
    customer_id: int | None
    visit_id: int = 0


def apply_visits(run: Run) -> None:
    """Insert and update all staged repair orders, a batch per transaction."""
    book = OpCodeBook(run)
    for batch in run.stage.batches(Part.VISIT, size=BATCH, prepare=_merged):
        for one in (issue for _, issues in batch for issue in issues):
            run.complain(
                one.issue.problem, file=one.file, line=one.issue.line, key=one.field, value=one.issue.value
            )
        with transaction.atomic():
            _apply_batch(run, [draft for draft, _ in batch], book)
        run.progressed(len(batch))


def _merged(rows: list[Placed]) -> tuple[VisitDraft, list[PlacedIssue]]:
    draft, issues = merge_rows(rows[:MAX_ROWS_OF_ONE])
    surplus = [
        PlacedIssue(one.file, Issue(Problem.RO_REPEATED, one.line, "", one.row.ro_number), "ro_number")
        for one in rows[MAX_ROWS_OF_ONE:]
    ]
    return draft, [*surplus, *issues]


def _apply_batch(run: Run, drafts: list[VisitDraft], book: OpCodeBook) -> None:
    numbers = [draft.ro_number for draft in drafts]
    known = bulk.find(Visit, "ro_number", numbers, ("id", "vehicle_id", "opened_on", *_FIELDS))
    wanted = _recordable(run, drafts, known)
    old = [one for one in wanted if one.draft.ro_number in known]
    new = [one for one in wanted if one.draft.ro_number not in known]
    changed = _update_known(run, old, known)
    _insert_new(run, new)
    changed |= record_lines(run, [(one.visit_id, one.draft) for one in old], book)
    add_lines([(one.visit_id, one.draft) for one in new], book)
    _sum_again(run, [one for one in old if one.visit_id in changed and not one.draft.has_totals])
    changed |= record_readings(run, [_reading(one, is_new=False) for one in old])
    record_readings(run, [_reading(one, is_new=True) for one in new])
    book.save()
    run.counts["visits_updated"] += len(changed)
    run.counts["visits_unchanged"] += len(old) - len(changed)
    recorded = [one.visit_id for one in new] + sorted(changed)
    # Unchanged ones too: after a run that was killed the repeat must do what follows from all rows.
    run.stage.touch_vehicles([one.car.vehicle_id for one in wanted])
    if recorded and not run.is_dry:
        visits_recorded.send(sender=Visit, dealership_id=run.dealership.pk, visit_ids=recorded)


def _recordable(run: Run, drafts: list[VisitDraft], known: dict[str, tuple[Any, ...]]) -> list[_Wanted]:
    """Join each repair order to its vehicle and customer; one that cannot be is a named rejection."""
    cars = _cars(drafts)
    customers = customer_ids(draft.customer_key for draft in drafts)
    wanted = []
    for draft in drafts:
        car = cars.get(draft.vin) or cars.get(f"#{draft.vehicle_number}")
        problem = _problem(draft, car, customers, known)
        if problem:
            code, key, value = problem
            run.complain(code, file=draft.file, line=draft.line, key=key, value=value)
        elif car:
            wanted.append(_Wanted(draft, car, customers.get(draft.customer_key, car.owner_id)))
    return wanted


def _problem(
    draft: VisitDraft, car: _Car | None, customers: dict[str, int], known: dict[str, tuple[Any, ...]]
) -> tuple[Problem, str, str] | None:
    """Return why a repair order cannot be recorded, with the field and value to blame."""
    if car is None:
        key, value = ("vin", draft.vin) if draft.vin else ("vehicle_number", draft.vehicle_number)
        return Problem.UNKNOWN_VEHICLE, key, value
    if draft.customer_key and draft.customer_key not in customers:
        return Problem.UNKNOWN_CUSTOMER, "customer_number", draft.customer_key
    have = known.get(draft.ro_number)
    if have and have[1:3] != (car.vehicle_id, draft.opened_on):
        key, value = (
            ("opened_on", draft.opened_on.isoformat()) if have[1] == car.vehicle_id else ("vin", draft.vin)
        )
        return Problem.RO_TAKEN, key, value
    return None


def _cars(drafts: list[VisitDraft]) -> dict[str, _Car]:
    """Return the known vehicles by VIN, and by "#" and their number where a row gives no VIN."""
    columns = ("id", "customer_id", "distance_unit")
    vins = {draft.vin for draft in drafts if draft.vin}
    numbers = {draft.vehicle_number for draft in drafts if not draft.vin}
    cars = {vin: _Car(*row) for vin, row in bulk.find(Vehicle, "vin", vins, columns).items()}
    if numbers:
        numbered = Vehicle.objects.filter(external_id__any_of=numbers).values_list("external_id", *columns)
        cars |= {f"#{number}": _Car(*row) for number, *row in numbered}
    return cars


def _status(draft: VisitDraft) -> str:
    return (VisitStatus.OPEN if draft.is_open else VisitStatus.CLOSED).value


def _insert_new(run: Run, new: list[_Wanted]) -> None:
    rows = [(one.draft.ro_number, one.car.vehicle_id, one.draft.opened_on, *_values(one)) for one in new]
    made = bulk.insert(
        Visit,
        ("ro_number", "vehicle_id", "opened_on", *_FIELDS),
        rows,
        constants={"created_by_import_id": run.import_id},
        returning=("ro_number", "id"),
    )
    ids: dict[str, int] = dict(made)
    for one in new:
        one.visit_id = ids[one.draft.ro_number]


def _values(one: _Wanted) -> tuple[Any, ...]:
    pay = one.draft.pay
    cents = (pay.customer_cents or 0, pay.warranty_cents or 0, pay.internal_cents or 0)
    return (one.customer_id, one.draft.closed_on, _status(one.draft), *cents, one.draft.advisor)


def _update_known(run: Run, old: list[_Wanted], known: dict[str, tuple[Any, ...]]) -> set[int]:
    """Bring known visits up to date with what the file says; returns the ids of those it changed."""
    changed, recorded = [], []
    for one in old:
        one.visit_id, _, _, *have = known[one.draft.ro_number]
        before = dict(zip(_FIELDS, have, strict=True))
        after = before | _said(one)
        if after != before:
            changed.append((one.visit_id, *after.values()))
            different = [name for name in _FIELDS if after[name] != before[name]]
            recorded.append(
                (
                    one.visit_id,
                    {name: before[name] for name in different},
                    {name: after[name] for name in different},
                )
            )
    bulk.update(Visit, _FIELDS, changed)
    changes.record(run.visit_import, Visit, recorded)
    return {row[0] for row in changed}


def _sum_again(run: Run, old: list[_Wanted]) -> None:
    """Bring the totals of visits whose lines changed in line with them, where the file itself gives no totals."""
    if not old:
        return
    ids = [one.visit_id for one in old]
    sums = dict(
        VisitLine.objects.filter(visit_id__any_of=ids, outcome=LineOutcome.PERFORMED)
        .values_list("visit_id")
        .annotate(Sum("amount_cents"))
    )
    paid = Visit.objects.filter(id__any_of=ids, warranty_cents=0, internal_cents=0).values_list(
        "id", "customer_pay_cents"
    )
    changed = [
        (visit_id, cents, sums.get(visit_id, 0)) for visit_id, cents in paid if cents != sums.get(visit_id, 0)
    ]
    bulk.update(Visit, ("customer_pay_cents",), [(visit_id, after) for visit_id, _, after in changed])
    recorded = [
        (visit_id, {"customer_pay_cents": before}, {"customer_pay_cents": after})
        for visit_id, before, after in changed
    ]
    changes.record(run.visit_import, Visit, recorded)


def _said(one: _Wanted) -> dict[str, Any]:
    """Return what a file says about a known visit; what it leaves empty is left alone, as is a status once closed."""
    draft = one.draft
    said: dict[str, Any] = {}
    if draft.customer_key and one.customer_id:
        said["customer_id"] = one.customer_id
    if draft.closed_on:
        said |= {"closed_on": draft.closed_on, "status": VisitStatus.CLOSED.value}
    if draft.advisor:
        said["advisor_name"] = draft.advisor
    pay = draft.pay
    amounts = {
        "customer_pay_cents": pay.customer_cents,
        "warranty_cents": pay.warranty_cents,
        "internal_cents": pay.internal_cents,
    }
    if draft.has_totals:
        said |= {name: cents for name, cents in amounts.items() if cents is not None}
    return said


def _reading(one: _Wanted, *, is_new: bool) -> Reading:
    draft = one.draft
    return Reading(
        visit_id=one.visit_id,
        vehicle_id=one.car.vehicle_id,
        read_on=draft.opened_on,
        value=draft.mileage,
        unit=draft.unit or one.car.unit,
        is_visit_new=is_new,
        file=draft.file,
        line=draft.line,
    )
