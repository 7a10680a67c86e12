"""Made-up customers, cars and visits: pure, the same for the same seed and day, with the flaws of real exports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from anticipate.demo import words
from customers.logic.vins import is_valid_vin

KM_PER_MILE = 1.609344
# Shares that make the pages worth looking at: some of everything an advisor meets.
SPANISH_SHARE = 0.15
SECOND_CAR_SHARE = 0.22
NO_EMAIL_SHARE = 0.18
CAPITALS_SHARE = 0.5
BLOCKED_SHARE = 0.04
LAPSED_SHARE = 0.14
TYPING_ERROR_SHARE = 0.01
FLEET_CARS = 9
SUNDAY = 6
LONGEST_HISTORY_DAYS = 5 * 365
# Far above what dealerships use: an export that is tried out in the demo must not change made-up customers.
FIRST_CUSTOMER_NUMBER = 700_000
FIRST_RO_NUMBER = 7_000_000


@dataclass(frozen=True)
class Place:
    """Where the customers of one dealership live; `area_codes` begin their fictitious 555-01xx numbers."""

    city: str
    region: str
    postal_codes: tuple[str, ...]
    area_codes: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One operation on a repair order."""

    op_code: str
    description: str
    amount_cents: int
    is_performed: bool = True


@dataclass(frozen=True)
class Visit:
    """One repair order."""

    ro_number: int
    on: date
    odometer: int
    advisor: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Car:
    """A vehicle with its visits, oldest first."""

    vin: str
    year: int
    make: str
    model: str
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True)
class Person:
    """A customer as a dealer's system would export one."""

    number: int
    name: str
    phone: str
    email: str
    street: str
    postal_code: str
    language: str
    is_blocked: bool
    cars: tuple[Car, ...] = field(default=())


OIL = Line("LOF", "LUBE, OIL & FILTER CHANGE", 7_995)
OTHER_WORK = (
    (5_000, 7_500, Line("ROT", "ROTATE TIRES", 2_995)),
    (12_000, 15_000, Line("CAF", "REPLACE CABIN AIR FILTER", 6_450)),
    (18_000, 20_000, Line("EAF", "REPLACE ENGINE AIR FILTER", 5_900)),
    (26_000, 30_000, Line("BFLUSH", "BRAKE FLUID FLUSH", 14_900)),
    (35_000, 40_000, Line("FBRK", "FRONT BRAKE PADS AND ROTORS", 38_900)),
    (55_000, 60_000, Line("COOL", "COOLANT FLUSH", 16_900)),
)
DECLINED_SHARE = 0.25


class Town:
    """Makes the customers of one place, one after the other."""

    def __init__(self, place: Place, *, today: date, seed: str) -> None:
        self._place = place
        self._today = today
        self._rng = Random(seed)  # noqa: S311 -- made-up people, no secret
        self._next_ro = FIRST_RO_NUMBER
        self._numbers = [f"({code}) 555-01{tail:02d}" for tail in range(100) for code in place.area_codes]

    def people(self, count: int) -> list[Person]:
        """Return `count` customers, a fleet and a few firms among them, with all their visits."""
        persons = [self._person(FIRST_CUSTOMER_NUMBER + index) for index in range(count)]
        companies = [self._company(persons[-1 - index], name) for index, name in enumerate(words.COMPANIES)]
        fleet = replace(persons[0], name=words.FLEET, cars=tuple(self._car() for _ in range(FLEET_CARS)))
        return [fleet, *persons[1 : count - len(companies)], *reversed(companies)]

    def _company(self, person: Person, name: str) -> Person:
        return replace(person, name=name, email=f"office@{name.split(maxsplit=1)[0].lower()}.example.com")

    def _person(self, number: int) -> Person:
        rng, place = self._rng, self._place
        tongue = "es" if rng.random() < SPANISH_SHARE else "en"
        first = rng.choice(words.FIRST_NAMES[tongue])
        last = rng.choice(words.FAMILY_STARTS[tongue]) + rng.choice(words.FAMILY_ENDS[tongue])
        email = f"{first}.{last}{number}@example.com".lower()
        return Person(
            number=number,
            name=f"{last.upper()}, {first.upper()}" if rng.random() < CAPITALS_SHARE else f"{first} {last}",
            phone=self._numbers[number % len(self._numbers)],
            email="" if rng.random() < NO_EMAIL_SHARE else email,
            street=f"{rng.randrange(100, 9_900)} {rng.choice(words.STREETS)}",
            postal_code=rng.choice(place.postal_codes),
            language="Spanish" if tongue == "es" else "",
            is_blocked=rng.random() < BLOCKED_SHARE,
            cars=tuple(self._car() for _ in range(2 if rng.random() < SECOND_CAR_SHARE else 1)),
        )

    def _car(self) -> Car:
        rng = self._rng
        make, models, prefix = rng.choice(words.CARS)
        year = self._today.year - min(14, int(rng.expovariate(1 / 5)))
        car = Car(_vin(prefix, rng), year, make, rng.choice(models))
        return replace(car, visits=self._visits(car))

    def _visits(self, car: Car) -> tuple[Visit, ...]:
        """Return the visits of a car that drives at a rate of its own and comes when oil is due, or a bit later."""
        rng = self._rng
        miles_a_day = min(80.0, max(8.0, rng.lognormvariate(3.42, 0.38)))
        first_day = max(
            self._today - timedelta(days=rng.randrange(40, LONGEST_HISTORY_DAYS)), date(car.year, 3, 1)
        )
        # Those who stay away: the last visit lies a year and more back.
        last_day = self._today - timedelta(days=rng.randrange(380, 800) if rng.random() < LAPSED_SHARE else 1)
        odometer = 40.0 + (first_day - date(car.year, 1, 15)).days * miles_a_day
        visits: list[Visit] = []
        on = first_day
        done_at: dict[str, float] = {}
        while on <= last_day or not visits:
            visits.append(self._visit(on, odometer, done_at))
            days = min(5_000 / miles_a_day, 183.0) * max(0.7, rng.gauss(1.06, 0.16))
            odometer += days * miles_a_day * max(0.6, rng.gauss(1.0, 0.12))
            on = _workday(on + timedelta(days=round(days)))
        return tuple(visits)

    def _visit(self, on: date, odometer: float, done_at: dict[str, float]) -> Visit:
        rng = self._rng
        self._next_ro += rng.randrange(1, 4)
        lines = [OIL]
        for first_at, every, line in OTHER_WORK:
            if (
                odometer - done_at.get(line.op_code, odometer - first_at if odometer > first_at else odometer)
                < every * 0.9
            ):
                continue
            is_performed = rng.random() >= DECLINED_SHARE
            lines.append(replace(line, is_performed=is_performed))
            if is_performed:
                done_at[line.op_code] = odometer
        shown = odometer * 10 if rng.random() < TYPING_ERROR_SHARE else odometer
        return Visit(self._next_ro, on, round(shown), rng.choice(words.ADVISORS), tuple(lines))


def _workday(on: date) -> date:
    return on + timedelta(days=1) if on.weekday() == SUNDAY else on  # closed


def _vin(prefix: str, rng: Random) -> str:
    """Return an identification number with a right check digit."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    head = prefix + "".join(rng.choice(letters) for _ in range(5))
    tail = "".join(rng.choice(letters) for _ in range(2)) + f"{rng.randrange(1_000_000):06d}"
    return next(vin for digit in "0123456789X" if is_valid_vin(vin := head + digit + tail))
