"""Typed rows between reading and writing. Named tuples of plain values: they pass through a staging table."""

from datetime import date
from typing import Any, NamedTuple


class CustomerRow(NamedTuple):
    """A customer as one row tells it. `refusals` are (channel or "" for all, column, value as written)."""

    key: str
    is_company: bool
    first_name: str
    last_name: str
    company_name: str
    language: str
    household_key: str
    phones: list[str]
    emails: list[str]
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    refusals: list[tuple[str, str, str]]

    @property
    def display_name(self) -> str:
        return self.company_name or " ".join(part for part in (self.first_name, self.last_name) if part)


class VehicleRow(NamedTuple):
    """A vehicle as one row tells it; "" and None mean: not said.

    `is_owner_stated`: a vehicle file says whose it is; a repair order only says who brought it.
    """

    vin: str
    number: str
    customer_key: str
    year: int | None
    make: str
    model: str
    plate: str
    unit: str
    owned_since_on: date | None
    is_owner_stated: bool


class Operation(NamedTuple):
    """One operation of a repair order as a row tells it; the last fields of a VisitRow."""

    line_number: int | None
    op_code: str
    description: str
    is_declined: bool
    amount_cents: int | None
    pay_type: str


class VisitRow(NamedTuple):
    """One row of a repair order: its head, repeated in each of its rows, and at most one operation."""

    ro_number: str
    vin: str
    vehicle_number: str
    customer_key: str
    opened_on: date
    closed_on: date | None
    is_open: bool
    mileage: int | None
    unit: str
    advisor: str
    customer_cents: int | None
    warranty_cents: int | None
    internal_cents: int | None
    line_number: int | None
    op_code: str
    description: str
    is_declined: bool
    amount_cents: int | None
    pay_type: str

    @property
    def has_operation(self) -> bool:
        return bool(self.op_code or self.description)


# The fields of a VisitRow that all rows of a repair order share stand before those of the operation.
HEAD_FIELDS = VisitRow._fields.index("line_number")


class Placed(NamedTuple):
    """A row and where it stands: file number in the import, line in the file."""

    file: int
    line: int
    row: Any
