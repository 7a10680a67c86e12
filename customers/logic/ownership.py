"""Who owned a vehicle when, out of who brought it in and what the dealership's system says."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)  # two owners cannot begin on one day


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer's first and last visit with one vehicle."""

    customer_id: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Owned:
    """One period of ownership; `to_on` None: still."""

    customer_id: int
    from_on: date
    to_on: date | None


def ownership_periods(seen: Sequence[Seen], *, stated: int | None, stated_on: date) -> list[Owned]:
    """Periods of ownership without gaps, oldest first.

    A car has changed hands when somebody new brings it and the one before does not come back: whoever only
    comes between two visits of another (a spouse, a driver) is a guest. `stated` is today's owner by the
    vehicle file and wins: who came after the stated owner's first visit was a guest too. An owner never seen
    begins on `stated_on`.
    """
    mine = next((one for one in seen if one.customer_id == stated), None)
    if stated is None:
        chain = _without_guests(seen)
    elif mine is None:
        chain = [
            *_without_guests([one for one in seen if one.first_on < stated_on]),
            Seen(stated, stated_on, stated_on),
        ]
    else:
        chain = [*_without_guests([one for one in seen if one.first_on < mine.first_on]), mine]
    starts = [customer.first_on for customer in chain[:1]]
    for before, customer in itertools.pairwise(chain):
        came_back = before.last_on if customer.last_on > before.last_on else customer.first_on
        starts.append(max(customer.first_on, came_back, starts[-1] + ONE_DAY))
    return [
        Owned(customer.customer_id, start, end)
        for customer, start, end in zip(chain, starts, [*starts[1:], None][: len(starts)], strict=True)
    ]


def _without_guests(seen: Sequence[Seen]) -> list[Seen]:
    chain: list[Seen] = []
    for customer in sorted(seen, key=lambda one: (one.first_on, -one.last_on.toordinal(), one.customer_id)):
        if not chain or customer.last_on > chain[-1].last_on:
            chain.append(customer)
    return chain
