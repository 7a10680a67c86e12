"""The operations of a repair order in a row."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from customers.logic.imports.problems import Problem
from customers.logic.imports.read_vehicle import read_unit, read_vin
from customers.logic.imports.reading import Cells
from customers.logic.imports.rows import HEAD_FIELDS, Operation, VisitRow
from customers.logic.imports.values import read_cents
from customers.logic.names import readable
from customers.logic.op_codes import normalise_op_code, readable_description
from customers.logic.placeholders import real_text

_T = TypeVar("_T")
# A repair order without closing date that is older was forgotten, not left open.
OPEN_AT_MOST = timedelta(days=90)
_HEADS_REMEMBERED = 64
_OPERATIONS_REMEMBERED = 4_096
# One cell may hold several values: CDK's extracts part them by "|", "^" or a line break.
_MULTIPLE = re.compile(r"[ \t]*(?:[|^]|\r?\n)[ \t]*")


def read_visits(cells: Cells, customer_key: str) -> tuple[VisitRow, ...]:
    """Return the operations in a row of a repair order; a row may hold several in one cell each, parted by "|"."""
    shared = cells.at(cells.layout.head_columns)
    head = cells.layout.heads.get(shared)
    if head is None:
        issues_before = len(cells.issues)
        head = _head(cells, customer_key)
        if cells.day("voided_on"):
            cells.complain(Problem.VOIDED, "voided_on")
            return ()
        if shared and len(cells.issues) == issues_before:
            _remember(cells.layout.heads, shared, head, at_most=_HEADS_REMEMBERED)
    return tuple([VisitRow._make(head[:HEAD_FIELDS] + operation) for operation in _operations(cells)])


def _operations(cells: Cells) -> tuple[Operation, ...]:
    """Return the operations of a row: usually one, several where the cell of op codes holds several."""
    own = cells.at(cells.layout.operation_columns)
    operations = cells.layout.operations.get(own)
    if operations is None:
        issues_before = len(cells.issues)
        operations = tuple(_read_operations(cells))
        if own and len(cells.issues) == issues_before:
            _remember(cells.layout.operations, own, operations, at_most=_OPERATIONS_REMEMBERED)
    return operations


def _remember(memory: dict[tuple[str, ...], _T], cells: tuple[str, ...], read: _T, *, at_most: int) -> None:
    """Keep what was read from cells for the next rows with the same; only without issues, which each row must name."""
    if len(memory) >= at_most:
        memory.clear()
    memory[cells] = read


def _head(cells: Cells, customer_key: str) -> VisitRow:
    ro_number, vin = cells.key("ro_number"), read_vin(cells)
    if not ro_number:
        cells.complain(Problem.NO_RO_NUMBER, "ro_number")
    if not vin and not cells.key("vehicle_number"):
        cells.complain(Problem.NO_VIN, "vin" if "vin" in cells.layout.column_of else "vehicle_number")
    opened_on, closed_on = _dates(cells)
    return VisitRow(
        ro_number=ro_number,
        vin=vin,
        vehicle_number=cells.key("vehicle_number"),
        customer_key=customer_key,
        opened_on=opened_on,
        closed_on=closed_on,
        is_open=_is_open(cells, opened_on=opened_on, closed_on=closed_on),
        mileage=cells.number("mileage_in") or cells.number("mileage_out") or None,  # 0: nobody looked
        unit=read_unit(cells) if cells.text("odometer_unit") else "",
        advisor=readable(cells.text("advisor"))[:120],
        customer_cents=_first(cells.cents("customer_total"), cells.cents("visit_total")),
        warranty_cents=cells.cents("warranty_total"),
        internal_cents=cells.cents("internal_total"),
        line_number=None,
        op_code="",
        description="",
        is_declined=False,
        amount_cents=None,
        pay_type="",
    )


def _dates(cells: Cells) -> tuple[date, date | None]:
    """Return opening and closing date; without an opening date the closing date serves for both."""
    opened_on, closed_on = cells.day("opened_on"), cells.day("closed_on")
    if opened_on is None and closed_on is None:
        if not any(issue.is_rejection for issue in cells.issues):
            cells.complain(
                Problem.NO_DATE, "opened_on" if "opened_on" in cells.layout.column_of else "closed_on"
            )
        return date.min, None
    if opened_on and closed_on and closed_on < opened_on:
        cells.complain(Problem.CLOSED_BEFORE_OPENED, "closed_on")
        closed_on = opened_on
    return opened_on or closed_on or date.min, closed_on


def _is_open(cells: Cells, *, opened_on: date, closed_on: date | None) -> bool:
    """Return whether a repair order is still open: its file has closing dates, and it has none and is not old."""
    has_closing_dates = "closed_on" in cells.layout.column_of and "opened_on" in cells.layout.column_of
    return has_closing_dates and closed_on is None and opened_on > cells.layout.today - OPEN_AT_MOST


def _is_declined(cells: Cells) -> bool:
    words = cells.text("op_description").upper().lstrip("* ")
    return (
        cells.flag("performed") is False
        or cells.flag("declined") is True
        or words.startswith(("DECLINED", "CUSTOMER DECLINED"))
    )


def _read_operations(cells: Cells) -> list[Operation]:
    codes = _split(cells.raw("op_code"))
    is_declined, pay_type = _is_declined(cells), cells.text("pay_type").upper()[:1]
    if len(codes) == 1:
        return [
            Operation(
                line_number=_line_number(cells.text("line_number")),
                op_code=normalise_op_code(cells.text("op_code")),
                description=readable_description(cells.text("op_description")),
                is_declined=is_declined,
                amount_cents=cells.cents("amount"),
                pay_type=pay_type,
            )
        ]
    descriptions = _as_many(_split(cells.raw("op_description")), len(codes))
    return [
        Operation(
            line_number=number,
            op_code=normalise_op_code(code),
            description=readable_description(real_text(description or "")),
            is_declined=is_declined,
            amount_cents=cents,
            pay_type=pay_type,
        )
        for number, (code, description, cents) in enumerate(
            zip(codes, descriptions, _amounts(cells, len(codes)), strict=True), 1
        )
    ]


def _amounts(cells: Cells, count: int) -> list[int | None]:
    """Return the amounts of several operations in one cell; one that is no amount, or one too few, is an issue."""
    texts = _split(cells.raw("amount"))
    if texts == [""]:
        return [None] * count
    try:
        amounts = [read_cents(text, decimals=cells.layout.decimals) for text in texts]
    except (ValueError, ArithmeticError):
        amounts = []
    if len(amounts) != count:
        cells.complain(Problem.BAD_AMOUNT, "amount")
    return _as_many(amounts, count)


def _as_many(values: Sequence[_T], count: int) -> list[_T | None]:
    return list(values) if len(values) == count else [None] * count


def _split(text: str) -> list[str]:
    if not _MULTIPLE.search(text):
        return [text.strip()]
    return _MULTIPLE.split(text.strip())


def _line_number(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 10_000 else None  # noqa: PLR2004


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
