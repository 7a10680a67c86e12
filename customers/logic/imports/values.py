"""Single values out of cells: numbers, money, flags."""

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

from customers.logic.placeholders import is_placeholder

_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+")
_UNIT = re.compile(r"\s*(?:miles?|mi|km|kms|kilometers?|kilometres?)\.?$", re.IGNORECASE)
_TRUE = frozenset({"y", "yes", "true", "t", "1", "x", "on", "si", "sí", "ja", "oui"})
_FALSE = frozenset({"n", "no", "false", "f", "0", "off", "nein", "non"})
MAX_CENTS = 10**11  # a billion: no repair order; what exceeds it is another column's value
MAX_ODOMETER_DIGITS = 9


class Decimals(StrEnum):
    """Which sign a file's money has before the cents."""

    POINT = "point"
    COMMA = "comma"


def read_whole_number(text: str) -> int | None:
    """Return a count such as an odometer's: thousands separators and a unit are dropped, decimals cut off.

    raises: ValueError where it is no number, or has more digits than any odometer
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_ODOMETER_DIGITS and text.strip("9"):
        return int(text)  # nearly all of them
    cleaned = _UNIT.sub("", text.strip())
    if is_placeholder(cleaned) and not re.fullmatch(r"0+", cleaned):
        return None
    whole = cleaned if not _GROUPED.fullmatch(cleaned) else re.sub(r"\D", "", cleaned)
    match = re.fullmatch(r"(\d+)(?:[.,]\d{1,2}|\.0+)?", whole)
    if match is None:
        match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+)\.\d{1,2}", whole)
    if match is None or len(match.group(1)) > MAX_ODOMETER_DIGITS + 2:
        raise ValueError(text)
    number = int(match.group(1).replace(",", ""))
    if number >= 10**MAX_ODOMETER_DIGITS:
        raise ValueError(text)
    return number


@lru_cache(maxsize=8192)
def read_cents(text: str, *, decimals: Decimals) -> int | None:
    """Return an amount of money in cents; "$1,234.50", "(12.00)" and "12.00-" are understood.

    raises: ValueError where it is no amount, or has other decimals than the file
    """
    cleaned = re.sub(r"[$€£\s\u00a0\u202f'’]|USD|EUR|CAD", "", text)
    if is_placeholder(cleaned) and not re.search(r"\d", cleaned):
        return None
    is_negative = cleaned.startswith(("-", "(")) or cleaned.endswith(("-", "CR"))
    bare = cleaned.strip("-()+").removesuffix("CR")
    thousands, mark = (",", ".") if decimals is Decimals.POINT else (".", ",")
    if re.fullmatch(
        rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{mark}\d+)?|\d*(?:\{mark}\d+)?|\d+\{mark}", bare
    ) is None or not re.search(r"\d", bare):
        raise ValueError(text)
    cents = int(
        (Decimal(bare.replace(thousands, "").replace(mark, ".")) * 100).quantize(
            Decimal(1), rounding=ROUND_HALF_UP
        )
    )
    if cents > MAX_CENTS:
        raise ValueError(text)
    return -cents if is_negative else cents


def read_flag(text: str) -> bool | None:
    """Yes or no; None for an empty cell.

    raises: ValueError where it is neither
    """
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    if is_placeholder(word):
        return None
    raise ValueError(text)


@lru_cache(maxsize=8192)
def money_hint(text: str) -> Decimals | None:
    """Return what a single amount says about the file's decimals; None where it fits both."""
    if re.search(r"\d,\d{1,2}\D*$", text) or re.search(r"\d\.\d{3},", text):
        return Decimals.COMMA
    if re.search(r"\d\.\d{1,2}\D*$", text) or re.search(r"\d,\d{3}\.", text):
        return Decimals.POINT
    return None
