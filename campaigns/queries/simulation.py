"""What would be sent in the days to come if nobody answered: the planner's and dispatcher's own functions, no writes.

The days run in memory over facts read once. Nights enrol who becomes due and let pauses end, in between touches
are decided at the moment they are due; what is sent counts for the caps of what follows. What people will do
(book, come in, opt out) is not guessed, and forecasts stay as they are today.
"""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from campaigns.enums import EnrolmentState, TouchState
from campaigns.logic import dispatch
from campaigns.logic.cadence import PlannedTouch
from campaigns.logic.dispatch import ItemFacts, Send
from campaigns.logic.eligibility import DueService, VehicleFacts
from campaigns.logic.grouping import DueItem, RunningEnrolment
from campaigns.logic.planning import ChunkPlan, PlannedEnrolment, Programme, due_items, plan_households
from campaigns.queries import simulation_start, touches
from campaigns.queries.simulation_start import Run, Start
from campaigns.queries.touches import DueTouch, Sibling
from common import wall_time
from messaging.enums import Reason
from messaging.logic.gate import Wait

NIGHT = time(2)
RESTS = timedelta(days=7)  # how long after its last touch an enrolment counts as running


@dataclass(frozen=True, slots=True)
class SimulatedTouch:
    """One touch as it would come out: sent on a channel, or skipped with a reason, on a local date."""

    on: date
    at: datetime
    customer_id: int
    step_number: int
    channel: str
    is_sent: bool
    reason: str


@dataclass(slots=True)
class Simulation:
    """What the days would bring, in the order it would happen."""

    touches: list[SimulatedTouch] = field(default_factory=list)
    enrolled: int = 0
    joined: int = 0

    def per_day(self) -> dict[date, Counter[str]]:
        """Return how many messages would go out, by local date and channel."""
        days: dict[date, Counter[str]] = defaultdict(Counter)
        for touch in self.touches:
            if touch.is_sent:
                days[touch.on][touch.channel] += 1
        return dict(sorted(days.items()))

    def skipped(self) -> Counter[str]:
        """Return how many touches would be skipped, by reason."""
        return Counter(touch.reason for touch in self.touches if not touch.is_sent)


@transaction.atomic
def simulate(*, days: int, now: datetime) -> Simulation:
    """Return what the dealership in scope would send from now until the end of the local day in `days` days.

    Runs in a transaction that PostgreSQL itself keeps from writing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    start = simulation_start.load(days=days, now=now)
    return Simulation() if start is None else _Simulator(start, now=now).run(days=days)


class _Simulator:
    """Touches due in a heap, enrolments in memory; one night and one day after the other."""

    def __init__(self, start: Start, *, now: datetime) -> None:
        self.start = start
        self.now = now
        self.persons = dict(start.persons)
        self.runs: dict[int, Run] = dict(start.runs)
        self.heap: list[tuple[datetime, int, DueTouch]] = []
        self.enrolled_items: set[tuple[int, int, date]] = set(start.enrolled_items)
        self.result = Simulation()
        self.pending = {key: self._first_due(key) for key in start.households}
        self.next_id = 1 + max((touch.id for touch in start.touches), default=0)
        self.next_enrolment_id = 1 + max(start.runs, default=0)
        for touch in start.touches:
            if touch.state == TouchState.PLANNED:
                heapq.heappush(self.heap, (touch.next_try_at, touch.id, touch))

    def run(self, *, days: int) -> Simulation:
        zone_name = self.start.times.zone_name
        today = wall_time.to_local(self.now, zone_name=zone_name).date()
        self._night(self.now)
        for offset in range(1, days + 1):
            day = today + timedelta(days=offset)
            night_at = wall_time.to_utc(datetime.combine(day, NIGHT), zone_name=zone_name)
            self._send_until(night_at)
            self._night(night_at)
        end = datetime.combine(today + timedelta(days=days + 1), time())
        self._send_until(wall_time.to_utc(end, zone_name=zone_name))
        return self.result

    def _night(self, at: datetime) -> None:
        for run in self.runs.values():
            if self._is_pause_over(run, at=at):
                self._resume(run, at=at)
            if run.state == EnrolmentState.ACTIVE and not run.open_count and run.decided_at <= at - RESTS:
                run.state = EnrolmentState.ENDED
        programme = self._programme(at)
        facts = self._due_vehicles(programme)
        items, left_out = due_items(facts, programme=programme)
        plan = plan_households(
            facts,
            items,
            left_out=left_out,
            running=self._running(),
            reaches=self.start.reaches,
            programme=programme,
        )
        self._take_up(plan, programme=programme)

    def _is_pause_over(self, run: Run, *, at: datetime) -> bool:
        """When an advisor will answer is not guessed: who waits for one goes on waiting."""
        if run.state != EnrolmentState.PAUSED or run.customer_id in self.start.situation.paused.waiting:
            return False
        return run.paused_until is not None and run.paused_until <= at

    def _programme(self, at: datetime) -> Programme:
        start = self.start
        today = wall_time.to_local(at, zone_name=start.times.zone_name).date()
        return Programme(start.version.steps, start.policy, start.times, today, at)

    def _due_vehicles(self, programme: Programme) -> list[VehicleFacts]:
        """Return the vehicles of households that have anything due which is not enrolled yet."""
        return [
            self._at_night(vehicle, programme=programme)
            for key, first_due in self.pending.items()
            if first_due <= programme.due_until
            for vehicle in self.start.households[key]
        ]

    def _first_due(self, household: str) -> date:
        """Return the first date something not enrolled yet is due in a household; the end of time if nothing is."""
        return min(
            (
                service.due_on
                for vehicle in self.start.households.get(household, ())
                for service in vehicle.services
                if (vehicle.vehicle_id, service.service_id, service.cycle_started_on)
                not in self.enrolled_items
            ),
            default=date.max,
        )

    def _at_night(self, vehicle: VehicleFacts, *, programme: Programme) -> VehicleFacts:
        services = tuple(
            DueService(
                service.service_id,
                service.cycle_started_on,
                service.due_on,
                (vehicle.vehicle_id, service.service_id, service.cycle_started_on) in self.enrolled_items,
            )
            for service in vehicle.services
            if service.due_on <= programme.due_until
        )
        is_booked = self.start.is_booked(vehicle.vehicle_id, vehicle.customer_id, at=programme.now)
        return replace(vehicle, services=services, is_booked=is_booked)

    def _running(self) -> dict[str, list[RunningEnrolment]]:
        running: dict[str, list[RunningEnrolment]] = defaultdict(list)
        for run in self.runs.values():
            if run.state != EnrolmentState.ENDED:
                running[run.household].append(RunningEnrolment(run.id, run.anchor_on))
        return running

    def _take_up(self, plan: ChunkPlan, *, programme: Programme) -> None:
        for new in plan.new:
            self._begin(new, programme=programme)
        for join in plan.joins:
            self._add_items(self.runs[join.enrolment_id], join.items)
            self.result.joined += len(join.items)
        self.result.enrolled += len(plan.new)

    def _begin(self, planned: PlannedEnrolment, *, programme: Programme) -> None:
        customer_id = planned.enrolment.customer_id
        run = Run(
            id=self.next_enrolment_id,
            customer_id=customer_id,
            household=self.start.homes[customer_id],
            version_id=self.start.version.id,
            anchor_on=planned.enrolment.anchor_on,
            started_at=programme.now,
            decided_at=programme.now,
        )
        self.next_enrolment_id += 1
        self.runs[run.id] = run
        self._add_items(run, planned.enrolment.items)
        for touch in planned.touches:
            self._add_touch(run, touch)

    def _add_items(self, run: Run, items: tuple[DueItem, ...]) -> None:
        said_sold = {vehicle_id for _, vehicle_id in self.start.situation.paused.said_sold}
        facts = tuple(
            ItemFacts(
                item.vehicle_id,
                item.service_id,
                item.due_on,
                is_said_sold=item.vehicle_id in said_sold,
            )
            for item in items
        )
        known = self.start.situation.items.get(run.id, ())
        ranks = self.start.service_ranks
        self.start.situation.items[run.id] = tuple(
            sorted((*known, *facts), key=lambda item: (item.due_on, ranks.get(item.service_id, 0)))
        )
        self.enrolled_items |= {(item.vehicle_id, item.service_id, item.cycle_started_on) for item in items}
        if run.household in self.pending:
            self.pending[run.household] = self._first_due(run.household)

    def _add_touch(self, run: Run, planned: PlannedTouch) -> None:
        is_open = planned.state == TouchState.PLANNED
        touch = DueTouch(
            id=self.next_id,
            enrolment_id=run.id,
            step_number=planned.step_number,
            fallback_number=0,
            channel=planned.channel,
            state=planned.state,
            due_at=planned.due_at,
            next_try_at=planned.due_at,
            local_due_at=planned.local_due_at,
            zone_name=self.start.times.zone_name,
            enrolment_state=run.state,
            customer_id=run.customer_id,
            version_id=run.version_id,
            started_at=run.started_at,
            household=run.household,
        )
        self.next_id += 1
        sibling = Sibling(touch.id, touch.step_number, touch.channel, touch.due_at, is_open, None)
        self.start.situation.siblings.setdefault(run.id, []).append(sibling)
        if is_open:
            run.open_count += 1
            heapq.heappush(self.heap, (touch.due_at, touch.id, touch))
        else:
            self._report(touch, channel=touch.channel, at=run.started_at, reason=planned.reason)

    def _resume(self, run: Run, *, at: datetime) -> None:
        run.state = EnrolmentState.ACTIVE
        for touch in run.held:
            if touch.due_at < at:
                self._report(touch, channel=touch.channel, at=at, reason=Reason.REPLIED)
                self._close(touch, sent_on=None, at=at)
            else:
                self._reopen(touch)
        run.held = []

    def _send_until(self, end: datetime) -> None:
        while self.heap and self.heap[0][0] < end:
            at, _, touch = heapq.heappop(self.heap)
            self._decide(touch, at=max(at, self.now))

    def _decide(self, touch: DueTouch, *, at: datetime) -> None:
        run = self.runs[touch.enrolment_id]
        self._see_bookings(run, at=at)
        facts = touches.touch_facts(
            replace(touch, enrolment_state=run.state),
            situation=self.start.situation,
            preferred=self.start.preferred,
        )
        (verdict,) = dispatch.decide_in_order([facts], persons=self.persons, now=at)
        if isinstance(verdict, Wait):
            heapq.heappush(self.heap, (verdict.until, touch.id, touch))
            return
        if isinstance(verdict, Send):
            on = self._report(touch, channel=verdict.channel, at=at)
            self._close(touch, sent_on=on, at=at)
        else:
            self._report(touch, channel=touch.channel, at=at, reason=verdict.reason)
            self._close(touch, sent_on=None, at=at)

    def _report(self, touch: DueTouch, *, channel: str, at: datetime, reason: str = "") -> date:
        on = wall_time.to_local(at, zone_name=touch.zone_name).date()
        self.result.touches.append(
            SimulatedTouch(on, at, touch.customer_id, touch.step_number, channel, not reason, reason)
        )
        return on

    def _see_bookings(self, run: Run, *, at: datetime) -> None:
        """Bring what is booked up to the simulated moment: an appointment counts until it is over."""
        items = self.start.situation.items
        items[run.id] = tuple(
            replace(item, is_booked=self.start.is_booked(item.vehicle_id, run.customer_id, at=at))
            for item in items.get(run.id, ())
        )

    def _close(self, touch: DueTouch, *, sent_on: date | None, at: datetime) -> None:
        run = self.runs[touch.enrolment_id]
        run.open_count -= 1
        run.decided_at = at
        siblings = self.start.situation.siblings[run.id]
        siblings[:] = [
            replace(one, is_open=False, sent_on=sent_on) if one.touch_id == touch.id else one
            for one in siblings
        ]

    def _reopen(self, touch: DueTouch) -> None:
        siblings = self.start.situation.siblings[touch.enrolment_id]
        siblings[:] = [replace(one, is_open=True) if one.touch_id == touch.id else one for one in siblings]
        heapq.heappush(self.heap, (touch.due_at, touch.id, touch))
