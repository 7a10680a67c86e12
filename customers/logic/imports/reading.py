"""Cells to typed rows: pure, one row at a time, errors named and never raised."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

from customers.logic.imports.dates import DateOrder, read_date
from customers.logic.imports.fields import FIELD_BY_KEY, Part, Shape
from customers.logic.imports.problems import Issue, Problem
from customers.logic.imports.rows import CustomerRow, Operation, VehicleRow, VisitRow
from customers.logic.imports.source import SourceRow
from customers.logic.imports.values import Decimals, read_cents, read_flag, read_whole_number
from customers.logic.placeholders import real_text

# Repair orders dated tomorrow occur (a time zone, a clock); later ones are typing errors.
FUTURE_ALLOWED = timedelta(days=1)
OLDEST_DATE = date(1950, 1, 1)
# What each row of a repair order has for itself.
OPERATION_FIELDS = frozenset(
    {"line_number", "op_code", "op_description", "performed", "declined", "amount", "pay_type"}
)
_LONGEST_KEY = 64  # customers.models: external_id, ro_number
_T = TypeVar("_T")


@dataclass(frozen=True)
class Layout:
    """How to read one file: where each field stands, and what was decided over whole columns.

    `to_phone` and `to_email` normalise a contact or return None; they are given because the libraries behind
    them are no business of the functional core.
    """

    column_of: dict[str, int]
    headers: tuple[str, ...]
    parts: frozenset[Part]
    date_orders: dict[str, DateOrder | None]
    decimals: Decimals
    today: date
    unit: str
    to_phone: Callable[[str], str | None]
    to_email: Callable[[str], str | None]

    # What was read from the same cells before: the rows of a repair order stand together and repeat its head,
    # and a workshop does the same few operations at the same prices all day.
    heads: dict[tuple[str, ...], VisitRow] = field(default_factory=dict, compare=False, repr=False)
    operations: dict[tuple[str, ...], tuple[Operation, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def head_columns(self) -> tuple[int, ...]:
        """The columns that all rows of a repair order share."""
        return tuple(index for key, index in self.column_of.items() if key not in OPERATION_FIELDS)

    @cached_property
    def operation_columns(self) -> tuple[int, ...]:
        """The columns each row of a repair order has for itself."""
        return tuple(index for key, index in self.column_of.items() if key in OPERATION_FIELDS)

    @property
    def latest(self) -> date:
        """The last date a repair order can have."""
        return self.today + FUTURE_ALLOWED


class ReadRow(NamedTuple):
    """What one row holds. A rejected row holds nothing but its issues."""

    line: int
    customer: CustomerRow | None = None
    vehicle: VehicleRow | None = None
    visits: tuple[VisitRow, ...] = ()
    issues: tuple[Issue, ...] = ()


class Cells:
    """Access to one row's cells by field; collects what is wrong with them.

    A row asks for some twenty fields and a big file has hundreds of thousands of rows: a column that is not
    there is found out first, in each accessor, and costs next to nothing.
    """

    __slots__ = ("_cells", "_index", "_width", "issues", "layout", "line")

    def __init__(self, layout: Layout, row: SourceRow) -> None:
        self.layout = layout
        self.line = row.line
        self.issues = list(row.issues)
        self._cells = row.cells
        self._index = layout.column_of
        self._width = len(row.cells)

    def at(self, columns: Sequence[int]) -> tuple[str, ...]:
        """Return the cells of some columns; () where the row is too short for that."""
        try:
            return tuple([self._cells[index] for index in columns])
        except IndexError:
            return ()

    def raw(self, key: str) -> str:
        index = self._index.get(key)
        return self._cells[index] if index is not None and index < self._width else ""

    def text(self, key: str, *, longest: int = 0) -> str:
        """Return the cell, "" for a placeholder; with `longest`, a longer one is an issue (keys are never cut)."""
        index = self._index.get(key)
        if index is None or index >= self._width:
            return ""
        cleaned = real_text(self._cells[index])
        if longest and len(cleaned) > longest:
            self.complain(Problem.TOO_LONG, key)
            return ""
        return cleaned

    def key(self, key: str) -> str:
        return self.text(key, longest=_LONGEST_KEY)

    def number(self, key: str) -> int | None:
        return self._parsed(key, read_whole_number, Problem.BAD_NUMBER) if key in self._index else None

    def cents(self, key: str) -> int | None:
        if key not in self._index:
            return None
        return self._parsed(key, self._cents, Problem.BAD_AMOUNT)

    def flag(self, key: str) -> bool | None:
        return self._parsed(key, read_flag, Problem.BAD_FLAG) if key in self._index else None

    def day(self, key: str) -> date | None:
        """Return the date in the cell; one that cannot be true is an issue and None."""
        if key not in self._index:
            return None
        order = self.layout.date_orders.get(key)
        found = self._parsed(key, lambda text: read_date(text, order), Problem.BAD_DATE)
        if found is None:
            return None
        if found > self.layout.latest:
            self.complain(Problem.FUTURE_DATE, key)
            return None
        if found < OLDEST_DATE:
            self.complain(Problem.ANCIENT_DATE, key)
            return None
        return found

    def complain(self, problem: Problem, key: str) -> None:
        """Note a problem at the cell of a field."""
        index = self._index.get(key)
        column = self.layout.headers[index] if index is not None else FIELD_BY_KEY[key].words
        self.issues.append(Issue(problem, self.line, column, self.raw(key)[:200]))

    def _cents(self, text: str) -> int | None:
        return read_cents(text, decimals=self.layout.decimals)

    def _parsed(self, key: str, parse: "Callable[[str], _T | None]", problem: Problem) -> "_T | None":
        text = self.raw(key)
        if not text:
            return None
        try:
            return parse(text)
        except (ValueError, ArithmeticError):
            self.complain(problem, key)
            return None


def date_columns(mapping: dict[str, str]) -> dict[str, str]:
    """Column -> field of the columns whose date order must be decided before a row is read."""
    return {column: key for column, key in mapping.items() if FIELD_BY_KEY[key].shape is Shape.DATE}


def money_columns(mapping: dict[str, str]) -> dict[str, str]:
    """Column -> field of the columns whose decimals must be decided before a row is read."""
    return {column: key for column, key in mapping.items() if FIELD_BY_KEY[key].shape is Shape.MONEY}
