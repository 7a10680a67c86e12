"""Dates: which of two numbers is the day is decided over a whole column or asked for, never row by row."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from customers.logic.placeholders import is_placeholder

_TIME = r"(?:[T ]+\d{1,2}:\d{2}.*)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
_NUMERIC = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_DAY_NAMED = re.compile(rf"(\d{{1,2}})[-/. ]+([A-Za-z]{{3,9}})\.?[-/., ]+(\d{{4}}|\d{{2}}){_TIME}")
_MONTH_NAMED = re.compile(
    rf"([A-Za-z]{{3,9}})\.?[-/. ]+(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(\d{{4}}|\d{{2}}){_TIME}"
)
_NEVER = re.compile(r"[0\-/. :T]+|1/1/0?1900|01/01/1900|1900-01-01.*|0001-01-01.*|01/01/0001")
_MONTHS_IN_YEAR = 12
# Typing errors occur ("13/25/2026", a day where the month should be). This many times more evidence for one
# order than for the other decides; below, a person is asked.
_CLEAR_MAJORITY = 20
_CENTURY_PIVOT = 70  # two-digit years: 69 is 2069, 70 is 1970, as POSIX has it


class DateOrder(StrEnum):
    """Which number stands first in 03/04/2025."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


@lru_cache(maxsize=16_384)
def _hint(text: str) -> tuple[DateOrder | None, bool]:
    """Return the order a single date can only have, and whether it may have both."""
    match = _NUMERIC.fullmatch(text.strip())
    if match is None:
        return None, False
    first, second = int(match.group(1)), int(match.group(2))
    if first > _MONTHS_IN_YEAR >= second:
        return DateOrder.DAY_FIRST, False
    if second > _MONTHS_IN_YEAR >= first:
        return DateOrder.MONTH_FIRST, False
    return None, first <= _MONTHS_IN_YEAR and first != second


@dataclass(slots=True)
class OrderEvidence:
    """What the dates of one column say about their order, counted while they stream by."""

    month_first: int = 0
    day_first: int = 0
    undecided: int = 0
    example: str = ""

    def add(self, text: str) -> None:
        """Count one cell. Only numeric dates count: ISO and named months need no order."""
        order, is_undecided = _hint(text)
        if is_undecided:
            self.undecided += 1
            self.example = self.example or text.strip()
        elif order is DateOrder.DAY_FIRST:
            self.day_first += 1
        elif order is DateOrder.MONTH_FIRST:
            self.month_first += 1

    @property
    def order(self) -> DateOrder | None:
        """The order the column is in; None where its dates do not say, or contradict each other."""
        if self.month_first > self.day_first * _CLEAR_MAJORITY:
            return DateOrder.MONTH_FIRST
        if self.day_first > self.month_first * _CLEAR_MAJORITY:
            return DateOrder.DAY_FIRST
        return None

    @property
    def must_be_asked(self) -> bool:
        return self.order is None and (self.undecided > 0 or self.month_first + self.day_first > 0)


def decide_orders(columns: dict[str, OrderEvidence]) -> dict[str, DateOrder | None]:
    """Return the order of each date column of one file; None = ask.

    A column that does not say follows the others of its file where these agree: one program wrote them all.
    """
    known = {evidence.order for evidence in columns.values()} - {None}
    common = next(iter(known)) if len(known) == 1 else None
    return {
        name: evidence.order or (common if not evidence.month_first + evidence.day_first else None)
        for name, evidence in columns.items()
    }


def columns_to_ask(columns: dict[str, OrderEvidence]) -> list[str]:
    """Return the date columns of a file whose order a person has to give."""
    orders = decide_orders(columns)
    return [name for name, evidence in columns.items() if orders[name] is None and evidence.must_be_asked]


@lru_cache(maxsize=16384)
def read_date(text: str, order: DateOrder | None) -> date | None:
    """Return the date in a cell; a time of day beside it is dropped. None for an empty cell and for "never" (00/00/0000).

    Without an order only dates that need none are read.

    raises: ValueError for what is no date of the calendar, or not in that order
    """
    cleaned = text.strip()
    if is_placeholder(cleaned) or _NEVER.fullmatch(cleaned):
        return None
    for pattern in (_ISO, _COMPACT):
        if match := pattern.fullmatch(cleaned):
            return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_NAMED.fullmatch(cleaned):
        return date(_year(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_NAMED.fullmatch(cleaned):
        return date(_year(match[3]), _month(match[1]), int(match[2]))
    if match := _NUMERIC.fullmatch(cleaned):
        return _numeric_date(int(match[1]), int(match[2]), _year(match[3]), order)
    raise ValueError(text)


def _numeric_date(first: int, second: int, year: int, order: DateOrder | None) -> date:
    if order is None and first != second:
        raise ValueError("the order of day and month is not known")
    return date(year, second, first) if order is DateOrder.DAY_FIRST else date(year, first, second)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:  # noqa: PLR2004
        return year
    return year + (1900 if year >= _CENTURY_PIVOT else 2000)


def _month(name: str) -> int:
    month = _MONTHS.get(name[:3].lower())
    if month is None:
        raise ValueError(name)
    return month
