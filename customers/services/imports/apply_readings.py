"""Odometers of repair orders to readings."""

from dataclasses import dataclass
from datetime import date

from common.distance import to_km
from customers.enums import QuarantineReason, ReadingQuality, ReadingSource
from customers.logic.imports.problems import Problem
from customers.logic.imports.visits import is_impossible_odometer
from customers.models import OdometerReading
from customers.services.imports import bulk, changes
from customers.services.imports.context import Run

_COLUMNS = ("vehicle_id", "visit_id", "read_on", "value", "unit", "distance_km", "quality", "quality_reason")


@dataclass(frozen=True, slots=True)
class Reading:
    """The odometer of one visit, and where it stands."""

    visit_id: int
    vehicle_id: int
    read_on: date
    value: int | None
    unit: str
    is_visit_new: bool
    file: int
    line: int


def record_readings(run: Run, readings: list[Reading]) -> set[int]:
    """Insert readings that are new; returns the ids of visits whose reading changed.

    Two repair orders of one day with one odometer share a reading. A corrected odometer replaces the one its
    visit had. An impossible one is kept, set aside and noted.
    """
    given = [reading for reading in readings if reading.value is not None]
    replaced = _remove_corrected(run, [reading for reading in given if not reading.is_visit_new])
    rows = []
    for reading in given:
        impossible = is_impossible_odometer(reading.value or 0, unit=reading.unit)
        if impossible:
            run.complain(
                Problem.ODOMETER_IMPOSSIBLE,
                file=reading.file,
                line=reading.line,
                key="mileage_in",
                value=str(reading.value),
            )
        rows.append(_row(reading, is_impossible=impossible))
    made = bulk.insert(
        OdometerReading,
        _COLUMNS,
        rows,
        constants={"source": ReadingSource.VISIT.value},
        returning=("id", "visit_id"),
    )
    old_visits = {reading.visit_id for reading in given if not reading.is_visit_new}
    changes.record_created(
        run.visit_import, OdometerReading, [reading_id for reading_id, visit in made if visit in old_visits]
    )
    run.counts["readings_created"] += len(made)
    return replaced | {visit for _, visit in made if visit in old_visits}


def _row(reading: Reading, *, is_impossible: bool) -> tuple[object, ...]:
    value = float(reading.value or 0)
    quality = ReadingQuality.QUARANTINED if is_impossible else ReadingQuality.GOOD
    reason = QuarantineReason.IMPOSSIBLE if is_impossible else QuarantineReason.NONE
    place = (reading.vehicle_id, reading.visit_id, reading.read_on)
    return (*place, value, reading.unit, to_km(value, reading.unit), quality.value, reason.value)


def _remove_corrected(run: Run, readings: list[Reading]) -> set[int]:
    """Delete readings of known visits which the file has with another odometer, keeping them for an undo."""
    if not readings:
        return set()
    said = {reading.visit_id: reading.value for reading in readings}
    have = OdometerReading.objects.filter(visit_id__any_of=said).values("id", "source", *_COLUMNS)
    wrong = [row for row in have if row["value"] != said[row["visit_id"]]]
    changes.record(run.visit_import, OdometerReading, [(row["id"], row, {"deleted": True}) for row in wrong])
    if wrong:
        OdometerReading.objects.filter(id__any_of=[row["id"] for row in wrong]).delete()
    return {row["visit_id"] for row in wrong}
