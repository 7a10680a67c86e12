"""Facts for touches that are due, read again at the moment of sending: a fixed number of queries for a batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from campaigns.enums import ChannelRule, TouchState
from campaigns.logic import channels
from campaigns.logic.dispatch import ItemFacts, TouchFacts
from campaigns.logic.eligibility import VISIT_IS_RECENT
from campaigns.models import Cadence, Touch
from campaigns.queries import cadences, pauses, people
from campaigns.queries.cadences import Version
from campaigns.queries.due import booked, household_key
from campaigns.queries.pauses import Paused
from common import wall_time
from common.lookups import array_of
from common.tenancy import current_dealership
from customers.enums import VehicleStatus
from messaging.enums import MessageState

# Each item with its car, the car's newest visit and where the service's forecast stands, all in one statement: of the
# forecasts and visits of a car, of which there are dozens, one row travels.
ITEMS = """
    SELECT item.enrolment_id, item.vehicle_id, item.service_id, item.due_on, item.cycle_started_on, item.end_reason,
        vehicle.status, vehicle.is_internal, vehicle.customer_id, customer.household_key, forecast.cycle_started_on,
        (SELECT visit.opened_on FROM customers_visit visit
         WHERE visit.dealership_id = item.dealership_id AND visit.vehicle_id = item.vehicle_id
           AND visit.status <> 'void' ORDER BY visit.opened_on DESC LIMIT 1)
    FROM campaigns_enrolmentitem item
    JOIN customers_vehicle vehicle ON vehicle.id = item.vehicle_id
    JOIN customers_service service ON service.id = item.service_id
    LEFT JOIN customers_customer customer ON customer.id = vehicle.customer_id
    LEFT JOIN customers_forecast forecast ON forecast.dealership_id = item.dealership_id
        AND forecast.vehicle_id = item.vehicle_id AND forecast.service_id = item.service_id
    WHERE item.dealership_id = %s AND item.enrolment_id = ANY(%s::bigint[])
    ORDER BY item.due_on, service.rank, item.id
"""

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


class ItemRow(NamedTuple):
    """One row of `ITEMS`."""

    enrolment_id: int
    vehicle_id: int
    service_id: int
    due_on: date
    cycle_started_on: date
    end_reason: str
    vehicle_status: str
    is_internal: bool
    owner_id: int | None
    household_key: str | None
    forecast_cycle: date | None
    visited_on: date | None


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
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, [current_dealership().pk, array_of(homes)])
        rows = [ItemRow(*row) for row in cursor.fetchall()]
    booked_vehicles, booked_customers = booked(
        {row.vehicle_id for row in rows}, [touch.customer_id for touch in touches], now=now
    )
    found: dict[int, list[ItemFacts]] = defaultdict(list)
    for row in rows:
        found[row.enrolment_id].append(
            _item_facts(
                row,
                touch=homes[row.enrolment_id],
                is_booked=row.vehicle_id in booked_vehicles or row.owner_id in booked_customers,
                is_said_sold=(row.owner_id, row.vehicle_id) in paused.said_sold,
            )
        )
    return {enrolment_id: tuple(items) for enrolment_id, items in found.items()}


def _item_facts(row: ItemRow, *, touch: DueTouch, is_booked: bool, is_said_sold: bool) -> ItemFacts:
    is_theirs = row.owner_id is not None and household_key(row.owner_id, row.household_key or "") == (
        touch.household
    )
    started_on = wall_time.to_local(touch.started_at, zone_name=touch.zone_name).date()
    visited_on = row.visited_on or date.min
    return ItemFacts(
        vehicle_id=row.vehicle_id,
        service_id=row.service_id,
        due_on=row.due_on,
        has_ended=bool(row.end_reason),
        is_gone=row.vehicle_status != VehicleStatus.ACTIVE or row.is_internal or not is_theirs,
        has_visited=visited_on >= started_on - VISIT_IS_RECENT and visited_on > row.cycle_started_on,
        is_booked=is_booked,
        is_done=row.forecast_cycle is not None and row.forecast_cycle > row.cycle_started_on,
        is_said_sold=is_said_sold,
    )


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
