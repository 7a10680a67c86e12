"""Cars and customers that are the dealership's own: never reminded."""

from dataclasses import dataclass

from customers.logic.companies import is_same_company

# A customer whose every repair order is paid internally is the dealership itself from this many vehicles on.
# One car alone may be a goodwill repair.
INTERNAL_VEHICLES = 3
# Policy: from this many vehicles on a customer is a fleet, spoken to per fleet and not per car.
FLEET_VEHICLES = 5


@dataclass(frozen=True, slots=True)
class PayTotals:
    """What a repair order cost, by who paid, in cents; None where the export does not say."""

    customer_cents: int | None
    warranty_cents: int | None
    internal_cents: int | None


def is_dealerships_own_name(name: str, *, dealership_names: tuple[str, ...]) -> bool:
    """Whether a customer's name is the dealership's (or its group's) own."""
    return any(is_same_company(name, own) for own in dealership_names if own)


def is_internal_customer(*, vehicles: int, visits: int, internal_visits: int) -> bool:
    """Whether a customer's history is that of the dealership itself: many cars, all work paid internally."""
    return vehicles >= INTERNAL_VEHICLES and visits > 0 and internal_visits == visits


def is_fleet(*, vehicles: int) -> bool:
    """Whether a customer has so many vehicles that reminders per car would be a nuisance."""
    return vehicles >= FLEET_VEHICLES
