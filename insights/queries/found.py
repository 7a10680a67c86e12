"""Customers found by a search, with what tells two of the same name apart."""

from dataclasses import dataclass

from django.db.models import Prefetch

from customers.models import ContactPoint, Customer, Forecast, Vehicle
from insights.logic.moments import Near
from insights.logic.range_bar import short
from insights.queries import search

MOST_SHOWN = 50


@dataclass(frozen=True)
class FoundCustomer:
    customer: Customer
    phone: str
    email: str
    vehicles: str
    due_words: str


@dataclass(frozen=True)
class Found:
    rows: list[FoundCustomer]
    total: int
    is_cut_short: bool


def customers(text: str, *, near: Near) -> Found:
    """Return the customers a search finds, by name. Queries: 5, none for an empty text."""
    ids = search.customer_ids(text)
    if not ids:
        return Found(rows=[], total=0, is_cut_short=False)
    next_forecast = Prefetch("forecasts", queryset=Forecast.objects.filter(is_next=True))
    found = (
        Customer.objects.filter(pk__in=ids)
        .order_by("display_name", "id")
        .prefetch_related(
            Prefetch("contact_points", queryset=ContactPoint.objects.order_by("rank", "id")),
            Prefetch(
                "vehicles", queryset=Vehicle.objects.order_by("-year", "id").prefetch_related(next_forecast)
            ),
        )[:MOST_SHOWN]
    )
    rows = [_row(customer, near) for customer in found]
    return Found(rows=rows, total=len(ids), is_cut_short=len(ids) >= search.MOST_MATCHES)


def _row(customer: Customer, near: Near) -> FoundCustomer:
    points = {point.kind: point.value for point in reversed(customer.contact_points.all())}
    vehicles = list(customer.vehicles.all())
    due = min((f.due_on for vehicle in vehicles for f in vehicle.forecasts.all()), default=None)
    names = ", ".join(str(vehicle) for vehicle in vehicles[:2])
    more = f" and {len(vehicles) - 2} more" if len(vehicles) > 2 else ""  # noqa: PLR2004 -- two are named
    return FoundCustomer(
        customer=customer,
        phone=points.get("phone", ""),
        email=points.get("email", ""),
        vehicles=names + more,
        due_words=short(due, near.today) if due else "",
    )
