"""Facts for touches that are due, read again at the moment of sending: a fixed number of queries for a batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from campaigns.enums import ChannelRule, TouchState
from campaigns.logic import channels
from campaigns.logic.dispatch import ItemFacts, TouchFacts
from campaigns.logic.eligibility import VISIT_IS_RECENT
from campaigns.models import Cadence, EnrolmentItem, Touch
from campaigns.queries import cadences, pauses, people
from campaigns.queries.cadences import Version
from campaigns.queries.due import booked, household_key
from campaigns.queries.pauses import Paused
from common import wall_time
from customers.enums import VehicleStatus, VisitStatus
from customers.models import Forecast, Visit
from messaging.enums import MessageState

LOST = frozenset({MessageState.FAILED, MessageState.CANCELLED})


@dataclass(frozen=True, slots=True)
class DueTouch:
    """A touch with its enrolment, as claimed."""

    id: int
    enrolment_id: int
    step_number: int
    fallback_number: int
    channel: str
    state: str
    due_at: datetime
    next_try_at: datetime
    local_due_at: datetime
    zone_name: str
    enrolment_state: str
    customer_id: int
    version_id: int
    started_at: datetime
    household: str


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another touch of the same enrolment: when it is due, or on which local date it went out."""

    touch_id: int
    step_number: int
    channel: str
    due_at: datetime
    is_open: bool
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known about a batch besides the people: items, siblings, versions, cadences."""

    items: dict[int, tuple[ItemFacts, ...]]  # by enrolment
    siblings: dict[int, list[Sibling]]  # by enrolment
    versions: dict[int, Version]
    cadences: dict[int, Cadence]
    paused: Paused


def due_touches(found: QuerySet[Touch]) -> list[DueTouch]:
    """Return touches with their enrolments, the longest due first."""
    rows = found.values_list(
        "next_try_at",
        "pk",
        "enrolment_id",
        "step_number",
        "fallback_number",
        "channel",
        "state",
        "due_at",
        "local_on",
        "local_time",
        "zone_name",
        "enrolment__state",
        "enrolment__customer_id",
        "enrolment__version_id",
        "enrolment__started_at",
        "enrolment__customer__household_key",
    )
    return [_due_touch(*row) for row in sorted(rows.order_by())]


def _due_touch(next_try_at: datetime, touch_id: int, enrolment_id: int, *rest: Any) -> DueTouch:
    number, fallback, channel, state, due_at, on, at, zone_name, *enrolment = rest
    enrolment_state, customer_id, version_id, started_at, key = enrolment
    return DueTouch(
        id=touch_id,
        enrolment_id=enrolment_id,
        step_number=number,
        fallback_number=fallback,
        channel=channel,
        state=state,
        due_at=due_at,
        next_try_at=next_try_at,
        local_due_at=datetime.combine(on, at),
        zone_name=zone_name,
        enrolment_state=enrolment_state,
        customer_id=customer_id,
        version_id=version_id,
        started_at=started_at,
        household=household_key(customer_id, key),
    )


def touch_facts(touch: DueTouch, *, situation: Situation, preferred: dict[int, str]) -> TouchFacts:
    """Return what decides about one touch."""
    version = situation.versions[touch.version_id]
    cadence = situation.cadences[version.cadence_id]
    siblings = [one for one in situation.siblings.get(touch.enrolment_id, []) if one.touch_id != touch.id]
    later = [one.due_at for one in siblings if one.is_open and one.step_number > touch.step_number]
    return TouchFacts(
        touch_id=touch.id,
        enrolment_id=touch.enrolment_id,
        enrolment_state=touch.enrolment_state,
        customer_id=touch.customer_id,
        purpose=cadence.purpose,
        options=_options(
            touch, version=version, siblings=siblings, preferred=preferred.get(touch.customer_id, "")
        ),
        due_at=touch.due_at,
        local_due_at=touch.local_due_at,
        zone_name=touch.zone_name,
        items=situation.items.get(touch.enrolment_id, ()),
        superseded_at=min(later, default=None),
        sent_on=max((one.sent_on for one in siblings if one.sent_on), default=None),
        cadence_is_running=cadence.is_active,
        waits_for_advisor=touch.customer_id in situation.paused.waiting,
        started_at=touch.started_at,
    )


def load_situation(claimed: Collection[DueTouch], *, now: datetime) -> Situation:
    """Return what is known about a batch besides the people, from a fixed number of queries."""
    versions = cadences.versions({touch.version_id for touch in claimed})
    ids = {version.cadence_id for version in versions.values()}
    paused = pauses.read_paused()
    return Situation(
        items=item_facts(claimed, paused=paused, now=now),
        siblings=siblings_of(claimed),
        versions=versions,
        cadences=Cadence.objects.in_bulk(ids),
        paused=paused,
    )


def facts_of(claimed: Collection[DueTouch], *, situation: Situation) -> list[TouchFacts]:
    """Return what decides about each touch, in their order."""
    preferred = people.preferred_channels({touch.customer_id for touch in claimed})
    return [touch_facts(touch, situation=situation, preferred=preferred) for touch in claimed]


def _options(
    touch: DueTouch, *, version: Version, siblings: Iterable[Sibling], preferred: str
) -> tuple[str, ...]:
    """Return the channels a touch may use: by its step's rule, or what a failed one of the step left over.

    Of these the ones with a text; none where the version lacks the step or its texts.
    """
    step = version.step(touch.step_number)
    if step is None:
        return ()
    if touch.fallback_number == 0:
        options = channels.candidates(step.channel_rule, channel=step.channel, preferred=preferred)
    else:
        tried = {one.channel for one in siblings if one.step_number == touch.step_number}
        others = channels.candidates(ChannelRule.NEXT_WORKING, channel=step.channel)
        options = tuple(dict.fromkeys(one for one in (touch.channel, *others) if one not in tried))
    written = {channel for number, channel, _ in version.templates if number == touch.step_number}
    return tuple(one for one in options if one in written)


def item_facts(
    touches: Collection[DueTouch], *, paused: Paused, now: datetime
) -> dict[int, tuple[ItemFacts, ...]]:
    """Return the items of each enrolment and what has happened to them since it began."""
    homes = {touch.enrolment_id: touch for touch in touches}
    rows = list(
        EnrolmentItem.objects.filter(enrolment_id__any_of=list(homes))
        .order_by("due_on", "service__rank", "pk")
        .values_list(
            "enrolment_id",
            "vehicle_id",
            "service_id",
            "due_on",
            "cycle_started_on",
            "end_reason",
            "vehicle__status",
            "vehicle__is_internal",
            "vehicle__customer_id",
            "vehicle__customer__household_key",
        )
    )
    vehicle_ids = list({row[1] for row in rows})
    booked_vehicles, booked_customers = booked(vehicle_ids, [touch.customer_id for touch in touches], now=now)
    visited = _last_visits(vehicle_ids)
    cycles = _current_cycles(vehicle_ids)
    found: dict[int, list[ItemFacts]] = defaultdict(list)
    for enrolment_id, vehicle_id, service_id, due_on, cycle, ended, status, internal, owner_id, key in rows:
        touch = homes[enrolment_id]
        is_theirs = owner_id is not None and household_key(owner_id, key or "") == touch.household
        started_on = wall_time.to_local(touch.started_at, zone_name=touch.zone_name).date()
        visited_on = visited.get(vehicle_id, date.min)
        found[enrolment_id].append(
            ItemFacts(
                vehicle_id=vehicle_id,
                service_id=service_id,
                due_on=due_on,
                has_ended=bool(ended),
                is_gone=status != VehicleStatus.ACTIVE or internal or not is_theirs,
                has_visited=visited_on >= started_on - VISIT_IS_RECENT and visited_on > cycle,
                is_booked=vehicle_id in booked_vehicles or owner_id in booked_customers,
                is_done=cycles.get((vehicle_id, service_id), cycle) > cycle,
                is_said_sold=(owner_id, vehicle_id) in paused.said_sold,
            )
        )
    return {enrolment_id: tuple(items) for enrolment_id, items in found.items()}


def was_sent(touch: Touch) -> bool:
    """Return whether a touch reached the provider, as far as is known; its message must be loaded with it."""
    return touch.state == TouchState.SENT and (touch.message is None or touch.message.state not in LOST)


def siblings_of(touches: Collection[DueTouch]) -> dict[int, list[Sibling]]:
    """Return all touches of the enrolments of these touches, by enrolment.

    One whose message failed counts as not sent: nobody heard of us.
    """
    zones = {touch.enrolment_id: touch.zone_name for touch in touches}
    found: dict[int, list[Sibling]] = defaultdict(list)
    rows = Touch.objects.filter(enrolment_id__any_of=list(zones)).values_list(
        "pk", "enrolment_id", "step_number", "channel", "due_at", "state", "decided_at", "message__state"
    )
    for pk, enrolment_id, number, channel, due_at, state, decided_at, message_state in rows:
        sent_at = decided_at if state == TouchState.SENT and message_state not in LOST else None
        sent_on = (
            wall_time.to_local(sent_at, zone_name=zones[enrolment_id]).date() if sent_at is not None else None
        )
        is_open = state == TouchState.PLANNED
        found[enrolment_id].append(Sibling(pk, number, channel, due_at, is_open, sent_on))
    return found


def _last_visits(vehicle_ids: Collection[int]) -> dict[int, date]:
    visits = Visit.objects.filter(vehicle_id__any_of=list(vehicle_ids)).exclude(status=VisitStatus.VOID)
    return dict(visits.order_by("vehicle_id", "opened_on").values_list("vehicle_id", "opened_on"))


def _current_cycles(vehicle_ids: Collection[int]) -> dict[tuple[int, int], date]:
    rows = Forecast.objects.filter(vehicle_id__any_of=list(vehicle_ids))
    return {
        (vehicle_id, service_id): started_on
        for vehicle_id, service_id, started_on in rows.values_list(
            "vehicle_id", "service_id", "cycle_started_on"
        )
    }
