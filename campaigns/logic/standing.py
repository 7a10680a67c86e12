"""Why the owner of a vehicle is, or is not, being reminded, in words: the planner's own verdict, told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from campaigns.logic import eligibility
from campaigns.logic.cadence import Reach, lead_days
from campaigns.logic.eligibility import LAPSED_AFTER, STOP_RESTS, VISIT_IS_RECENT, DueService, VehicleFacts
from campaigns.logic.planning import NOTICE, Programme, can_be_reached
from messaging.enums import Reason
from messaging.reason_words import words_for


@dataclass(frozen=True, slots=True)
class Past:
    """How the reminders of an item went that was enrolled: running, or over and why."""

    is_running: bool
    end_words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a vehicle stands with the reminders. `reason` is empty when they run or will begin."""

    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the words mention besides the verdict: names of services, and how enrolled items went."""

    services: Mapping[int, str]
    past: Mapping[tuple[int, date], Past]  # by service and beginning of the cycle


def explain(vehicle: VehicleFacts, *, programme: Programme, reach: Reach, told: Told) -> Standing:
    """Return why the owner of a vehicle is or is not reminded now.

    `vehicle.services` are all its forecasts, whenever due; the verdict is `eligibility.decide`'s, about those the
    planner looks at today.
    """
    looked_at = tuple(each for each in vehicle.services if each.due_on <= programme.due_until)
    verdict = eligibility.decide(
        replace(vehicle, services=looked_at), policy=programme.policy, today=programme.today
    )
    if isinstance(verdict, eligibility.Enrol):
        return _about_to_begin(verdict, programme=programme, reach=reach, told=told)
    match verdict.reason:
        case Reason.NOT_DUE:
            return Standing(verdict.reason, _not_due(vehicle, programme=programme, told=told))
        case Reason.LAPSED:
            return Standing(verdict.reason, _lapsed(looked_at, programme=programme, told=told))
        case Reason.ALREADY_ENROLLED:
            return _enrolled(looked_at, told=told)
        case reason:
            return Standing(reason, _rest_words(reason, vehicle) or words_for(reason))


def held_back(found: Standing, *, waits_for_advisor: bool, is_said_sold: bool) -> Standing:
    """Return where a vehicle stands whose reminders run, or would, where something keeps them back meanwhile."""
    if found.reason or not (waits_for_advisor or is_said_sold):
        return found
    reason = Reason.SAID_SOLD if is_said_sold else Reason.WAITS_FOR_ADVISOR
    return Standing(reason, f"{words_for(reason)}. {found.words}")


def _rest_words(reason: Reason, vehicle: VehicleFacts) -> str:
    """After which event, and for how long, nothing is begun; empty for reasons that are no rest."""
    if reason == Reason.VISITED:
        return (
            f"It was in on {_day(vehicle.last_visit_on)}: none within {VISIT_IS_RECENT.days} days of a visit"
        )
    if reason == Reason.OPTED_OUT:
        rest = f"none begin within {STOP_RESTS.days} days of that, on any channel"
        return f"The customer stopped them on {_day(vehicle.stopped_on)}: {rest}"
    return ""


def _about_to_begin(
    verdict: eligibility.Enrol, *, programme: Programme, reach: Reach, told: Told
) -> Standing:
    if not can_be_reached(reach, steps=programme.steps):
        return Standing(reach.refusal, f"No channel of the cadence works: {_lower(words_for(reach.refusal))}")
    first = min(verdict.services, key=_by_due_date)
    if first.due_on > programme.starts_by:
        return Standing(Reason.NONE, _begin_words(first, programme=programme, told=told))
    return Standing(Reason.NONE, f"They begin with the next planning: {_is_due(first, told=told)}")


def _not_due(vehicle: VehicleFacts, *, programme: Programme, told: Told) -> str:
    if not vehicle.services:
        return "Nothing is forecast: there is no usable visit with an odometer reading yet"
    first = min(vehicle.services, key=_by_due_date)
    return f"Nothing is due yet. {_begin_words(first, programme=programme, told=told)}"


def _begin_words(first: DueService, *, programme: Programme, told: Told) -> str:
    begins_on = first.due_on - timedelta(days=lead_days(programme.steps)) - NOTICE
    return f"They begin around {_day(begins_on)}: {_is_due(first, told=told)}"


def _lapsed(services: tuple[DueService, ...], *, programme: Programme, told: Told) -> str:
    latest = max((each for each in services if not each.is_enrolled), key=_by_due_date)
    days = (programme.today - latest.due_on).days
    name = told.services.get(latest.service_id, "a service")
    return f"{name} was due {days} days ago: reminders end {LAPSED_AFTER.days} days after the due date"


def _enrolled(services: tuple[DueService, ...], *, told: Told) -> Standing:
    latest = max(services, key=_by_due_date)
    past = told.past.get((latest.service_id, latest.cycle_started_on))
    if past is None or past.is_running:
        return Standing(Reason.NONE, f"Under way: {_is_due(latest, told=told)}")
    ended = f"Those of this cycle are over ({_lower(past.end_words)})"
    return Standing(Reason.ALREADY_ENROLLED, f"{ended}: {_is_due(latest, told=told)}")


def _is_due(service: DueService, *, told: Told) -> str:
    return f"{_lower(told.services.get(service.service_id, 'a service'))} is due {_day(service.due_on)}"


def _by_due_date(service: DueService) -> tuple[date, int]:
    return service.due_on, service.service_id


def _day(on: date | None) -> str:
    return f"{on.day} {on:%b %Y}" if on else "an unknown day"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
