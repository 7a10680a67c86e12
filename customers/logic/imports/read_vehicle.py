"""The vehicle of a row."""

import re

from customers.logic.imports.fields import Part
from customers.logic.imports.problems import Problem
from customers.logic.imports.reading import Cells
from customers.logic.imports.rows import VehicleRow
from customers.logic.names import readable, readable_company
from customers.logic.vins import has_vin_shape, is_valid_vin, normalise_vin

_KEPT_IN_CAPITALS = frozenset({"BMW", "GMC", "VW", "MG", "RAM", "KIA", "BYD"})
_NORTH_AMERICA = frozenset("12345")
_FIRST_CAR = 1885
_MODEL_YEARS_AHEAD = 2
_LONGEST_VIN = 32
_SHORT_CODE = 3


def read_vehicle(cells: Cells, customer_key: str) -> VehicleRow | None:
    """Return the vehicle of a row; None where it has no VIN (a repair order may still name it by its number)."""
    vin = read_vin(cells)
    if not vin:
        if Part.VISIT not in cells.layout.parts:
            cells.complain(Problem.NO_VIN, "vin")
        return None
    if not has_vin_shape(vin):
        if Part.VISIT in cells.layout.parts:
            return None  # matched later: a known vehicle is fine, an unknown one is a rejection
        cells.complain(Problem.VIN_SHAPE, "vin")
    elif vin[0] in _NORTH_AMERICA and not is_valid_vin(vin):
        cells.complain(Problem.VIN_CHECK_DIGIT, "vin")
    return VehicleRow(
        vin=vin,
        number=cells.key("vehicle_number"),
        customer_key=customer_key,
        year=_year(cells),
        make=_make(cells.text("make")),
        model=_model(cells.text("model")),
        plate=re.sub(r"\s+", " ", cells.text("plate")).upper()[:20],
        unit=read_unit(cells) if cells.text("odometer_unit") else "",
        owned_since_on=cells.day("owned_since_on"),
        is_owner_stated=bool(customer_key) and Part.VISIT not in cells.layout.parts,
    )


def read_vin(cells: Cells) -> str:
    vin = normalise_vin(cells.text("vin"))
    if len(vin) > _LONGEST_VIN:
        cells.complain(Problem.TOO_LONG, "vin")
        return ""
    return vin


def _year(cells: Cells) -> int | None:
    year = cells.number("year")
    if year is None:
        return None
    latest = cells.layout.today.year + _MODEL_YEARS_AHEAD
    if year < 100:  # noqa: PLR2004 -- "07": the last such year that a car can be of
        year += 2000 if 2000 + year <= latest else 1900
    if _FIRST_CAR <= year <= latest:
        return year
    cells.complain(Problem.YEAR_IMPOSSIBLE, "year")
    return None


def _make(text: str) -> str:
    """Return a make in readable capitals; Reynolds adds TRUCK to some."""
    bare = re.sub(r"\s+TRUCKS?$", "", text, flags=re.IGNORECASE)
    return (bare.upper() if bare.upper() in _KEPT_IN_CAPITALS else readable_company(bare))[:60]


def _model(text: str) -> str:
    """Return a model: words readable, short codes (BRZ, F-150, A2) as they are."""
    return " ".join(
        word if len(word) <= _SHORT_CODE or re.search(r"\d", word) else readable(word)
        for word in text.split()
    )[:60]


def read_unit(cells: Cells) -> str:
    text = cells.text("odometer_unit").lower()
    if text.startswith("k"):
        return "km"
    return "mi" if text.startswith("m") else cells.layout.unit
