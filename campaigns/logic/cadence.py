"""From the steps of a cadence to dated touches, in the dealership's local time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from campaigns.enums import TouchState
from campaigns.logic import channels
from campaigns.logic.sending_times import SendingTimes
from common import wall_time
from messaging.enums import Reason

# A reminder after the plan's date still needs some days of effect before the next one comes.
CATCH_UP_GAP = timedelta(days=3)

EARLIEST_SEND_TIME = time(
    8
)  # federal calling hours, see messaging's quiet hours; the gate narrows them by state
LATEST_SEND_TIME = time(20)


@dataclass(frozen=True, slots=True)
class StepRule:
    """One contact of a cadence: when, relative to the due date, and over which channel."""

    number: int
    offset_days: int
    channel_rule: str
    channel: str
    send_time: time


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person can be reached: the channels that work today, the one they prefer, and why if none works.

    `zones` and `jurisdictions`: for each channel all they may be in; a channel that is not there: the dealership's.
    """

    usable: frozenset[str]
    preferred: str = ""
    refusal: str = Reason.NONE
    zones: tuple[tuple[str, tuple[str, ...]], ...] = ()
    jurisdictions: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def zone_names(self, channel: str) -> tuple[str, ...]:
        return next((names for one, names in self.zones if one == channel), ())

    def places(self, channel: str) -> tuple[str, ...]:
        return next((names for one, names in self.jurisdictions if one == channel), ())


@dataclass(frozen=True, slots=True)
class PlannedTouch:
    """One contact with its date; `local_due_at` is the dealership's wall time, `due_at` the moment it means."""

    step_number: int
    channel: str
    local_due_at: datetime
    due_at: datetime
    state: str = TouchState.PLANNED
    reason: str = ""


def plan_touches(
    steps: tuple[StepRule, ...], *, anchor_on: date, times: SendingTimes, reach: Reach, now: datetime
) -> list[PlannedTouch]:
    """Return one touch per step, in step order: planned, or skipped because its day had passed.

    Each lies at an hour its channel may be used at: one that would fall on a Sunday, a holiday or at night
    comes at the next hour allowed, and what follows makes room, so that never two come on one day.

    Who is enrolled late starts with the step that fits: of the steps whose time has passed only the last
    that can be delivered is sent, at its usual hour, and that only when the next one is not near. So
    no enrolment, however late, begins with a burst.

    A step no channel works for today is planned all the same, on its own channel: what can be delivered
    is decided again when it is due.
    """
    dated = _date_all(steps, anchor_on=anchor_on, times=times, reach=reach)
    passed = [touch for touch in dated if touch.due_at < now]
    ahead = [touch for touch in dated if touch.due_at >= now]
    late = next((touch for touch in reversed(passed) if touch.channel in reach.usable), None)
    start = None
    if late is not None:
        send_time = next(step.send_time for step in steps if step.number == late.step_number)
        local_at = wall_time.next_at(send_time, not_before=now, zone_name=times.zone_name)
        start = _at(local_at, touch=late, times=times, reach=reach)
    if start and ahead and ahead[0].local_due_at.date() - start.local_due_at.date() < CATCH_UP_GAP:
        start = None
    started = [
        start if start and start.step_number == touch.step_number else _passed(touch) for touch in passed
    ]
    return [*started, *ahead]


def find_faults(steps: tuple[StepRule, ...]) -> list[str]:
    """Return what keeps steps from being published, in words; empty when they are sound."""
    faults = [] if steps else ["A cadence needs at least one step."]
    for earlier, later in pairwise(steps):
        if later.offset_days <= earlier.offset_days:
            faults.append(f"Step {later.number} must come at least a day after step {earlier.number}.")
    faults += [
        f"Step {step.number} is sent at {step.send_time:%H:%M}: choose a time from "
        f"{EARLIEST_SEND_TIME:%H:%M} to {LATEST_SEND_TIME:%H:%M}."
        for step in steps
        if not EARLIEST_SEND_TIME <= step.send_time <= LATEST_SEND_TIME
    ]
    return faults


def lead_days(steps: tuple[StepRule, ...]) -> int:
    """Return how many days before the due date the first step comes; 0 when all come after it."""
    return max(0, *(-step.offset_days for step in steps))


def _date_all(
    steps: tuple[StepRule, ...], *, anchor_on: date, times: SendingTimes, reach: Reach
) -> list[PlannedTouch]:
    dated: list[PlannedTouch] = []
    for step in steps:
        on = anchor_on + timedelta(days=step.offset_days)
        if dated:  # the one before may have been put off to this day
            on = max(on, dated[-1].local_due_at.date() + timedelta(days=1))
        dated.append(_date(step, on=on, times=times, reach=reach))
    return dated


def _date(step: StepRule, *, on: date, times: SendingTimes, reach: Reach) -> PlannedTouch:
    options = channels.candidates(step.channel_rule, channel=step.channel, preferred=reach.preferred)
    channel = channels.choose(options, usable=reach.usable) or step.channel
    local_at, due_at = times.place(
        datetime.combine(on, step.send_time),
        channel=channel,
        zone_names=reach.zone_names(channel),
        places=reach.places(channel),
    )
    return PlannedTouch(step.number, channel, local_at, due_at)


def _at(local_at: datetime, *, touch: PlannedTouch, times: SendingTimes, reach: Reach) -> PlannedTouch:
    """Return the touch on another date, at the first hour allowed there."""
    placed_at, due_at = times.place(
        local_at,
        channel=touch.channel,
        zone_names=reach.zone_names(touch.channel),
        places=reach.places(touch.channel),
    )
    return PlannedTouch(touch.step_number, touch.channel, placed_at, due_at)


def _passed(touch: PlannedTouch) -> PlannedTouch:
    return PlannedTouch(
        step_number=touch.step_number,
        channel=touch.channel,
        local_due_at=touch.local_due_at,
        due_at=touch.due_at,
        state=TouchState.SKIPPED,
        reason=Reason.STEP_PASSED,
    )
