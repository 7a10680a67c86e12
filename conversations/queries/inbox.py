"""Threads as advisors see them: who waits, and what was said."""

from dataclasses import dataclass
from datetime import datetime

from booking import queries as booking_queries
from booking.logic.wording import say_time
from booking.models import Appointment
from conversations.enums import Action, ConversationState, Intent
from conversations.logic.thread import author_of
from conversations.models import Conversation, Understanding
from customers.models import Customer
from messaging.enums import InboundState
from messaging.models import InboundMessage, Message

ROWS = 50
# How far back a thread is shown: the whole story is on the customer's page.
ENTRIES = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One thread of the list, with what the customer wrote last."""

    conversation: Conversation
    words: str
    channel: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a thread; what was understood and done stands beside a customer's own."""

    at: datetime
    is_ours: bool
    channel: str
    text: str
    author: str = ""
    state: str = ""
    state_words: str = ""
    meaning: str = ""
    action: str = ""
    certainty: int = 0


@dataclass(frozen=True, slots=True)
class Thread:
    customer: Customer
    conversation: Conversation | None
    entries: tuple[Entry, ...]
    appointments: tuple[Appointment, ...]


def counts() -> dict[str, int]:
    """Return how many threads are in each state."""
    return {
        state.value: Conversation.objects.filter(state=state)[:1000].count() for state in ConversationState
    }


def rows(state: ConversationState) -> list[Row]:
    """Return the threads in a state: who waits longest first, else who wrote last first. Queries: 2."""
    order = ("waiting_since", "pk") if state == ConversationState.WAITING else ("-last_message_at", "pk")
    found = list(Conversation.objects.filter(state=state).select_related("customer").order_by(*order)[:ROWS])
    newest = {
        message.customer_id: message
        for message in InboundMessage.objects.filter(customer_id__in=[each.customer_id for each in found])
        .order_by("customer_id", "-received_at")
        .distinct("customer_id")
    }
    return [
        Row(each, message.body if message else "", message.channel if message else "")
        for each in found
        for message in [newest.get(each.customer_id)]
    ]


def unknown_senders() -> list[InboundMessage]:
    """Return the newest messages from nobody we know."""
    return list(
        InboundMessage.objects.filter(customer=None, state=InboundState.UNMATCHED).order_by("-received_at")[
            :20
        ]
    )


def read_thread(customer: Customer, *, now: datetime) -> Thread:
    """Return what was said with a customer over all channels, oldest first, and what is booked. Queries: 5."""
    entries = [*_ours(customer), *_theirs(customer)]
    return Thread(
        customer=customer,
        conversation=Conversation.objects.filter(customer=customer).first(),
        entries=tuple(sorted(entries, key=lambda entry: entry.at)[-ENTRIES:]),
        appointments=tuple(booking_queries.upcoming_appointments(customer.pk, now=now)),
    )


def _ours(customer: Customer) -> list[Entry]:
    found = Message.objects.filter(customer=customer).order_by("-created_at", "-pk")[:ENTRIES]
    return [
        Entry(
            at=message.created_at,
            is_ours=True,
            channel=message.channel,
            text=message.body_text,
            author=author_of(message.key).value,
            state=message.state,
            state_words=message.get_state_display(),
        )
        for message in found
    ]


def _theirs(customer: Customer) -> list[Entry]:
    found = list(InboundMessage.objects.filter(customer=customer).order_by("-received_at", "-pk")[:ENTRIES])
    understood = {
        row.inbound_message_id: row for row in Understanding.objects.filter(inbound_message__in=found)
    }
    return [_their_entry(message, understood.get(message.pk)) for message in found]


def _their_entry(message: InboundMessage, understood: Understanding | None) -> Entry:
    action = "Asked us to stop: carried out" if message.is_opt_out else ""
    if understood is not None and not action:
        action = action_of(understood)
    return Entry(
        at=message.received_at,
        is_ours=False,
        channel=message.channel,
        text=message.body,
        meaning=meaning_of(understood) if understood else "",
        action=action,
        certainty=round(100 * understood.confidence) if understood else 0,
    )


def meaning_of(understood: Understanding) -> str:
    """Return in words what a reply was taken to mean: `Yes, Names a day or time, Tue 8 Dec, 3 PM`."""
    labels = dict(Intent.choices)
    parts = [str(labels[intent]) for intent in understood.intents if intent in labels]
    if understood.date:
        parts.append(f"{understood.date:%a} {understood.date.day} {understood.date:%b}")
    if understood.time:
        parts.append(say_time(understood.time, language="en"))
    return ", ".join(parts)


def action_of(understood: Understanding) -> str:
    """Return in words what was done about a reply."""
    return str(Action(understood.action).label) if understood.action in Action.values else ""
