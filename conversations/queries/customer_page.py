"""What the customer's own page shows: whom the link is for, what is due, and the free times."""

from dataclasses import dataclass
from datetime import date, datetime

from booking import queries as booking_queries
from booking.logic.wording import known_language
from booking.models import Appointment
from campaigns.logic.link_life import books_until
from campaigns.models import EnrolmentItem, Touch
from campaigns.queries.due import household_key
from common.links import CustomerLink
from common.tenancy import current_dealership
from customers.enums import VehicleStatus
from customers.models import Customer, Service, Vehicle


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds the link, what it is about and until when it books (None: it was made by hand and goes on).

    `is_gone`: none of the cars the reminder was about is theirs to bring any more.
    """

    customer: Customer
    vehicles: tuple[Vehicle, ...]
    vehicle: Vehicle | None
    services: tuple[str, ...]
    appointment: Appointment | None
    language: str
    books_until: date | None
    is_old: bool
    is_gone: bool

    @property
    def may_book(self) -> bool:
        return not (self.is_old or self.is_gone)


def read_visitor(
    link: CustomerLink, *, vehicle_id: int | None, language: str, now: datetime
) -> Visitor | None:
    """Return who holds a link, or None when the customer is gone.

    `vehicle_id` chooses among the cars the reminder was about, or else the customer's own; any other id means
    the first of them. `language` is what the visitor asked for; empty: the customer's, else the dealership's.
    """
    customer = Customer.objects.filter(pk=link.customer_id).first()
    if customer is None:
        return None
    spoken = known_language(language or customer.language or current_dealership().language)
    items = _due_items(link)
    until = _books_until(link, items)
    reminded = {item.vehicle_id: item.vehicle for item in items}
    theirs = tuple(vehicle for vehicle in reminded.values() if _is_theirs(vehicle, customer))
    vehicles = theirs if reminded else _owned(customer)
    vehicle = next((v for v in vehicles if v.pk == vehicle_id), vehicles[0] if vehicles else None)
    upcoming = booking_queries.upcoming_appointments(customer.pk, now=now)
    mine = [found for found in upcoming if vehicle is None or found.vehicle_id in {vehicle.pk, None}]
    return Visitor(
        customer=customer,
        vehicles=vehicles,
        vehicle=vehicle,
        services=tuple(_name(i.service, spoken) for i in items if vehicle and i.vehicle_id == vehicle.pk),
        appointment=mine[0] if mine else None,
        language=spoken,
        books_until=until,
        is_old=until is not None and now.astimezone(current_dealership().zone).date() > until,
        is_gone=bool(reminded) and not theirs,
    )


def _due_items(link: CustomerLink) -> list[EnrolmentItem]:
    if not link.touch_id:
        return []
    return list(
        EnrolmentItem.objects.filter(enrolment__touches=link.touch_id, enrolment__customer=link.customer_id)
        .select_related("vehicle__customer", "service")
        .order_by("due_on", "pk")
    )


def _is_theirs(vehicle: Vehicle, customer: Customer) -> bool:
    """Return whether a car may be booked for a customer: kept, and theirs or of their household."""
    owner = vehicle.customer
    if owner is None or vehicle.status != VehicleStatus.ACTIVE or vehicle.is_internal:
        return False
    return household_key(owner.pk, owner.household_key) == household_key(customer.pk, customer.household_key)


def _owned(customer: Customer) -> tuple[Vehicle, ...]:
    return tuple(
        Vehicle.objects.filter(customer=customer, status=VehicleStatus.ACTIVE, is_internal=False).order_by(
            "pk"
        )[:8]
    )


def _name(service: Service, language: str) -> str:
    return (service.name_es if language == "es" else "") or service.name


def _books_until(link: CustomerLink, items: list[EnrolmentItem]) -> date | None:
    if not link.touch_id:
        return None
    touched_on = Touch.objects.filter(pk=link.touch_id).values_list("local_on", flat=True).first()
    # The reminder is gone, with the import that brought it: nothing is left to book for.
    return books_until([item.due_on for item in items], touched_on=touched_on) if touched_on else date.min
