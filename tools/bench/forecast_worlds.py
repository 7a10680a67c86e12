"""The forecast beside the usual methods on made-up vehicles: the tables of docs/forecast.md.

    python -m tools.bench.forecast_worlds [SEED]

Each world has its own rates, unsteadiness and rhythm of visits. The noise of a world is that of a stretch of
thirty days; rates drift and return, now and then a vehicle changes its use for good.
"""

import sys
from dataclasses import dataclass
from functools import partial

import numpy as np

from common.distance import KM_PER_MILE
from customers.logic.forecast.backtest import OURS, Slice, VehicleHistory, backtest, rolling_origins
from customers.logic.forecast.usual_methods import History

VEHICLES = 300
_STEP_DAYS = 10
_LONGEST_WAIT_DAYS = 450
_AGAIN_SAME_DAY = 0.1
_RETEST = 0.12


@dataclass(frozen=True)
class World:
    """How its vehicles are driven, and when they are seen: yearly, at random, or after so many km."""

    km_a_year: float
    spread: float  # of the logarithm between vehicles
    drift: float  # of the logarithm within a year
    noise: float
    change: float  # chance a year that the use changes for good
    rhythm: str  # yearly, random, distance
    wait: float  # days, or km for "distance"
    first_age: tuple[float, float]  # years, at the first reading
    readings: tuple[int, int]
    is_fleet: bool = False


_private = partial(World, drift=0.2, noise=0.5, change=0.06)
_fast = partial(
    World, 50_000, 0.28, 0.08, 0.2, 0.02, first_age=(0, 3), is_fleet=True
)  # 30,000 to 80,000 km a year
WORLDS = {
    "Inspected yearly, little driven": _private(
        11_000, 0.5, rhythm="yearly", wait=365, first_age=(2.9, 4.5), readings=(4, 18)
    ),
    "Inspected yearly": _private(
        16_500, 0.5, rhythm="yearly", wait=365, first_age=(2.9, 12), readings=(4, 14)
    ),
    "Dense service logs": _private(
        17_000, 0.45, rhythm="random", wait=50, first_age=(0, 4), readings=(8, 60)
    ),
    "Serviced by distance": _private(
        17_000, 0.45, rhythm="distance", wait=9_000, first_age=(0, 8), readings=(4, 14)
    ),
    "Dealership visits": _private(17_000, 0.45, rhythm="random", wait=190, first_age=(0, 8), readings=(2, 8)),
    "Fast fleet by distance": _fast(rhythm="distance", wait=15_000, readings=(5, 20)),
    "Fast fleet monthly": _fast(rhythm="random", wait=30, readings=(10, 50)),
    "Fast fleet, fuel stops": _fast(rhythm="random", wait=7, readings=(20, 60)),
    "Fast fleet yearly": _fast(rhythm="yearly", wait=365, readings=(3, 7)),
    "Mixed fleet": World(30_000, 0.6, 0.15, 0.4, 0.05, "random", 60, (0, 6), (6, 40), is_fleet=True),
    "Municipal fleet": World(11_000, 0.6, 0.2, 0.5, 0.05, "random", 75, (0, 10), (6, 40), is_fleet=True),
}


def histories(world: World, rng: np.random.Generator, *, vehicles: int = VEHICLES) -> list[VehicleHistory]:
    return [VehicleHistory(_history(world, rng), world.is_fleet) for _ in range(vehicles)]


def _history(world: World, rng: np.random.Generator) -> History:
    usual = np.log(world.km_a_year / 365.25)
    own, apart = usual + rng.normal(0, world.spread), rng.normal(0, world.drift)
    day, count = int(rng.integers(14_000, 17_500)), int(rng.integers(*world.readings))
    km = rng.uniform(*world.first_age) * 365.25 * np.exp(own + rng.normal(0, 0.35))
    seen = [(day, km)]
    while len(seen) < count:
        days, distance = _wait(world, rng)
        ends, stop = day + days, km + distance
        while day < ends and km < stop:
            step = min(_STEP_DAYS, ends - day)
            noise = min(world.noise * np.sqrt(30 / step), 1.0)
            season = 1 + 0.12 * np.sin(2 * np.pi * (day % 365.25 - 105) / 365.25)
            km += step * season * np.exp(own + apart + rng.normal(-noise * noise / 2, noise))
            apart += -0.5 * apart * step / 365 + rng.normal(0, world.drift * np.sqrt(step / 365))
            if rng.random() < world.change * step / 365:
                own = 0.3 * own + 0.7 * (usual + rng.normal(0, 0.7))
            day += step
        seen.append((day, km))
        if rng.random() < _AGAIN_SAME_DAY:
            seen.append((day, km))
    return [(day, round(km / KM_PER_MILE) * KM_PER_MILE) for day, km in seen]


def _wait(world: World, rng: np.random.Generator) -> tuple[int, float]:
    """Return how long until the next visit, in days and in km: whichever comes first."""
    if world.rhythm == "distance":
        return _LONGEST_WAIT_DAYS, float(world.wait * np.exp(rng.normal(0, 0.2)))
    if world.rhythm == "random":
        return max(int(rng.exponential(world.wait)), 1), np.inf
    if rng.random() < _RETEST:
        return int(rng.integers(1, 18)), np.inf
    years = 2 if rng.random() < 1 / 9 else 1
    return max(int(365 * years + rng.normal(0, 18)), 200), np.inf


def _cells(part: Slice) -> str:
    others = [name for name in part.mean_error if name != OURS]
    mean, median = (
        f"{errors[OURS]:.0f} : {min(errors[name] for name in others):.0f}"
        for errors in (part.mean_error, part.median_error)
    )
    return f"{mean}, {median}, {part.coverage[0.8]:.0%}"


def main(seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = {name: histories(world, rng) for name, world in WORLDS.items()}
    made["All private"] = [v for group in made.values() for v in group if not v.is_fleet]
    made["All fleets"] = [v for name in WORLDS for v in made[name] if v.is_fleet]
    made["All"] = [v for name in WORLDS for v in made[name]]
    print("| World | 1 reading | 2 readings | 3 or more |\n| --- | --- | --- | --- |")
    for name, vehicles in made.items():
        parts = {part.name: part for part in backtest(rolling_origins(vehicles))}
        cells = [_cells(parts[part]) for part in ("1 reading", "2 readings", "3 or more")]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
