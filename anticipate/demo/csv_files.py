"""The made-up customers as the files a dealer's system would export."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from anticipate.demo.histories import Person, Place

CUSTOMER_COLUMNS = ("Cust No", "Customer Name", "Phone", "E-Mail", "Address", "City", "State", "Zip", "Language",
                    "Block Auto Msg")  # fmt: skip
VEHICLE_COLUMNS = ("VIN", "Cust No", "Year", "Make", "Model", "Odometer Unit")
ORDER_COLUMNS = ("RO Number", "Open Date", "Close Date", "Cust No", "VIN", "Mileage In", "Service Advisor", "Op Code",
                 "Op Description", "Performed", "Amount")  # fmt: skip


def write_export(people: Sequence[Person], *, place: Place, folder: Path) -> list[Path]:
    """Write customers, vehicles and repair orders; return the three files."""
    return [
        _write(folder / "customers.csv", CUSTOMER_COLUMNS, _customer_rows(people, place=place)),
        _write(folder / "vehicles.csv", VEHICLE_COLUMNS, _vehicle_rows(people)),
        _write(folder / "repair_orders.csv", ORDER_COLUMNS, _order_rows(people)),
    ]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def _customer_rows(people: Sequence[Person], *, place: Place) -> Iterable[Sequence[object]]:
    for person in people:
        blocked = "Y" if person.is_blocked else "N"
        yield (person.number, person.name, person.phone, person.email, person.street, place.city, place.region,
               person.postal_code, person.language, blocked)  # fmt: skip


def _vehicle_rows(people: Sequence[Person]) -> Iterable[Sequence[object]]:
    for person in people:
        for car in person.cars:
            yield (car.vin, person.number, car.year, car.make, car.model, "mi")


def _order_rows(people: Sequence[Person]) -> Iterable[Sequence[object]]:
    for person in people:
        for car in person.cars:
            for visit in car.visits:
                day = visit.on.strftime("%m/%d/%Y")
                for line in visit.lines:
                    done, amount = "Y" if line.is_performed else "N", f"{line.amount_cents / 100:.2f}"
                    yield (visit.ro_number, day, day, person.number, car.vin, visit.odometer, visit.advisor,
                           line.op_code, line.description, done, amount)  # fmt: skip
