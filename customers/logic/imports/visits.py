"""The rows of one repair order put together."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from customers.logic.imports.problems import Issue, Problem
from customers.logic.imports.rows import HEAD_FIELDS, Placed, VisitRow
from customers.logic.internal import PayTotals

# No car has driven a million miles in a dealership's life; the record is a single one.
MAX_ODOMETER = {"mi": 1_000_000, "km": 1_600_000}
# Fields of the head in which all rows of a repair order must agree, where they say anything.
_IDENTITY = ("vin", "vehicle_number", "opened_on", "closed_on", "mileage", "customer_key")
_WARRANTY, _INTERNAL = "W", "I"


class LineDraft(NamedTuple):
    """One operation to be recorded."""

    line_number: int | None
    op_code: str
    description: str
    is_declined: bool
    amount_cents: int


class VisitDraft(NamedTuple):
    """A whole repair order to be recorded, and the place it first stands at."""

    file: int
    line: int
    ro_number: str
    vin: str
    vehicle_number: str
    customer_key: str
    opened_on: date
    closed_on: date | None
    mileage: int | None
    unit: str
    advisor: str
    is_open: bool
    pay: PayTotals
    has_totals: bool
    lines: tuple[LineDraft, ...]


@dataclass(frozen=True, slots=True)
class PlacedIssue:
    """An issue of a row, and the file it stands in; `field` is turned into that file's column later."""

    file: int
    issue: Issue
    field: str = ""


def merge_rows(rows: list[Placed]) -> tuple[VisitDraft, list[PlacedIssue]]:
    """One repair order out of all rows with its number, in the order of files and lines.

    The first row rules: a later one that contradicts its head is rejected and named; what the first leaves
    empty a later one fills in; an exact repeat counts once.
    """
    head: VisitRow = rows[0].row
    taken: dict[VisitRow, None] = {}  # a set that keeps the order
    issues: list[PlacedIssue] = []
    for placed in rows:
        # Nearly all rows repeat the head exactly: nothing to compare, nothing to fill in.
        is_same = placed.row[:HEAD_FIELDS] == head[:HEAD_FIELDS]
        contradiction = "" if is_same else _contradiction(head, placed.row)
        if contradiction:
            issues.append(_issue(placed, Problem.RO_REPEATED, contradiction))
            continue
        if placed.row in taken:
            issues.append(_issue(placed, Problem.REPEATED_EXACTLY, "ro_number"))
            continue
        head = head if is_same else _filled(head, placed.row)
        taken[placed.row] = None
    return _draft(rows[0], head, list(taken)), issues


def is_impossible_odometer(value: float, *, unit: str) -> bool:
    """Whether no car can have driven so far: such a reading is kept, and set aside."""
    return value > MAX_ODOMETER[unit]


def _issue(placed: Placed, problem: Problem, field: str) -> PlacedIssue:
    value = placed.row.ro_number if field == "ro_number" else str(getattr(placed.row, field) or "")
    return PlacedIssue(placed.file, Issue(problem, placed.line, "", value), field)


def _contradiction(head: VisitRow, row: VisitRow) -> str:
    """Return the first field of the head in which a row says something else, or ""."""
    for field in _IDENTITY:
        mine, other = getattr(head, field), getattr(row, field)
        if mine not in ("", None) and other not in ("", None) and mine != other:
            return field
    return ""


def _filled(head: VisitRow, row: VisitRow) -> VisitRow:
    """Return the head with what it leaves empty taken from a later row."""
    empty: dict[str, Any] = {
        name: value
        for name, mine, value in zip(head._fields, head, row, strict=True)
        if (mine is None or mine == "") and value is not None and value != ""
    }
    return head._replace(**empty) if empty else head


def _draft(first: Placed, head: VisitRow, rows: list[VisitRow]) -> VisitDraft:
    return VisitDraft(
        file=first.file,
        line=first.line,
        ro_number=head.ro_number,
        vin=head.vin,
        vehicle_number=head.vehicle_number,
        customer_key=head.customer_key,
        opened_on=head.opened_on,
        closed_on=head.closed_on,
        mileage=head.mileage,
        unit=head.unit,
        advisor=head.advisor,
        is_open=head.is_open and head.closed_on is None,
        pay=_pay(head, rows),
        has_totals=_has_totals(head),
        lines=tuple(
            LineDraft(
                row.line_number, row.op_code, row.description[:300], row.is_declined, row.amount_cents or 0
            )
            for row in rows
            if row.has_operation
        ),
    )


def _pay(head: VisitRow, rows: list[VisitRow]) -> PayTotals:
    """Totals as the export gives them; else the sums of the lines done, by who pays each (the customer, unless said)."""
    if _has_totals(head):
        return PayTotals(head.customer_cents, head.warranty_cents, head.internal_cents)
    sums = {"C": 0, _WARRANTY: 0, _INTERNAL: 0}
    for row in rows:
        if not row.is_declined:
            sums[row.pay_type if row.pay_type in sums else "C"] += row.amount_cents or 0
    return PayTotals(sums["C"], sums[_WARRANTY], sums[_INTERNAL])


def _has_totals(head: VisitRow) -> bool:
    return (head.customer_cents, head.warranty_cents, head.internal_cents) != (None, None, None)
