"""From vehicles and their due services to enrolments with dated touches; the simulator plans with it too."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaigns.logic import channels, eligibility, grouping
from campaigns.logic.cadence import PlannedTouch, Reach, StepRule, lead_days, plan_touches
from campaigns.logic.eligibility import LAPSED_AFTER, Policy, VehicleFacts
from campaigns.logic.grouping import TOGETHER, DueItem, JoinEnrolment, NewEnrolment, RunningEnrolment
from campaigns.logic.sending_times import SendingTimes

# Enrolled a day before the first contact, so that it can be seen, and stopped, before anything goes out.
NOTICE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedEnrolment:
    """A new enrolment and all its touches."""

    enrolment: NewEnrolment
    touches: tuple[PlannedTouch, ...]


@dataclass(frozen=True, slots=True)
class SkippedVehicle:
    """A vehicle nobody is reminded of now, and why."""

    vehicle_id: int
    reason: str


@dataclass(slots=True)
class Programme:
    """What is the same for everybody in one run: the steps, whom they are for, the place and the moment.

    It remembers the touches of each (due date, reach): a hundred thousand enrolments have a few hundred
    different ones.
    """

    steps: tuple[StepRule, ...]
    policy: Policy
    times: SendingTimes
    today: date
    now: datetime
    _planned: dict[tuple[date, Reach], tuple[PlannedTouch, ...]] = field(default_factory=dict)

    @property
    def starts_by(self) -> date:
        """The latest due date whose enrolment begins today."""
        return self.today + timedelta(days=lead_days(self.steps)) + NOTICE

    @property
    def due_until(self) -> date:
        """The latest due date that can go along with an enrolment that begins today."""
        return self.starts_by + TOGETHER

    @property
    def due_from(self) -> date:
        """The earliest due date that is still a reminder's business."""
        return self.today - LAPSED_AFTER

    def touches_for(self, anchor_on: date, *, reach: Reach) -> tuple[PlannedTouch, ...]:
        """Return the touches of an enrolment dated from `anchor_on`."""
        key = (anchor_on, reach)
        if key not in self._planned:
            self._planned[key] = tuple(
                plan_touches(self.steps, anchor_on=anchor_on, times=self.times, reach=reach, now=self.now)
            )
        return self._planned[key]


def due_items(
    vehicles: Iterable[VehicleFacts], *, programme: Programme
) -> tuple[list[DueItem], list[SkippedVehicle]]:
    """Return what the owners may be reminded of, and the vehicles left out with their reasons."""
    items: list[DueItem] = []
    skipped: list[SkippedVehicle] = []
    for vehicle in vehicles:
        verdict = eligibility.decide(vehicle, policy=programme.policy, today=programme.today)
        if isinstance(verdict, eligibility.Skip):
            skipped.append(SkippedVehicle(vehicle.vehicle_id, verdict.reason))
            continue
        items += [
            DueItem(vehicle.customer_id, vehicle.vehicle_id, due.service_id, due.cycle_started_on, due.due_on)
            for due in verdict.services
        ]
    return items, skipped


@dataclass(slots=True)
class ChunkPlan:
    """What is to be done for some households; nothing of it is written yet."""

    new: list[PlannedEnrolment] = field(default_factory=list)
    joins: list[JoinEnrolment] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def plan_households(
    vehicles: Iterable[VehicleFacts],
    items: Iterable[DueItem],
    *,
    left_out: Iterable[SkippedVehicle],
    running: Mapping[str, Sequence[RunningEnrolment]],
    reaches: Mapping[int, Reach],
    programme: Programme,
) -> ChunkPlan:
    """Return the plans for the items of many households, in the order of their first items.

    `running` by household, `reaches` by customer; `left_out` is counted along.
    """
    plan = ChunkPlan(skipped=Counter(skip.reason for skip in left_out))
    homes = {vehicle.vehicle_id: vehicle.household_key for vehicle in vehicles}
    by_household: dict[str, list[DueItem]] = defaultdict(list)
    for item in items:
        by_household[homes[item.vehicle_id]].append(item)
    for key, theirs in by_household.items():
        plans, unreachable = plan_household(
            theirs, running=running.get(key, ()), reaches=reaches, programme=programme
        )
        plan.new += [one for one in plans if isinstance(one, PlannedEnrolment)]
        plan.joins += [one for one in plans if isinstance(one, JoinEnrolment)]
        plan.skipped.update(skip.reason for skip in unreachable)
    return plan


def plan_household(
    items: Iterable[DueItem],
    *,
    running: Iterable[RunningEnrolment],
    reaches: Mapping[int, Reach],
    programme: Programme,
) -> tuple[list[PlannedEnrolment | JoinEnrolment], list[SkippedVehicle]]:
    """Return the enrolments of one household, and its vehicles whose owner cannot be reached.

    Each owner's cars are left out who can be reached by none of the cadence's channels: what they said
    to us is not got around by writing to somebody else in the house.
    """
    reachable: list[DueItem] = []
    skipped: dict[int, SkippedVehicle] = {}
    for item in items:
        reach = reaches[item.customer_id]
        if can_be_reached(reach, steps=programme.steps):
            reachable.append(item)
        else:
            skipped[item.vehicle_id] = SkippedVehicle(item.vehicle_id, reach.refusal)
    plans: list[PlannedEnrolment | JoinEnrolment] = []
    for plan in grouping.group(reachable, running=running, starts_by=programme.starts_by):
        if isinstance(plan, JoinEnrolment):
            plans.append(plan)
        else:
            touches = programme.touches_for(plan.anchor_on, reach=reaches[plan.customer_id])
            plans.append(PlannedEnrolment(plan, touches))
    return plans, list(skipped.values())


def can_be_reached(reach: Reach, *, steps: tuple[StepRule, ...]) -> bool:
    """Return whether any step has a channel that works for this person today."""
    return any(
        not reach.usable.isdisjoint(
            channels.candidates(step.channel_rule, channel=step.channel, preferred=reach.preferred)
        )
        for step in steps
    )
