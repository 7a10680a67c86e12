"""Everything a simulation begins with, read once for the whole dealership."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from booking.enums import AppointmentStatus
from booking.models import Appointment
from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic.cadence import Reach
from campaigns.logic.eligibility import Policy, VehicleFacts
from campaigns.logic.sending_times import SendingTimes
from campaigns.models import Enrolment, EnrolmentItem, Touch
from campaigns.queries import cadences, due, people, touches
from campaigns.queries.cadences import Version
from campaigns.queries.touches import DueTouch, Situation
from customers.models import Service
from messaging.logic.person import PersonFacts
from messaging.queries.gate import person_facts


@dataclass(slots=True)
class Run:
    """An enrolment under way, as the simulation moves it."""

    id: int
    customer_id: int
    household: str
    version_id: int
    anchor_on: date
    started_at: datetime
    decided_at: datetime
    state: str = EnrolmentState.ACTIVE
    paused_until: datetime | None = None
    open_count: int = 0
    held: list[DueTouch] = field(default_factory=list)


@dataclass(slots=True)
class Start:
    """The dealership as it is now; the simulation changes `situation` as it goes."""

    times: SendingTimes
    version: Version
    policy: Policy
    households: dict[str, list[VehicleFacts]]
    homes: dict[int, str]  # household by customer
    reaches: dict[int, Reach]
    persons: dict[int, PersonFacts]
    preferred: dict[int, str]
    appointments: dict[tuple[str, int], datetime]  # the end of the last one, by ("vehicle"|"customer", id)
    enrolled_items: set[tuple[int, int, date]]
    runs: dict[int, Run]
    touches: list[DueTouch]  # planned and held
    situation: Situation
    service_ranks: dict[int, int]

    def is_booked(self, vehicle_id: int, customer_id: int, *, at: datetime) -> bool:
        """Return whether an appointment of the vehicle, or of the customer for no named one, is still to come."""
        ends = (
            self.appointments.get(("vehicle", vehicle_id)),
            self.appointments.get(("customer", customer_id)),
        )
        return any(end is not None and end > at for end in ends)


def load(*, days: int, now: datetime) -> Start | None:
    """Return where a simulation of the dealership in scope begins; None where it has no cadence."""
    cadence = cadences.service_due_cadence()
    if cadence is None:
        return None
    version = cadences.current_version(cadence)
    programme = cadences.programme(cadence, version=version, now=now)
    until = programme.due_until + timedelta(days=days)
    homes = due.households_due(due_from=programme.due_from, due_until=until)
    facts = due.vehicle_facts(
        [vehicle_id for home in homes for vehicle_id in home.vehicle_ids],
        due_until=until,
        today=programme.today,
        now=now,
    )
    claimed = touches.due_touches(Touch.objects.filter(state__in=TouchState.open()))
    customers = {vehicle.customer_id for vehicle in facts} | {touch.customer_id for touch in claimed}
    situation = touches.load_situation(claimed, now=now)
    situation.versions[version.id] = version
    situation.cadences[cadence.pk] = cadence
    return Start(
        times=programme.times,
        version=version,
        policy=programme.policy,
        households=_by_household(facts),
        homes={vehicle.customer_id: vehicle.household_key for vehicle in facts},
        reaches=people.reaches(customers, purpose=cadence.purpose, now=now),
        persons=person_facts(customers, now=now),
        preferred=people.preferred_channels(customers),
        appointments=_appointments(now),
        enrolled_items=_enrolled(),
        runs=_runs(claimed),
        touches=claimed,
        situation=situation,
        service_ranks=dict(Service.objects.values_list("pk", "rank")),
    )


def _by_household(facts: list[VehicleFacts]) -> dict[str, list[VehicleFacts]]:
    found: dict[str, list[VehicleFacts]] = defaultdict(list)
    for vehicle in facts:
        found[vehicle.household_key].append(vehicle)
    return dict(found)


def _appointments(now: datetime) -> dict[tuple[str, int], datetime]:
    ends: dict[tuple[str, int], datetime] = {}
    coming = Appointment.objects.filter(status=AppointmentStatus.BOOKED, ends_at__gt=now).order_by("ends_at")
    for vehicle_id, customer_id, ends_at in coming.values_list("vehicle_id", "customer_id", "ends_at"):
        key = ("customer", customer_id) if vehicle_id is None else ("vehicle", vehicle_id)
        ends[key] = ends_at
    return ends


def _enrolled() -> set[tuple[int, int, date]]:
    rows = EnrolmentItem.objects.values_list("vehicle_id", "service_id", "cycle_started_on")
    return {(vehicle_id, service_id, started_on) for vehicle_id, service_id, started_on in rows}


def _runs(claimed: list[DueTouch]) -> dict[int, Run]:
    open_by_run: dict[int, list[DueTouch]] = defaultdict(list)
    for touch in claimed:
        open_by_run[touch.enrolment_id].append(touch)
    last_decided = dict(
        Touch.objects.filter(decided_at__isnull=False, enrolment__state=EnrolmentState.ACTIVE)
        .order_by("enrolment_id", "decided_at")
        .values_list("enrolment_id", "decided_at")
    )
    runs: dict[int, Run] = {}
    for enrolment in Enrolment.objects.exclude(state=EnrolmentState.ENDED).select_related("customer"):
        is_paused = enrolment.state == EnrolmentState.PAUSED
        runs[enrolment.pk] = Run(
            id=enrolment.pk,
            customer_id=enrolment.customer_id,
            household=due.household_key(enrolment.customer_id, enrolment.customer.household_key),
            version_id=enrolment.version_id,
            anchor_on=enrolment.anchor_on,
            started_at=enrolment.started_at,
            decided_at=last_decided.get(enrolment.pk) or enrolment.started_at,
            state=enrolment.state,
            paused_until=enrolment.paused_until,
            open_count=len(open_by_run[enrolment.pk]),
            held=open_by_run[enrolment.pk] if is_paused else [],
        )
    return runs
