"""Where vehicles stand with the reminders, for the page of their owner."""

from collections.abc import Collection
from datetime import date, datetime

from campaigns.enums import EndReason, EnrolmentState
from campaigns.logic import standing
from campaigns.logic.cadence import Reach
from campaigns.logic.standing import Past, Standing, Told
from campaigns.models import EnrolmentItem
from campaigns.queries import cadences, due, pauses, people
from customers.models import Service
from messaging.enums import Reason


def standings(vehicle_ids: Collection[int], *, now: datetime) -> dict[int, Standing]:
    """Return why the owner of each vehicle is or is not reminded now; from a fixed number of queries.

    A vehicle without an owner is left out; nobody could be reminded.
    """
    if not vehicle_ids:
        return {}
    cadence = cadences.service_due_cadence()
    if cadence is None:
        words = "The dealership has no cadence for services due"
        return {vehicle_id: Standing(Reason.NOT_DUE, words) for vehicle_id in vehicle_ids}
    programme = cadences.programme(cadence, version=cadences.current_version(cadence), now=now)
    facts = due.vehicle_facts(vehicle_ids, due_until=date.max, today=programme.today, now=now)
    reaches = people.reaches({each.customer_id for each in facts}, purpose=cadence.purpose, now=now)
    names = dict(Service.objects.values_list("pk", "name"))
    past = _past(vehicle_ids)
    paused = pauses.read_paused({each.customer_id for each in facts})
    return {
        each.vehicle_id: standing.held_back(
            standing.explain(
                each,
                programme=programme,
                reach=reaches.get(each.customer_id, Reach(frozenset())),
                told=Told(names, past.get(each.vehicle_id, {})),
            ),
            waits_for_advisor=each.customer_id in paused.waiting,
            is_said_sold=(each.customer_id, each.vehicle_id) in paused.said_sold,
        )
        for each in facts
    }


def _past(vehicle_ids: Collection[int]) -> dict[int, dict[tuple[int, date], Past]]:
    rows = EnrolmentItem.objects.filter(vehicle_id__any_of=list(vehicle_ids)).values_list(
        "vehicle_id", "service_id", "cycle_started_on", "end_reason", "enrolment__state"
    )
    found: dict[int, dict[tuple[int, date], Past]] = {}
    for vehicle_id, service_id, started_on, end_reason, state in rows:
        is_running = not end_reason and state != EnrolmentState.ENDED
        past = Past(is_running, str(EndReason(end_reason).label))
        found.setdefault(vehicle_id, {})[service_id, started_on] = past
    return found
