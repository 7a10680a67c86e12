"""What becomes of a touch that is due: Send, Wait or Skip. The simulator asks here too.

The reasons are the gate's. This module adds what only a campaign knows: which channels a step may use,
which of its cars are still open, and that an enrolment speaks up once a day at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from campaigns.enums import EnrolmentState
from common import wall_time
from common.enums import Purpose
from messaging.enums import Reason
from messaging.logic import gate
from messaging.logic.caps import Sent
from messaging.logic.consent import has_asked_to_stop
from messaging.logic.gate import Skip, Wait
from messaging.logic.person import PersonFacts

# A reminder this late (a stopped worker, a long wait for quiet hours) has lost its point, and the next
# one is near. It bridges Thanksgiving and the weekend after it.
LATEST_BY = timedelta(days=5)

LOOK_AGAIN = timedelta(hours=1)  # where only a member can change what holds a touch back


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One service of one vehicle the touch is about, and what has happened to it since."""

    vehicle_id: int
    service_id: int
    due_on: date
    has_ended: bool = False
    is_gone: bool = False
    has_visited: bool = False
    is_booked: bool = False
    is_done: bool = False
    is_said_sold: bool = False

    @property
    def is_pending(self) -> bool:
        """Nothing has happened that ends it."""
        return not (self.has_ended or self.is_gone or self.has_visited or self.is_booked or self.is_done)

    @property
    def is_open(self) -> bool:
        """It may be reminded of now."""
        return self.is_pending and not self.is_said_sold


@dataclass(frozen=True, slots=True)
class TouchFacts:
    """What decides about one due touch. `options`: the channels it may use and has a text for, best first.

    `superseded_at`: when the enrolment's next touch is due; `sent_on`: the local date of its latest sent one;
    `waits_for_advisor`: the customer wrote to us and no person has answered yet.
    """

    touch_id: int
    enrolment_id: int
    enrolment_state: str
    customer_id: int
    purpose: str
    options: tuple[str, ...]
    due_at: datetime
    local_due_at: datetime
    zone_name: str
    items: tuple[ItemFacts, ...]
    superseded_at: datetime | None = None
    sent_on: date | None = None
    cadence_is_running: bool = True
    waits_for_advisor: bool = False
    started_at: datetime | None = None  # of the enrolment

    @property
    def expires_at(self) -> datetime:
        """When it is too late for this touch: the next one takes over, or nobody would know why it comes."""
        latest = self.due_at + LATEST_BY
        return latest if self.superseded_at is None else min(latest, self.superseded_at)


@dataclass(frozen=True, slots=True)
class Send:
    """Hand it over on this channel, about these items."""

    channel: str
    items: tuple[ItemFacts, ...]


Verdict = Send | Wait | Skip


def decide(touch: TouchFacts, *, person: PersonFacts, now: datetime) -> Verdict:
    """Return what becomes of a due touch. The first that applies, in this order:

    1. the enrolment ended, or waits for an answer, or the customer has asked us to stop since it began, on whatever
    channel (that ends it; whatever kept it from ending must not have us write)  2. there is no text for it (waits: an admin
    may write one)  3. a refusal by the gate: its order stands there  4. the customer waits for an advisor (waits)
    5. all that is left is about vehicles they say they sold (waits)  6. cadence paused (waits)
    7. another touch of the enrolment went out today (waits for tomorrow)
    8. quiet hours and frequency cap (wait)

    Of the channels the step may use, the first that the gate does not refuse is taken. A wait that would
    end after `expires_at` is a skip already.
    """
    if (over := _is_over(touch, person)) is not None:
        return over
    if not touch.options:
        return _in_time(Wait(now + LOOK_AGAIN, Reason.NO_TEXT), touch)
    channel, verdict = _first_open(touch, person=person, now=now)
    if isinstance(verdict, Skip):
        return verdict
    held = _hold(touch, now=now)
    if held is not None:
        return _in_time(held, touch)
    return verdict if isinstance(verdict, Wait) else Send(channel, _open_items(touch))


def _is_over(touch: TouchFacts, person: PersonFacts) -> Skip | None:
    """Why the enrolment as a whole does not go on, whatever its touches are about."""
    if touch.enrolment_state == EnrolmentState.ENDED:
        return Skip(Reason.ENROLMENT_ENDED)
    if touch.enrolment_state == EnrolmentState.PAUSED:
        return Skip(Reason.REPLIED)
    started_at = touch.started_at
    if started_at and has_asked_to_stop(person.said, purpose=touch.purpose, since=started_at):
        return Skip(Reason.OPTED_OUT)
    return None


def decide_in_order(
    touches: Iterable[TouchFacts], *, persons: dict[int, PersonFacts], now: datetime
) -> list[Verdict]:
    """Return a verdict for each touch; a later one of a person or enrolment knows what an earlier one sends.

    `persons`, by customer, is brought up to date on the way.
    """
    verdicts: list[Verdict] = []
    spoke_on: dict[int, date] = {}
    for touch in touches:
        spoke = spoke_on.get(touch.enrolment_id)
        heard = touch if spoke is None else replace(touch, sent_on=spoke)
        person = persons[touch.customer_id]
        verdict = decide(heard, person=person, now=now)
        if isinstance(verdict, Send):
            persons[touch.customer_id] = with_sent(
                person, channel=verdict.channel, purpose=touch.purpose, at=now
            )
            spoke_on[touch.enrolment_id] = wall_time.to_local(now, zone_name=touch.zone_name).date()
        verdicts.append(verdict)
    return verdicts


def with_sent(person: PersonFacts, *, channel: str, purpose: str, at: datetime) -> PersonFacts:
    """Return a person's facts after one more message: the next touch of the same batch must see it."""
    is_counted = purpose == Purpose.MARKETING
    return replace(person, sent=(*person.sent, Sent(channel, at))) if is_counted else person


def _in_time(wait: Wait, touch: TouchFacts) -> Wait | Skip:
    return wait if wait.until < touch.expires_at else Skip(wait.reason)


def _first_open(touch: TouchFacts, *, person: PersonFacts, now: datetime) -> tuple[str, gate.Verdict]:
    """Return the first channel the gate does not refuse, with its verdict; else the first one and its refusal."""
    refused: list[tuple[str, gate.Verdict]] = []
    for channel in touch.options:
        verdict = _ask_gate(touch, channel=channel, person=person, now=now)
        if not isinstance(verdict, Skip):
            return channel, verdict
        refused.append((channel, verdict))
    return refused[0]


def _ask_gate(touch: TouchFacts, *, channel: str, person: PersonFacts, now: datetime) -> gate.Verdict:
    facts = person.gate_facts(
        channel=channel,
        purpose=touch.purpose,
        expires_at=touch.expires_at,
        enrolment_has_ended=all(item.has_ended for item in touch.items),
        vehicle_is_gone=_explains(touch.items, "is_gone"),
        has_visited=_explains(touch.items, "has_visited"),
        is_booked=_explains(touch.items, "is_booked"),
        is_no_longer_due=_explains(touch.items, "is_done"),
    )
    return gate.decide(facts, now=now)


def _explains(items: Sequence[ItemFacts], what: str) -> bool:
    """Return whether this is why nothing is left to remind of: no item is pending, and it holds for one."""
    return not any(item.is_pending for item in items) and any(getattr(item, what) for item in items)


def _hold(touch: TouchFacts, *, now: datetime) -> Wait | None:
    if touch.waits_for_advisor:
        return Wait(now + LOOK_AGAIN, Reason.WAITS_FOR_ADVISOR)
    if any(item.is_pending for item in touch.items) and not _open_items(touch):
        return Wait(now + LOOK_AGAIN, Reason.SAID_SOLD)
    if not touch.cadence_is_running:
        return Wait(now + LOOK_AGAIN, Reason.CADENCE_PAUSED)
    local_now = wall_time.to_local(now, zone_name=touch.zone_name)
    if touch.sent_on is not None and touch.sent_on >= local_now.date():
        tomorrow = datetime.combine(local_now.date() + timedelta(days=1), touch.local_due_at.time())
        return Wait(wall_time.to_utc(tomorrow, zone_name=touch.zone_name), Reason.FREQUENCY_CAP)
    return None


def _open_items(touch: TouchFacts) -> tuple[ItemFacts, ...]:
    return tuple(item for item in touch.items if item.is_open)
