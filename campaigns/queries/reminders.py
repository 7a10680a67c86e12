"""What a reminder says about whom: customers, cars, services and reasons, for a batch of touches."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from campaigns.logic.dispatch import ItemFacts
from campaigns.logic.wording import Car, ReminderFacts
from common import links, phones
from common.enums import Language
from common.links import CustomerLink, LinkPurpose
from common.tenancy import current_dealership
from customers.models import Customer, Forecast, Service, Vehicle
from dealerships.models import Dealership


@dataclass(frozen=True, slots=True)
class Names:
    """Everything reminders of a batch mention, by id."""

    dealership: Dealership
    dealership_phone: str
    dealership_address: str
    customers: dict[int, Customer]
    vehicles: dict[int, str]
    services: dict[int, tuple[str, str]]  # English, Spanish
    whys: dict[tuple[int, int], str]  # by vehicle and service


def names(customer_ids: Collection[int], vehicle_ids: Collection[int]) -> Names:
    """Return what reminders to these customers about these vehicles may mention."""
    cars = list(vehicle_ids)
    customers = Customer.objects.filter(pk__any_of=list(customer_ids))
    vehicles = Vehicle.objects.filter(pk__any_of=cars).only("year", "make", "model", "vin")
    forecasts = Forecast.objects.filter(vehicle_id__any_of=cars)
    dealership = current_dealership()
    return Names(
        dealership=dealership,
        dealership_phone=phones.for_people(dealership.phone, region=dealership.country),
        dealership_address=address_line(dealership),
        customers={customer.pk: customer for customer in customers},
        vehicles={vehicle.pk: str(vehicle) for vehicle in vehicles},
        services={
            pk: (name, name_es or name)
            for pk, name, name_es in Service.objects.values_list("pk", "name", "name_es")
        },
        whys={
            (vehicle_id, service_id): basis
            for vehicle_id, service_id, basis in forecasts.values_list("vehicle_id", "service_id", "basis")
        },
    )


def reminder_facts(
    touch_id: int, *, customer_id: int, items: tuple[ItemFacts, ...], names: Names, today: date
) -> ReminderFacts:
    """Return what one reminder may say, in the customer's language."""
    customer, dealership = names.customers[customer_id], names.dealership
    language = customer.language or dealership.language
    return ReminderFacts(
        language=language,
        today=today,
        first_name=customer.first_name,
        dealership_name=dealership.name,
        dealership_phone=names.dealership_phone,
        dealership_address=names.dealership_address,
        cars=_cars(items, names=names, language=language),
        booking_link=_link(LinkPurpose.BOOK, customer, touch_id),
        opt_out_link=_link(LinkPurpose.OPT_OUT, customer, touch_id),
    )


def address_line(dealership: Dealership) -> str:
    """Return the dealership's postal address in one line."""
    place = f"{dealership.region} {dealership.postal_code}".strip()
    return ", ".join(part for part in (dealership.street, dealership.city, place) if part)


def _link(purpose: LinkPurpose, customer: Customer, touch_id: int) -> str:
    return links.url_of(CustomerLink(purpose, customer.dealership_id, customer.pk, touch_id))


def _cars(items: tuple[ItemFacts, ...], *, names: Names, language: str) -> tuple[Car, ...]:
    is_spanish = language == Language.SPANISH
    by_vehicle: dict[int, list[ItemFacts]] = defaultdict(list)
    for item in items:
        by_vehicle[item.vehicle_id].append(item)
    return tuple(
        Car(
            name=names.vehicles[vehicle_id],
            services=tuple(dict.fromkeys(names.services[item.service_id][is_spanish] for item in theirs)),
            due_on=theirs[0].due_on,
            # The forecast's reason is in English: better none than one the customer cannot read.
            why="" if is_spanish else names.whys.get((vehicle_id, theirs[0].service_id), "").rstrip("."),
        )
        for vehicle_id, theirs in by_vehicle.items()
    )
