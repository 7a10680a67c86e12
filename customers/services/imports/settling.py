"""What follows from all rows of an import together: owners, fleets, dealer-owned cars, search words, forecasts."""

from django.db import transaction
from django.db.models import Count, Q

from common.doorbell import ring
from customers.logic.internal import is_fleet, is_internal_customer
from customers.models import Customer, Vehicle, Visit
from customers.services import search
from customers.services.imports import bulk, changes
from customers.services.imports.context import Run
from customers.services.imports.ownership import settle_ownership
from customers.signals import vehicle_status_changed

CHUNK = 1_000
# Somebody inside paid, and nobody outside: preparation of a new car, work on a used one in stock.
_INTERNAL_ONLY = Q(internal_cents__gt=0, customer_pay_cents=0, warranty_cents=0)


def settle(run: Run) -> None:
    """Bring everything in line that depends on more than one row; in chunks, each in one transaction."""
    for vehicles in run.stage.touched_vehicles(size=CHUNK):
        with transaction.atomic():
            settled = settle_ownership(vehicles, today=run.today)
            changes.record(run.visit_import, Vehicle, settled.changes)
            run.stage.touch_customers(sorted(settled.customers))
            run.counts["vehicles_changed_hands"] += settled.changed_hands
    for customers in run.stage.touched_customers(size=CHUNK):
        with transaction.atomic():
            _settle_customers(run, customers)
            search.refresh_tokens(customers)
    for vehicles in run.stage.touched_vehicles(size=CHUNK):
        with transaction.atomic():
            _settle_internal_vehicles(run, sorted(vehicles))
            ring("customers.refresh_forecasts", dealership_id=run.dealership.pk, vehicle_ids=sorted(vehicles))


def _settle_customers(run: Run, customers: list[int]) -> None:
    """Find out which customers are fleets or the dealership itself."""
    vehicles = dict(
        Vehicle.objects.filter(customer_id__any_of=customers)
        .order_by()
        .values_list("customer_id")
        .annotate(Count("id"))
    )
    visits = {
        customer: (total, internal)
        for customer, total, internal in Visit.objects.filter(customer_id__any_of=customers)
        .order_by()
        .values_list("customer_id")
        .annotate(total=Count("id"), internal=Count("id", filter=_INTERNAL_ONLY))
    }
    changed = []
    for customer, was_fleet, was_internal in Customer.objects.filter(id__any_of=customers).values_list(
        "id", "is_fleet", "is_internal"
    ):
        total, internal = visits.get(customer, (0, 0))
        count = vehicles.get(customer, 0)
        before = {"is_fleet": was_fleet, "is_internal": was_internal}
        # Both are only ever set here: taking a flag away is a person's decision.
        now_internal = was_internal or is_internal_customer(
            vehicles=count, visits=total, internal_visits=internal
        )
        after = {"is_fleet": was_fleet or is_fleet(vehicles=count), "is_internal": now_internal}
        if after != before:
            changed.append((customer, before, after))
    bulk.update(
        Customer, ("is_fleet", "is_internal"), [(customer, *after.values()) for customer, _, after in changed]
    )
    changes.record(run.visit_import, Customer, changed)


def _settle_internal_vehicles(run: Run, vehicles: list[int]) -> None:
    """Find out which vehicles are the dealership's own: owned by it, or all work on them paid internally.

    A car that was sold to somebody and paid for by them is no longer internal.
    """
    visits = {
        vehicle: (total, internal)
        for vehicle, total, internal in Visit.objects.filter(vehicle_id__any_of=vehicles)
        .order_by()
        .values_list("vehicle_id")
        .annotate(total=Count("id"), internal=Count("id", filter=_INTERNAL_ONLY))
    }
    changed = []
    rows = Vehicle.objects.filter(id__any_of=vehicles).values_list(
        "id", "is_internal", "customer__is_internal"
    )
    for vehicle, was_internal, owner_internal in rows:
        total, internal = visits.get(vehicle, (0, 0))
        now_internal = (
            bool(owner_internal) or (total > 0 and internal == total) or (was_internal and not total)
        )
        if now_internal != was_internal:
            changed.append((vehicle, {"is_internal": was_internal}, {"is_internal": now_internal}))
    bulk.update(Vehicle, ("is_internal",), [(vehicle, after["is_internal"]) for vehicle, _, after in changed])
    changes.record(run.visit_import, Vehicle, changed)
    if changed and not run.is_dry:
        vehicle_status_changed.send(
            sender=Vehicle, dealership_id=run.dealership.pk, vehicle_ids=[row[0] for row in changed]
        )
