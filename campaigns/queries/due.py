"""What is due, to whom, and what speaks against reminding them: facts for planning, few queries for many cars."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from booking.enums import AppointmentStatus
from booking.models import Appointment
from campaigns.enums import EnrolmentState
from campaigns.logic.eligibility import STOP_RESTS, VISIT_IS_RECENT, DueService, VehicleFacts
from campaigns.logic.grouping import RunningEnrolment
from campaigns.models import Enrolment, EnrolmentItem
from common.tenancy import current_dealership
from common.wall_time import to_local
from customers.enums import VehicleStatus, VisitStatus
from customers.models import Customer, Forecast, Vehicle, Visit
from messaging.queries.stops import marketing_stops

ALONE = "customer:"  # begins the key of a customer who shares no household


@dataclass(frozen=True, slots=True)
class Household:
    """People who share one reminder, and their vehicles something is due for."""

    key: str
    vehicle_ids: tuple[int, ...]


def household_key(customer_id: int, key: str) -> str:
    """Return what stands for a customer's household: its key, or the customer alone."""
    return key or f"{ALONE}{customer_id}"


def households_due(
    *, due_from: date, due_until: date, vehicle_ids: Collection[int] | None = None
) -> list[Household]:
    """Return the households with a vehicle that has a service due in the period, in a fixed order.

    With `vehicle_ids`: only the households of these vehicles, each with all its due vehicles.
    """
    due = Forecast.objects.filter(
        due_on__gte=due_from, due_on__lte=due_until, vehicle__customer__isnull=False
    )
    if vehicle_ids is not None:
        customers = Vehicle.objects.filter(pk__any_of=list(vehicle_ids)).values_list(
            "customer_id", "customer__household_key"
        )
        ids = {customer_id for customer_id, _ in customers}
        keys = {key for _, key in customers if key}
        due = due.filter(vehicle__customer_id__any_of=ids) | due.filter(
            vehicle__customer__household_key__any_of=keys
        )
    found: dict[str, set[int]] = defaultdict(set)
    rows = due.values_list("vehicle_id", "vehicle__customer_id", "vehicle__customer__household_key")
    for vehicle_id, customer_id, key in rows:
        found[household_key(customer_id, key)].add(vehicle_id)
    return [Household(key, tuple(sorted(found[key]))) for key in sorted(found)]


def vehicle_facts(
    vehicle_ids: Collection[int], *, due_until: date, today: date, now: datetime
) -> list[VehicleFacts]:
    """Return what decides about each vehicle, with its services due up to `due_until`; sorted by vehicle."""
    enrolled = set(
        EnrolmentItem.objects.filter(vehicle_id__any_of=list(vehicle_ids)).values_list(
            "vehicle_id", "service_id", "cycle_started_on"
        )
    )
    services: dict[int, list[DueService]] = defaultdict(list)
    forecasts = Forecast.objects.filter(
        vehicle_id__any_of=list(vehicle_ids), due_on__lte=due_until
    ).order_by()
    for vehicle_id, service_id, cycle_started_on, due_on in forecasts.values_list(
        "vehicle_id", "service_id", "cycle_started_on", "due_on"
    ):
        is_enrolled = (vehicle_id, service_id, cycle_started_on) in enrolled
        services[vehicle_id].append(DueService(service_id, cycle_started_on, due_on, is_enrolled))
    visited_on = _last_visits(vehicle_ids, since=today - VISIT_IS_RECENT)
    vehicles = list(
        Vehicle.objects.filter(pk__any_of=list(vehicle_ids), customer__isnull=False)
        .order_by("pk")
        .values_list(
            "pk",
            "customer_id",
            "status",
            "is_internal",
            "customer__household_key",
            "customer__is_internal",
            "customer__is_fleet",
        )
    )
    stopped_on = _stops([row[1] for row in vehicles if row[1]], now=now)
    booked_vehicles, booked_customers = booked(vehicle_ids, [row[1] for row in vehicles], now=now)
    return [
        VehicleFacts(
            vehicle_id=vehicle_id,
            customer_id=customer_id,
            household_key=household_key(customer_id, key),
            services=tuple(services[vehicle_id]),
            is_active=status == VehicleStatus.ACTIVE,
            is_internal=is_internal or is_dealership,
            is_fleet=is_fleet,
            is_booked=vehicle_id in booked_vehicles or customer_id in booked_customers,
            stopped_on=stopped_on.get(customer_id),
            last_visit_on=visited_on.get(vehicle_id),
        )
        for vehicle_id, customer_id, status, is_internal, key, is_dealership, is_fleet in vehicles
        if customer_id is not None
    ]


def running_enrolments(facts: Collection[VehicleFacts]) -> dict[str, list[RunningEnrolment]]:
    """Return the enrolments under way in the households of these vehicles, by household."""
    homes = {vehicle.customer_id: vehicle.household_key for vehicle in facts}
    keys = [key for key in set(homes.values()) if not key.startswith(ALONE)]
    homes |= dict(Customer.objects.filter(household_key__any_of=keys).values_list("pk", "household_key"))
    running = Enrolment.objects.filter(customer_id__any_of=list(homes)).exclude(state=EnrolmentState.ENDED)
    found: dict[str, list[RunningEnrolment]] = defaultdict(list)
    for enrolment_id, anchor_on, customer_id in running.values_list("pk", "anchor_on", "customer_id"):
        found[homes[customer_id]].append(RunningEnrolment(enrolment_id, anchor_on))
    return found


def booked(
    vehicle_ids: Collection[int], customer_ids: Collection[int], *, now: datetime
) -> tuple[set[int], set[int]]:
    """Return the vehicles with an appointment to come, and the customers with one for no named vehicle."""
    coming = Appointment.objects.filter(status=AppointmentStatus.BOOKED, ends_at__gt=now)
    vehicles = coming.filter(vehicle_id__any_of=list(vehicle_ids)).values_list("vehicle_id", flat=True)
    customers = coming.filter(vehicle__isnull=True, customer_id__any_of=list(customer_ids))
    return {pk for pk in vehicles if pk is not None}, set(customers.values_list("customer_id", flat=True))


def _stops(customer_ids: Collection[int], *, now: datetime) -> dict[int, date]:
    """By the dealership's calendar, like every other date here."""
    zone_name = current_dealership().time_zone
    stops = marketing_stops(customer_ids, since=now - STOP_RESTS)
    return {pk: to_local(at, zone_name=zone_name).date() for pk, at in stops.items()}


def _last_visits(vehicle_ids: Collection[int], *, since: date) -> dict[int, date]:
    visits = Visit.objects.filter(vehicle_id__any_of=list(vehicle_ids), opened_on__gte=since)
    return dict(
        visits.exclude(status=VisitStatus.VOID)
        .order_by("vehicle_id", "opened_on")
        .values_list("vehicle_id", "opened_on")
    )
