"""Reminders and messages: what we sent, what we did not send and why, and what came back."""

from campaigns.enums import TouchState
from campaigns.models import Touch
from common import phones
from common.enums import Channel
from common.tenancy import current_dealership
from conversations.queries import inbox
from insights.logic.timeline import Entry, Kind
from insights.queries.timeline.span import Span
from messaging.enums import MessageState
from messaging.models import InboundMessage, Message
from messaging.reason_words import words_for

ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "message-square",
    Channel.VOICE: "phone-call",
    Channel.LETTER: "file-text",
    Channel.WEB_PUSH: "bell",
}
MESSAGE_TONES = {
    MessageState.FAILED: "bad",
    MessageState.UNCONFIRMED: "warn",
    MessageState.CANCELLED: "quiet",
}


def messages(customer_id: int, span: Span) -> list[Entry]:
    """Return messages out and in, with what a reply was taken to mean."""
    return [*_sent(customer_id, span), *_received(customer_id, span)]


def reminders(customer_id: int, span: Span) -> list[Entry]:
    """Return the touches that were decided without a message: skipped, held or cancelled, with the reason."""
    rows = (
        Touch.objects.filter(
            span.moments(Kind.REMINDER, "decided_at"),
            enrolment__customer_id=customer_id,
            decided_at__isnull=False,
            message=None,
        )
        .exclude(state=TouchState.SENT)
        .select_related("enrolment__version__cadence")
        .order_by("-decided_at", "-id")[: span.limit]
    )
    return [_reminder(touch) for touch in rows if touch.decided_at]


def _reminder(touch: Touch) -> Entry:
    channel = touch.get_channel_display()
    cadence = touch.enrolment.version.cadence.name
    assert touch.decided_at is not None  # noqa: S101 -- asked for in the query
    return Entry(
        kind=Kind.REMINDER,
        id=touch.pk,
        at=touch.decided_at,
        icon="ban" if touch.state != TouchState.PLANNED else "hourglass",
        tone="quiet" if touch.state != TouchState.PLANNED else "warn",
        title=f"{channel} {'waits' if touch.state == TouchState.PLANNED else 'not sent'}",
        lines=(words_for(touch.reason), f"{cadence}, step {touch.step_number}"),
        state=(touch.state, touch.get_state_display()),
        touch_id=touch.pk,
    )


def _sent(customer_id: int, span: Span) -> list[Entry]:
    rows = (
        Message.objects.filter(span.moments(Kind.MESSAGE, "created_at"), customer_id=customer_id)
        .select_related("touch__enrolment__version__cadence")
        .order_by("-created_at", "-id")[: span.limit]
    )
    return [_out(message) for message in rows]


def _out(message: Message) -> Entry:
    touch: Touch | None = getattr(message, "touch", None)
    why = (f"{touch.enrolment.version.cadence.name}, step {touch.step_number}",) if touch else ()
    problem = message.get_error_code_display() if message.error_code else ""
    reason = words_for(message.reason) if message.reason else ""
    return Entry(
        kind=Kind.MESSAGE,
        id=message.pk,
        at=message.created_at,
        icon=ICONS.get(Channel(message.channel), "send"),
        tone=MESSAGE_TONES.get(MessageState(message.state), "brand"),
        title=f"{message.get_channel_display()} to {_readable(message.to_address)}",
        lines=tuple(line for line in (*why, reason) if line),
        warning=". ".join(part for part in (problem, message.error_detail) if part),
        subject=message.subject,
        quote=message.body_text,
        is_ours=True,
        state=(message.state, message.get_state_display()),
        touch_id=touch.pk if touch else None,
    )


def _received(customer_id: int, span: Span) -> list[Entry]:
    rows = (
        InboundMessage.objects.filter(span.moments(Kind.MESSAGE, "received_at"), customer_id=customer_id)
        .select_related("understanding")
        .order_by("-received_at", "-id")[: span.limit]
    )
    return [_in(message) for message in rows]


def _in(message: InboundMessage) -> Entry:
    return Entry(
        kind=Kind.MESSAGE,
        id=message.pk,
        at=message.received_at,
        icon="message-square-reply",
        tone="bad" if message.is_opt_out else "info",
        title=f"{message.get_channel_display()} from {_readable(message.from_address)}",
        lines=_understood(message),
        subject=message.subject,
        quote=message.body,
        state=("opted_out", "Opted out") if message.is_opt_out else None,
    )


def _understood(message: InboundMessage) -> tuple[str, ...]:
    understanding = getattr(message, "understanding", None)
    if understanding is None:
        return ()
    meaning = inbox.meaning_of(understanding) or "nothing we know"
    sure = f"{understanding.confidence:.0%} sure"
    done = inbox.action_of(understanding)
    return (f"Understood: {meaning} ({sure}). {done}".rstrip(". ") + ".",)


def _readable(address: str) -> str:
    """Return a phone number as people write it; any other address as it is."""
    is_number = address.startswith("+")
    return phones.for_people(address, region=current_dealership().country) if is_number else address
