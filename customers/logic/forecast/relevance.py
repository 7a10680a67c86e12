"""Which services of the menu are forecast for which vehicle, and since when. The rule stands here only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from customers.logic.op_codes import StandardService

# What every car needs, known to have had it here or not.
CORE_SERVICES: Final = frozenset({StandardService.OIL_CHANGE.value})


@dataclass(frozen=True)
class VehicleRecord:
    """What the visits of a vehicle say: its last visit, and by service (its id) when it was last performed."""

    last_visit_on: date
    last_done_on: Mapping[int, date]


@dataclass(frozen=True)
class Cycle:
    """A running service cycle; `last_done_on` is None where the service is not on record."""

    service_id: int
    started_on: date
    last_done_on: date | None


def running_cycles(record: VehicleRecord, *, menu: Mapping[int, str]) -> list[Cycle]:
    """Return the cycles to forecast: services the vehicle has had here, and the core ones.

    A service never done here is not forecast, else the first import would find every car overdue for the
    whole menu; an annual inspection runs only for cars that had one. A core service without a record counts
    from the last visit: whoever worked on the car then saw no need. What was declined starts nothing.

    shapes: menu service id -> code of the active services
    """
    done = [Cycle(id_, on, on) for id_, on in record.last_done_on.items() if id_ in menu]
    missing = [
        Cycle(id_, record.last_visit_on, None)
        for id_, code in menu.items()
        if code in CORE_SERVICES and id_ not in record.last_done_on
    ]
    return done + missing
