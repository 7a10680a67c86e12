"""What a forecast of a dealership's vehicles is made from, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from customers.logic.forecast.relevance import VehicleRecord


@dataclass(frozen=True)
class VehicleFacts:
    """A vehicle that can be reminded."""

    id: int
    make: str
    year: int | None


@dataclass(frozen=True)
class ReadingFacts:
    """A reading as stored, with the verdict it had."""

    id: int
    vehicle_id: int
    read_on: date
    km: float
    reason: str


@dataclass(frozen=True)
class SampleVehicle:
    """A vehicle that has shown how much it is driven."""

    make: str
    year: int | None
    km_per_day: float


@dataclass(frozen=True)
class MenuService:
    """A service of the menu with its interval as entered."""

    id: int
    code: str
    name: str
    interval_distance: int | None
    interval_unit: str
    interval_months: int | None


@dataclass(frozen=True)
class DealershipFacts:
    """What all vehicles of a dealership share: its menu in order, a sample of its vehicles, its unit."""

    menu: Sequence[MenuService]
    sample: Sequence[SampleVehicle]
    unit: str


@dataclass(frozen=True)
class ChunkFacts:
    """Some vehicles with their readings and what their visits say (by vehicle id)."""

    vehicles: Sequence[VehicleFacts]
    readings: Sequence[ReadingFacts]
    records: Mapping[int, VehicleRecord]


@dataclass(frozen=True)
class ForecastRow:
    """One forecast as it is stored."""

    vehicle_id: int
    service_id: int
    low_on: date
    due_on: date
    high_on: date
    probability_30d: float
    limit: str
    basis: str
    cycle_started_on: date
    is_next: bool


@dataclass(frozen=True)
class NewVerdict:
    """A reading whose verdict has changed: the reason it is set aside, empty when it is good again."""

    reading_id: int
    reason: str


@dataclass(frozen=True)
class ChunkForecast:
    """The forecasts of a chunk and the verdicts on its readings that have changed."""

    rows: list[ForecastRow]
    new_verdicts: list[NewVerdict]
