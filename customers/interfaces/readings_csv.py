"""Histories of odometer readings as CSV, for the back-test.

Columns: vehicle_id, date (ISO), odometer, unit (mi or km), and if there are any event_kind, make, model,
model_year. A vehicle is a fleet's where vehicle_id or event_kind begins with "fleet".
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from common.distance import to_km
from common.enums import DistanceUnit
from customers.logic.forecast.backtest import VehicleHistory
from customers.logic.forecast.driving_calendar import day_number

_NEEDED = ("vehicle_id", "date", "odometer", "unit")


class UnreadableFileError(ValueError):
    """The file is not one of readings."""


@dataclass
class ReadingsFile:
    """The vehicles of a file and the rows that could not be read, with their line and why."""

    vehicles: list[VehicleHistory] = field(default_factory=list)
    bad_rows: list[tuple[int, str]] = field(default_factory=list)


def read_histories(lines: Iterable[str]) -> ReadingsFile:
    """Return the histories of a CSV file; rows that cannot be read are named and left out.

    raises: UnreadableFileError where a needed column is missing
    """
    rows = csv.DictReader(lines)
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise UnreadableFileError(f"No column {', '.join(missing)}.")
    readings: dict[str, list[tuple[int, float]]] = {}
    fleet: set[str] = set()
    result = ReadingsFile()
    for row in rows:
        try:
            reading = _reading(row)
        except ValueError as error:
            result.bad_rows.append((rows.line_num, str(error)))
            continue
        readings.setdefault(row["vehicle_id"], []).append(reading)
        if row["vehicle_id"].startswith("fleet") or (row.get("event_kind") or "").startswith("fleet"):
            fleet.add(row["vehicle_id"])
    result.vehicles = [VehicleHistory(of, is_fleet=name in fleet) for name, of in readings.items()]
    return result


def _reading(row: dict[str, str]) -> tuple[int, float]:
    if row["unit"] not in DistanceUnit.values:
        raise ValueError(f"unit {row['unit']!r} is neither mi nor km")
    return day_number(date.fromisoformat(row["date"] or "")), to_km(float(row["odometer"] or ""), row["unit"])
