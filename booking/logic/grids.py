"""Two grids of slots at once: what was booked under earlier hours or another slot length stays, and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.logic.slots import Slot


@dataclass(frozen=True, slots=True)
class Stay:
    """How many booked cars share one stretch of time."""

    starts_at: datetime
    ends_at: datetime
    cars: int


def off_grid(stays: Iterable[Stay], *, slots: Sequence[Slot]) -> list[Stay]:
    """Return the stays that are no slot of the present grid; usually none, so that the rest costs nothing."""
    grid = {(slot.starts_at, slot.ends_at) for slot in slots}
    return [stay for stay in stays if (stay.starts_at, stay.ends_at) not in grid]


def cars_reaching_in(slot: Slot, stays: Iterable[Stay]) -> int:
    """Return how many cars of another grid a slot holds beside its own.

    Stays that begin with the slot are left out: its own row counts them, whatever their length.
    """
    return sum(
        stay.cars
        for stay in stays
        if stay.starts_at < slot.ends_at
        and stay.ends_at > slot.starts_at
        and stay.starts_at != slot.starts_at
    )
