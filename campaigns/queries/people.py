"""How customers can be reached, as planning needs it; each answer is the gate's own."""

from collections.abc import Collection, Hashable
from datetime import datetime

from campaigns.logic.cadence import Reach
from common.enums import Channel
from customers.models import Customer
from messaging.enums import Reason
from messaging.logic import gate
from messaging.logic.person import PersonFacts
from messaging.logic.postal import region_of_code
from messaging.models import InboundMessage
from messaging.queries.gate import person_facts

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER)
HELD_BY_HOURS = (Channel.EMAIL, Channel.SMS, Channel.VOICE)  # a letter goes by the dealership's days
EXCHANGE_LENGTH = len("+1512555")  # what the zone of a North American number is known by


def reaches(customer_ids: Collection[int], *, purpose: str, now: datetime) -> dict[int, Reach]:
    """Return how each customer can be reached for a purpose; the time of day is left out of it."""
    preferred = preferred_channels(customer_ids)
    asked: dict[tuple[Hashable, ...], Reach] = {}
    found: dict[int, Reach] = {}
    for customer_id, person in person_facts(customer_ids, now=now).items():
        key = (preferred.get(customer_id, ""), *_shape(person))
        if key not in asked:
            asked[key] = reach_of(person, purpose=purpose, preferred=preferred.get(customer_id, ""), now=now)
        found[customer_id] = asked[key]
    return found


def reach_of(person: PersonFacts, *, purpose: str, preferred: str, now: datetime) -> Reach:
    """Return the channels the gate would let through at some hour, or why it lets none."""
    usable: set[str] = set()
    refusal: str = Reason.NONE
    for channel in CHANNELS:
        # An answer is held by everything but the time: what is wanted here.
        facts = person.gate_facts(channel=channel, purpose=purpose, is_answer=True)
        verdict = gate.decide(facts, now=now)
        if isinstance(verdict, gate.Skip):
            refusal = refusal or verdict.reason
        else:
            usable.add(channel)
    zones = tuple((str(channel), person.zone_names(channel)) for channel in HELD_BY_HOURS)
    places = tuple((str(channel), person.places(channel)) for channel in HELD_BY_HOURS)
    return Reach(frozenset(usable), preferred, Reason.NONE if usable else refusal, zones, places)


def _shape(person: PersonFacts) -> tuple[Hashable, ...]:
    """Return all that the gate's refusals and hours depend on: people of one shape are asked about once.

    A hundred thousand people have a few hundred shapes; asking the gate for each took longer than planning.
    """
    points = tuple(
        (
            point.kind,
            point.validity,
            point.textability,
            point.region,
            region_of_code(point.postal_code, country=point.country or person.country),
            point.country,
            _exchange(point.value) if point.kind == "phone" else "",
            tuple(channel for channel in CHANNELS if (channel, point.value) in person.suppressed),
        )
        for point in person.points
    )
    said = tuple((each.channel, each.purpose, each.action, each.source) for each in person.said)
    return points, said, person.is_internal, person.dealership_is_active, person.provided


def _exchange(number: str) -> str:
    """Return what a number's zone is known by: area code and exchange in North America, elsewhere all of it."""
    return number[:EXCHANGE_LENGTH] if number.startswith("+1") else number


def preferred_channels(customer_ids: Collection[int]) -> dict[int, str]:
    """Return the channel each customer asked for, else the one they last answered on; others are left out.

    A stop is no answer: who ended texts by a text does not prefer them.
    """
    ids = list(customer_ids)
    answered = (
        InboundMessage.objects.filter(customer_id__any_of=ids, is_opt_out=False)
        .order_by("customer_id", "-received_at")
        .distinct("customer_id")
        .values_list("customer_id", "channel")
    )
    asked = Customer.objects.filter(pk__any_of=ids).exclude(preferred_channel="")
    found = {customer_id: channel for customer_id, channel in answered if customer_id is not None}
    return found | dict(asked.values_list("pk", "preferred_channel"))
