"""Everything a reply is understood and answered with, in a handful of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking import queries as booking_queries
from booking.logic.slots import FreeSlot, Schedule
from booking.models import Appointment
from campaigns.models import EnrolmentItem
from common.tenancy import current_dealership
from conversations.enums import Action
from conversations.logic.dialogue import State
from conversations.logic.thread import ADVISOR
from conversations.logic.understanding import Context, Hours
from conversations.models import Conversation, Understanding
from customers.enums import VehicleStatus
from customers.models import Customer, Vehicle
from messaging.models import InboundMessage, Message

# Countries that write the month first; everybody else writes 5/12 for the fifth of December.
MONTH_FIRST = frozenset({"US", "PH", "CA"})
# Questions asked longer ago belong to an earlier exchange.
EXCHANGE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """The conversation as it stood before the reply."""

    customer: Customer
    vehicle: Vehicle | None
    appointment: Appointment | None
    schedule: Schedule
    offered: tuple[FreeSlot, ...]
    questions_asked: int
    has_advisor_spoken_last: bool
    now: datetime

    @property
    def booked(self) -> datetime | None:
        """When the customer is booked, as local wall time."""
        found = self.appointment
        return datetime.combine(found.local_on, found.local_time) if found else None

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.schedule.zone).replace(tzinfo=None)

    def for_understanding(self) -> Context:
        starts = tuple(slot.local_start for slot in self.offered)
        one_day = starts[0] if len({start.date() for start in starts}) == 1 else None
        return Context(
            now=self.local_now,
            hours=tuple(Hours(h.weekday, h.opens_at, h.closes_at) for h in self.schedule.hours),
            offered=starts,
            topic=one_day or self.booked,
            is_day_first=current_dealership().country not in MONTH_FIRST,
        )

    def for_dialogue(self) -> State:
        horizon = self.schedule.today(self.now) + timedelta(days=self.schedule.rules.horizon_days)
        return State(self.local_now, horizon, self.offered, self.booked, self.questions_asked)


def read_context(inbound: InboundMessage, conversation: Conversation, *, now: datetime) -> ReplyContext:
    """Return what is known when a customer's reply comes in: about which car, what was offered, what is booked."""
    customer = conversation.customer
    upcoming = booking_queries.upcoming_appointments(customer.pk, now=now)
    vehicle = _vehicle(inbound, customer, upcoming)
    schedule = booking_queries.read_schedule()
    mine = [found for found in upcoming if vehicle is None or found.vehicle_id in {vehicle.pk, None}]
    return ReplyContext(
        customer=customer,
        vehicle=vehicle,
        appointment=mine[0] if mine else None,
        schedule=schedule,
        offered=_offered(conversation, schedule, now=now),
        questions_asked=_questions_asked(customer, now=now),
        has_advisor_spoken_last=_has_advisor_spoken_last(customer, now=now),
        now=now,
    )


def free_slots_for(context: ReplyContext, *, until_local: datetime) -> list[FreeSlot]:
    """Return the free slots up to a local time; the customer's own appointment counts as free for them."""
    until = until_local.replace(tzinfo=context.schedule.zone)
    free = booking_queries.free_slots(
        from_at=context.now, until=until, limit=10_000, now=context.now, schedule=context.schedule
    )
    if context.appointment is None or context.booked is None:
        return free
    own = FreeSlot(context.appointment.starts_at, context.booked, 1)
    others = [slot for slot in free if slot.starts_at != own.starts_at]
    return sorted([*others, own], key=lambda slot: slot.starts_at)


def _vehicle(inbound: InboundMessage, customer: Customer, upcoming: list[Appointment]) -> Vehicle | None:
    """Return the car a reply is about.

    The one our message was about; else the one booked; else the only one they have. None where it is not known.
    """
    due = due_vehicle(_touched_message(inbound, customer))
    if due is not None and due.customer_id == customer.pk and due.status == VehicleStatus.ACTIVE:
        return due
    if upcoming and upcoming[0].vehicle is not None:
        return upcoming[0].vehicle
    owned = list(Vehicle.objects.filter(customer=customer, status=VehicleStatus.ACTIVE)[:2])
    return owned[0] if len(owned) == 1 else None


def _touched_message(inbound: InboundMessage, customer: Customer) -> Message | None:
    """Return the reminder that is answered: the one replied to, else the last one they got."""
    if inbound.in_reply_to is not None and inbound.in_reply_to.key.startswith("touch:"):
        return inbound.in_reply_to
    reminders = Message.objects.filter(customer=customer, touch__isnull=False)
    return reminders.order_by("-created_at", "-pk").first()


def due_vehicle(message: Message | None) -> Vehicle | None:
    """Return the vehicle a reminder was about, the one due first where it was about several."""
    if message is None:
        return None
    item = (
        EnrolmentItem.objects.filter(enrolment__touches__message=message)
        .select_related("vehicle")
        .order_by("due_on", "pk")
        .first()
    )
    return item.vehicle if item else None


def vehicles_meant(inbound: InboundMessage, context: ReplyContext) -> list[int]:
    """Return the vehicles a customer may mean by "it", where it must not be too few.

    All of theirs the reminder was about; without one the car the thread is about; else all they have.
    """
    theirs = Vehicle.objects.filter(customer=context.customer, status=VehicleStatus.ACTIVE)
    message = _touched_message(inbound, context.customer)
    reminded = EnrolmentItem.objects.filter(enrolment__touches__message=message) if message else None
    if reminded is not None:
        about = list(theirs.filter(pk__in=reminded.values("vehicle_id")).values_list("pk", flat=True))
        if about:
            return about
    if context.vehicle is not None:
        return [context.vehicle.pk]
    return list(theirs.values_list("pk", flat=True))


def _offered(conversation: Conversation, schedule: Schedule, *, now: datetime) -> tuple[FreeSlot, ...]:
    moments = (datetime.fromisoformat(text) for text in conversation.offered)
    return tuple(
        FreeSlot(moment, moment.astimezone(schedule.zone).replace(tzinfo=None), 1)
        for moment in moments
        if moment > now
    )


def _questions_asked(customer: Customer, *, now: datetime) -> int:
    """Return how many questions in a row we have asked in this exchange."""
    recent = Understanding.objects.filter(
        inbound_message__customer=customer, created_at__gt=now - EXCHANGE
    ).order_by("-created_at", "-pk")
    actions = list(recent.values_list("action", flat=True)[:5])
    return next((n for n, action in enumerate(actions) if action != Action.ASKED), len(actions))


def _has_advisor_spoken_last(customer: Customer, *, now: datetime) -> bool:
    """Return whether the reply is to an advisor's words, which only a person can make sense of."""
    last = (
        Message.objects.filter(customer=customer, created_at__gt=now - EXCHANGE)
        .order_by("-created_at", "-pk")
        .first()
    )
    return last is not None and last.key.startswith(f"{ADVISOR}:")
