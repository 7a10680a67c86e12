"""Who owned vehicles when, out of all their visits and what vehicle files said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Min

from customers.enums import VehicleStatus
from customers.logic.ownership import Owned, Seen, ownership_periods
from customers.models import Ownership, Vehicle, Visit
from customers.services.imports import bulk

Change = tuple[int, dict[str, Any], dict[str, Any]]
Current = dict[int, tuple[int | None, date | None]]


@dataclass(slots=True)
class SettledOwnership:
    """What was changed in vehicles, and all customers who owned one of them before or own one now."""

    changes: list[Change] = field(default_factory=list)
    customers: set[int] = field(default_factory=set)
    changed_hands: int = 0


def settle_ownership(
    vehicles: Mapping[int, tuple[int | None, date | None]], *, today: date
) -> SettledOwnership:
    """Write the periods of ownership and the present owners of vehicles; set-based.

    shapes: vehicles is id -> (stated owner, since when), both None where no vehicle file said so
    """
    seen, have = _seen(list(vehicles)), _recorded(list(vehicles))
    rows = Vehicle.objects.filter(id__any_of=vehicles).values_list("id", "customer_id", "owned_since_on")
    current: Current = {vehicle: (owner, since) for vehicle, owner, since in rows}
    wanted = {
        vehicle: _periods(
            seen[vehicle],
            have[vehicle],
            owner=owner,
            stated=vehicles[vehicle][0],
            stated_on=vehicles[vehicle][1] or today,
        )
        for vehicle, (owner, _) in current.items()
    }
    different = [vehicle for vehicle in wanted if wanted[vehicle] != have[vehicle]]
    if any(have[vehicle] for vehicle in different):
        Ownership.objects.filter(vehicle_id__any_of=different).delete()
    periods = [
        (vehicle, one.customer_id, one.from_on, one.to_on) for vehicle in different for one in wanted[vehicle]
    ]
    bulk.insert(Ownership, ("vehicle_id", "customer_id", "from_on", "to_on"), periods)
    return _set_owners(current, {vehicle: periods[-1] for vehicle, periods in wanted.items() if periods})


def _periods(
    seen: list[Seen], have: list[Owned], *, owner: int | None, stated: int | None, stated_on: date
) -> list[Owned]:
    """Return a vehicle's periods of ownership; without a stated owner the one known so far counts as seen."""
    known_start = next((period.from_on for period in have if period.customer_id == owner), None)
    if stated is None and owner is not None and owner not in {one.customer_id for one in seen}:
        start = known_start or (min(one.first_on for one in seen) if seen else stated_on)
        seen = [*seen, Seen(owner, start, start)]
    if stated is not None and stated == owner and known_start:
        stated_on = min(stated_on, known_start)
    return ownership_periods(seen, stated=stated, stated_on=stated_on)


def _recorded(vehicle_ids: Sequence[int]) -> dict[int, list[Owned]]:
    found: dict[int, list[Owned]] = defaultdict(list)
    rows = Ownership.objects.filter(vehicle_id__any_of=vehicle_ids).order_by("vehicle_id", "from_on")
    for vehicle, customer, from_on, to_on in rows.values_list(
        "vehicle_id", "customer_id", "from_on", "to_on"
    ):
        found[vehicle].append(Owned(customer, from_on, to_on))
    return found


def _seen(vehicle_ids: Sequence[int]) -> dict[int, list[Seen]]:
    found: dict[int, list[Seen]] = defaultdict(list)
    visits = Visit.objects.filter(vehicle_id__any_of=vehicle_ids, customer__isnull=False).order_by()
    spans = visits.values_list("vehicle_id", "customer_id").annotate(Min("opened_on"), Max("opened_on"))
    for vehicle, customer, first, last in spans:
        found[vehicle].append(Seen(customer or 0, first, last))
    return found


def _set_owners(current: Current, owned: Mapping[int, Owned]) -> SettledOwnership:
    settled = SettledOwnership()
    for vehicle, period in owned.items():
        owner, since = current[vehicle]
        settled.customers |= {period.customer_id} | ({owner} if owner else set())
        if (owner, since) != (period.customer_id, period.from_on):
            before = {"customer_id": owner, "owned_since_on": since}
            after = {"customer_id": period.customer_id, "owned_since_on": period.from_on}
            settled.changes.append((vehicle, before, after))
            settled.changed_hands += owner is not None and owner != period.customer_id
    rows = [(vehicle, *after.values()) for vehicle, _, after in settled.changes]
    bulk.update(Vehicle, ("customer_id", "owned_since_on"), rows)
    settled.changes += _reactivate_for_new_owners(settled.changes)
    return settled


def _reactivate_for_new_owners(changes: Sequence[Change]) -> list[Change]:
    """A car that its last owner sold is somebody's again: it is reminded of like any other."""
    hands = [
        vehicle
        for vehicle, before, after in changes
        if before["customer_id"] not in {None, after["customer_id"]}
    ]
    sold = Vehicle.objects.filter(id__any_of=hands, status=VehicleStatus.SOLD)
    ids = list(sold.values_list("id", flat=True))
    sold.filter(id__any_of=ids).update(status=VehicleStatus.ACTIVE)
    before, after = {"status": str(VehicleStatus.SOLD)}, {"status": str(VehicleStatus.ACTIVE)}
    return [(vehicle, before, after) for vehicle in ids]
