"""Make an export of a dealership of any size: customers, vehicles and repair orders as CSV, with dirt in them.

    python -m tools.bench.make_export FOLDER --repair-orders 100000

The same seed makes the same files. Nobody in them exists; phone numbers are of the range kept for examples.
"""

import argparse
import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

_FIRST = [
    "MARISOL",
    "DANIEL",
    "ANNA",
    "QUYNH",
    "TOM",
    "HANNA",
    "PIOTR",
    "IMOGEN",
    "LUIS",
    "MEI",
    "OMAR",
    "RUTH",
    "IVAN",
    "NORA",
]
_LAST = [
    "DELGADO",
    "OKAFOR",
    "LINDQVIST",
    "PHAM",
    "WHITFIELD",
    "ABEBE",
    "NOWAK",
    "GRAY",
    "O'BRIEN",
    "MCDONALD",
    "DE LA CRUZ",
    "VAN DYKE",
]
_COMPANIES = ["ROSE CITY BAKERY LLC", "LAKESIDE PLUMBING INC", "A & B COURIER", "HILL COUNTRY LANDSCAPING"]
_STREETS = ["Live Oak St", "Comal Ave", "Travis Heights Blvd", "Guadalupe St", "Barton Springs Rd"]
_CARS = [
    ("FORD", "FIESTA"),
    ("HONDA", "CIVIC"),
    ("SUBARU", "IMPREZA"),
    ("TOYOTA", "CAMRY"),
    ("KIA", "SOUL"),
    ("BMW", "X3"),
]
_OPERATIONS = [
    ("LOF", "LUBE OIL FILTER", 8995), ("ROT", "ROTATE TIRES", 2995), ("STINSP", "ANNUAL STATE INSPECTION", 2550),
    ("BRK", "FRONT BRAKE PADS", 41200), ("EAF", "*REPLACE ENGINE AIR FILTER", 5900), ("MISC", "CUSTOMER STATES NOISE", 0),
    ("COOL", "COOLANT FLUSH", 17995), ("MPI", "MULTI POINT INSPECTION", 0),
]  # fmt: skip
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_LAST_DAY = date(2026, 10, 31)
VISITS_PER_VEHICLE = 4
LINES_PER_VISIT = 2


@dataclass(frozen=True)
class _Vehicle:
    vin: str
    customer: int
    year: int
    make: str
    model: str


def make_export(folder: Path, *, repair_orders: int, seed: int = 7) -> list[Path]:
    """Write customers.csv, vehicles.csv and repair_orders.csv and return their paths.

    A repair order has one to three lines; one in a hundred has an odometer with a thousands separator, one in
    five hundred a digit too many, one in a thousand a date that does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311 -- test data
    vehicles = [_vehicle(rng, number) for number in range(max(1, repair_orders // VISITS_PER_VEHICLE))]
    customers = vehicles[-1].customer + 1
    files = {
        "customers.csv": (
            (
                "Cust No",
                "Customer Name",
                "Phone",
                "E-Mail",
                "Address",
                "City",
                "State",
                "Zip",
                "Block Auto Msg",
            ),
            (_customer(rng, number) for number in range(customers)),
        ),
        "vehicles.csv": (
            ("VIN", "Cust No", "Year", "Make", "Model", "Odometer Unit"),
            ((one.vin, 1000 + one.customer, one.year, one.make, one.model, "mi") for one in vehicles),
        ),
        "repair_orders.csv": (
            (
                "RO Number",
                "Open Date",
                "Close Date",
                "VIN",
                "Mileage In",
                "Op Code",
                "Op Description",
                "Performed",
                "Amount",
            ),
            _repair_orders(rng, vehicles, repair_orders),
        ),
    }
    return [_write(folder / name, header, rows) for name, (header, rows) in files.items()]


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _vehicle(rng: random.Random, number: int) -> _Vehicle:
    make, model = rng.choice(_CARS)
    vin = "1" + "".join(rng.choices(_VIN_LETTERS, k=9)) + f"{number:07d}"
    return _Vehicle(vin, number * 4 // 5, rng.randint(2008, 2026), make, model)


def _customer(rng: random.Random, number: int) -> tuple[object, ...]:
    name = rng.choice(_COMPANIES) if number % 25 == 0 else f"{rng.choice(_LAST)}, {rng.choice(_FIRST)}"
    phone = "000-000-0000" if number % 40 == 0 else f"({rng.randint(201, 989)}) 555-01{number % 100:02d}"
    email = "UNKNOWN@NOEMAIL.COM" if number % 10 == 0 else f"customer{number}@example.com"
    street = f"{rng.randint(1, 9999)} {rng.choice(_STREETS)}"
    return (
        1000 + number,
        name,
        phone,
        email,
        street,
        "Austin",
        "TX",
        f"787{number % 60:02d}",
        "Y" if number % 50 == 0 else "N",
    )


def _repair_orders(rng: random.Random, vehicles: list[_Vehicle], count: int) -> Iterator[tuple[object, ...]]:
    for number in range(count):
        vehicle = vehicles[number % len(vehicles)]
        turn = number // len(vehicles)
        day = _LAST_DAY - timedelta(days=170 * (VISITS_PER_VEHICLE - turn) + rng.randint(0, 60))
        odometer = 9_000 + 5_400 * turn + rng.randint(0, 2_000)
        written = f"{odometer:,}" if number % 100 == 0 else str(odometer * (100 if number % 500 == 1 else 1))
        opened = "13/25/2026" if number % 1000 == 2 else f"{day:%m/%d/%Y}"  # noqa: PLR2004 -- any number but 0 and 1
        for code, words, cents in rng.sample(_OPERATIONS, k=1 + number % (LINES_PER_VISIT + 1)):
            performed = "N" if code == "BRK" and number % 3 else "Y"
            yield (
                40_000 + number,
                opened,
                opened,
                vehicle.vin,
                written,
                code,
                words,
                performed,
                f"{cents / 100:.2f}",
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repair-orders", type=int, default=10_000)
    arguments = parser.parse_args()
    for path in make_export(arguments.folder, repair_orders=arguments.repair_orders):
        print(f"{path}: {path.stat().st_size:,} bytes")
