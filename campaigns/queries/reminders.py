"""What a reminder says about whom: customers, cars, services and reasons, for a batch of touches."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from campaigns.logic.dispatch import ItemFacts
from campaigns.logic.wording import Car, ReminderFacts
from common import links, phones
from common.enums import Language
from common.links import CustomerLink, LinkPurpose
from common.lookups import array_of
from common.tenancy import current_dealership
from customers.models import Customer, Service, Vehicle, car_name
from dealerships.models import Dealership


class Addressee(NamedTuple):
    """A customer, as a reminder speaks to them. `language`: theirs, or the dealership's."""

    first_name: str
    display_name: str
    language: str


WHYS = """
    SELECT forecast.vehicle_id, forecast.service_id, forecast.basis
    FROM unnest(%s::bigint[], %s::bigint[]) AS asked (vehicle_id, service_id)
    JOIN customers_forecast forecast ON forecast.dealership_id = %s
        AND forecast.vehicle_id = asked.vehicle_id AND forecast.service_id = asked.service_id
"""


@dataclass(frozen=True, slots=True)
class Names:
    """Everything reminders of a batch mention, by id."""

    dealership: Dealership
    dealership_phone: str
    dealership_address: str
    customers: dict[int, Addressee]
    vehicles: dict[int, str]
    services: dict[int, tuple[str, str]]  # English, Spanish
    whys: dict[tuple[int, int], str]  # by vehicle and service


def names(customer_ids: Collection[int], items: Collection[tuple[int, int]]) -> Names:
    """Return what reminders to these customers about these vehicles and services may mention."""
    dealership = current_dealership()
    customers = Customer.objects.filter(pk__any_of=list(customer_ids))
    vehicles = Vehicle.objects.filter(pk__any_of=list({vehicle_id for vehicle_id, _ in items}))
    return Names(
        dealership=dealership,
        dealership_phone=phones.for_people(dealership.phone, region=dealership.country),
        dealership_address=address_line(dealership),
        customers={
            pk: Addressee(first_name, display_name, language or dealership.language)
            for pk, first_name, display_name, language in customers.values_list(
                "pk", "first_name", "display_name", "language"
            )
        },
        vehicles={
            pk: car_name(year, make, model, vin=vin)
            for pk, year, make, model, vin in vehicles.values_list("pk", "year", "make", "model", "vin")
        },
        services={
            pk: (name, name_es or name)
            for pk, name, name_es in Service.objects.values_list("pk", "name", "name_es")
        },
        whys=_whys(items),
    )


def _whys(items: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """By pairs: a car has a dozen forecasts, and a reminder tells of one or two."""
    with connection.cursor() as cursor:
        vehicle_ids, service_ids = [pair[0] for pair in items], [pair[1] for pair in items]
        cursor.execute(WHYS, [array_of(vehicle_ids), array_of(service_ids), current_dealership().pk])
        return {(vehicle_id, service_id): basis for vehicle_id, service_id, basis in cursor.fetchall()}


def reminder_facts(
    touch_id: int, *, customer_id: int, items: tuple[ItemFacts, ...], names: Names, today: date
) -> ReminderFacts:
    """Return what one reminder may say, in the customer's language."""
    customer, dealership = names.customers[customer_id], names.dealership
    return ReminderFacts(
        language=customer.language,
        today=today,
        first_name=customer.first_name,
        dealership_name=dealership.name,
        dealership_phone=names.dealership_phone,
        dealership_address=names.dealership_address,
        cars=_cars(items, names=names, language=customer.language),
        booking_link=links.url_of(CustomerLink(LinkPurpose.BOOK, dealership.pk, customer_id, touch_id)),
        opt_out_link=links.url_of(CustomerLink(LinkPurpose.OPT_OUT, dealership.pk, customer_id, touch_id)),
    )


def address_line(dealership: Dealership) -> str:
    """Return the dealership's postal address in one line."""
    place = f"{dealership.region} {dealership.postal_code}".strip()
    return ", ".join(part for part in (dealership.street, dealership.city, place) if part)


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
