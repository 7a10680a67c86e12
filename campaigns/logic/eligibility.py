"""Who is reminded that a service is due, and why somebody is not."""

from dataclasses import dataclass
from datetime import date, timedelta

from messaging.enums import Reason

# Longer overdue than this, a car is lost rather than late: winning it back needs other words.
LAPSED_AFTER = timedelta(days=60)

# A car that was in this recently has been looked at; its service was left out for a reason.
VISIT_IS_RECENT = timedelta(days=14)

# Who stopped us on one channel is not begun with on another for so long, although the law would allow it.
STOP_RESTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DueService:
    """One service of one vehicle that is due, or will be soon, in the cycle that began on a date."""

    service_id: int
    cycle_started_on: date
    due_on: date
    is_enrolled: bool = False


@dataclass(frozen=True, slots=True)
class VehicleFacts:
    """What decides whether one vehicle's owner is reminded."""

    vehicle_id: int
    customer_id: int
    household_key: str
    services: tuple[DueService, ...]
    is_active: bool = True
    is_internal: bool = False
    is_fleet: bool = False
    is_booked: bool = False
    stopped_on: date | None = None
    last_visit_on: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the cadence says about whom it takes."""

    is_running: bool = True
    includes_fleet: bool = False


@dataclass(frozen=True, slots=True)
class Enrol:
    """Remind the owner of these services."""

    services: tuple[DueService, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """Do not remind the owner now, for this reason."""

    reason: Reason


def decide(vehicle: VehicleFacts, *, policy: Policy, today: date) -> Enrol | Skip:
    """Return the services to remind the owner of, or the first reason there is not to.

    In this order: cadence paused, vehicle gone, the dealership's own car, fleet, reminders stopped lately,
    booked, visited recently, nothing due, already enrolled in this cycle, lapsed.

    `vehicle.services` are the ones due up to the end of the period looked at; whether a reminder starts
    now or with the household's next one, and whether the owner can be reached, is for `planning` to say.
    """
    reason = _reason_against_owner(vehicle, policy=policy, today=today)
    if reason is not None:
        return Skip(reason)
    if not vehicle.services:
        return Skip(Reason.NOT_DUE)
    fresh = tuple(service for service in vehicle.services if not service.is_enrolled)
    if not fresh:
        return Skip(Reason.ALREADY_ENROLLED)
    current = tuple(service for service in fresh if service.due_on >= today - LAPSED_AFTER)
    if not current:
        return Skip(Reason.LAPSED)
    return Enrol(current)


def _reason_against_owner(vehicle: VehicleFacts, *, policy: Policy, today: date) -> Reason | None:
    stopped_on, visited_on = vehicle.stopped_on, vehicle.last_visit_on
    checks = (
        (not policy.is_running, Reason.CADENCE_PAUSED),
        (not vehicle.is_active, Reason.VEHICLE_GONE),
        (vehicle.is_internal, Reason.INTERNAL),
        (vehicle.is_fleet and not policy.includes_fleet, Reason.FLEET),
        (stopped_on is not None and stopped_on > today - STOP_RESTS, Reason.OPTED_OUT),
        (vehicle.is_booked, Reason.BOOKED),
        (visited_on is not None and visited_on >= today - VISIT_IS_RECENT, Reason.VISITED),
    )
    return next((reason for applies, reason in checks if applies), None)
