"""A customer's reply: understood, acted on and answered, once."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from booking.enums import BookingSource
from booking.services import appointments
from campaigns.enums import EndReason
from campaigns.services import endings, pauses
from common.enums import Channel
from common.tenancy import current_dealership
from conversations.enums import Action, ConversationState, Intent, WaitingReason
from conversations.logic import wording
from conversations.logic.dialogue import (
    Ask,
    Book,
    CancelBooking,
    Close,
    Farewell,
    HandOver,
    Ignore,
    Move,
    Question,
    SayHelp,
    decide,
    search_end,
)
from conversations.logic.thread import answer_key
from conversations.logic.understanding import Understanding, understand
from conversations.logic.understanding.reading import is_spanish
from conversations.models import Conversation
from conversations.models import Understanding as UnderstandingRow
from conversations.queries.reply_context import (
    ReplyContext,
    free_slots_for,
    read_context,
    vehicles_meant,
)
from conversations.services import announcing, speaking, threads
from conversations.services.speaking import Line, Words
from customers.models import Customer
from messaging.enums import InboundState
from messaging.logic.quotes import own_subject, own_words
from messaging.models import InboundMessage

log = structlog.get_logger(__name__)

# What the keys of a reminder call say where no times are offered.
MENU_KEYS = {"1": "yes", "2": "another time", "3": "please call me"}
RULE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class _Turn:
    """One reply being dealt with."""

    inbound: InboundMessage
    conversation: Conversation
    context: ReplyContext
    line: Line
    text: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _Done:
    action: Action
    words: Words | None = None


def handle(inbound_id: int, *, now: datetime) -> Action | None:
    """Understand a reply, do what it asks for and answer it; return what was done, None for one dealt with before.

    Everything in one transaction: booking, answer and what was understood stand or fall together, so that the
    same reply twice books and answers once. Whatever goes wrong inside, the reply waits for an advisor: it is
    never lost and never holds up the ones behind it. A reply from nobody we know belongs to no thread and is
    shown by itself.
    """
    inbound = InboundMessage.objects.select_related("customer", "in_reply_to").get(pk=inbound_id)
    customer = inbound.customer
    if customer is None or _is_dealt_with(inbound):
        return None
    try:
        with transaction.atomic():
            return _handle(inbound, customer, now=now)
    except Exception:  # an advisor must see a reply that our own code cannot deal with
        log.exception("reply_failed", inbound_message_id=inbound_id)
        return _leave_to_advisor(inbound, customer, now=now)


@transaction.atomic
def leave_stop_to_advisor(inbound_id: int, *, now: datetime) -> None:
    """Have a person read what a customer said beside asking us to stop; nothing is answered by itself.

    The stop itself has been carried out by messaging, whatever becomes of this.
    """
    inbound = InboundMessage.objects.select_related("customer").get(pk=inbound_id)
    if inbound.customer is None:
        return
    conversation = threads.lock_thread(inbound.customer, now=now)
    Conversation.objects.filter(pk=conversation.pk).update(last_message_at=now, offered=[])
    threads.hand_over(conversation, WaitingReason.STOPPED_AND_MORE, now=now)


def _is_dealt_with(inbound: InboundMessage) -> bool:
    return UnderstandingRow.objects.filter(inbound_message=inbound).exists()


def _handle(inbound: InboundMessage, customer: Customer, *, now: datetime) -> Action | None:
    turn = _begin(inbound, customer, now=now)
    if _is_dealt_with(inbound):
        return None
    understanding = understand(turn.text, context=turn.context.for_understanding())
    if Intent.SOLD_VEHICLE in understanding.intents:
        meant = vehicles_meant(inbound, turn.context)
        pauses.hold_said_sold(customer.pk, vehicle_ids=meant, now=now)
    move = _decide(understanding, turn)
    done = _act(move, turn)
    if done.words is not None and not speaking.say(
        turn.line, done.words, key=answer_key(inbound.pk), now=now
    ):
        threads.hand_over(turn.conversation, WaitingReason.FAILED, now=now)
    _write(inbound, understanding, done.action, now=now)
    return done.action


def _begin(inbound: InboundMessage, customer: Customer, *, now: datetime) -> _Turn:
    conversation = threads.lock_thread(customer, now=now)
    Conversation.objects.filter(pk=conversation.pk).update(last_message_at=now)
    context = read_context(inbound, conversation, now=now)
    text = _text_of(inbound, offers=len(context.offered))
    own = customer.language or current_dealership().language
    line = Line(
        customer=customer,
        channel=Channel(inbound.channel),
        address=inbound.from_address,
        language="es" if is_spanish(text) else own,
        is_answer=True,
    )
    return _Turn(inbound, conversation, context, line, text, now)


def _text_of(inbound: InboundMessage, *, offers: int) -> str:
    """Return what the customer said themselves; in a call, what their key means."""
    said = inbound.body.strip()
    if inbound.channel == Channel.VOICE and said.isdecimal():
        return _meaning_of_key(said, offers=offers)
    if inbound.channel == Channel.EMAIL:
        return own_words(inbound.body) or own_subject(inbound.subject)
    return inbound.body


def _meaning_of_key(key: str, *, offers: int) -> str:
    """Return the words for a key: the number of an offered time, or a place of the menu; no other key means anything here."""
    if key in [str(number) for number in range(1, offers + 1)]:
        return f"option {key}"
    return "" if offers else MENU_KEYS.get(key, "")


def _decide(understanding: Understanding, turn: _Turn) -> Move:
    """Decide; an answer to an advisor is for the advisor, and while one is waited for nothing is asked or closed."""
    if turn.context.has_advisor_spoken_last:
        return HandOver(WaitingReason.ANSWERS_ADVISOR)
    state = turn.context.for_dialogue()
    free = free_slots_for(turn.context, until_local=search_end(understanding, state=state))
    move = decide(understanding, state=state, free=free)
    if turn.conversation.state == ConversationState.WAITING and not isinstance(move, Book | CancelBooking):
        return HandOver(WaitingReason.NOT_UNDERSTOOD)
    return move


def _act(move: Move, turn: _Turn) -> _Done:
    match move:
        case Book(slot):
            return _book(slot.starts_at, turn)
        case Ask():
            return _ask(move, turn)
        case CancelBooking():
            return _cancel(turn)
        case HandOver(reason):
            threads.hand_over(turn.conversation, reason, now=turn.now)
            return _Done(Action.HANDED_OVER)
        case Close() | SayHelp() | Ignore():
            return _part(move, turn)


def _part(move: Close | SayHelp | Ignore, turn: _Turn) -> _Done:
    """Leave the customer with a last word, or with none."""
    threads.close(turn.conversation)
    match move:
        case Close(farewell):
            if farewell is Farewell.DECLINED:
                ids = [turn.context.customer.pk]
                endings.end(customer_ids=ids, reason=EndReason.DECLINED, now=turn.now)
            return _Done(
                Action.CLOSED, _plain(wording.write_farewell(farewell, setting=_setting(turn)), turn)
            )
        case SayHelp():
            return _Done(Action.HELPED, _plain(wording.write_help(setting=_setting(turn)), turn))
        case Ignore():
            return _Done(Action.IGNORED)


def _book(starts_at: datetime, turn: _Turn) -> _Done:
    answer = appointments.book_or_move(
        customer=turn.context.customer,
        vehicle=turn.context.vehicle,
        starts_at=starts_at,
        source=BookingSource.CALL if turn.line.channel == Channel.VOICE else BookingSource.REPLY,
        key=f"reply:{turn.inbound.pk}",
        by=None,
        now=turn.now,
        note=turn.text,
    )
    match answer:
        case appointments.Booked(appointment, is_new):
            threads.close(turn.conversation)
            had_one = turn.context.appointment is not None
            action = (Action.MOVED if had_one else Action.BOOKED) if is_new else Action.CONFIRMED
            is_moved = action is Action.MOVED
            return _Done(
                action, announcing.booked_words(appointment, turn.line, is_moved=is_moved, now=turn.now)
            )
        case appointments.Full(alternatives) | appointments.Closed(alternatives):
            # Taken by somebody else since it was offered or looked up.
            if not alternatives:
                return _act(HandOver(WaitingReason.NO_FREE_SLOT), turn)
            return _ask(Ask(Question.TAKEN, tuple(alternatives)), turn)


def _ask(move: Ask, turn: _Turn) -> _Done:
    threads.keep_open(turn.conversation, offered=[slot.starts_at for slot in move.offered])
    booked = turn.context.booked if move.question is Question.MOVE else None
    text = wording.write_question(move.question, move.offered, setting=_setting(turn), booked=booked)
    return _Done(Action.ASKED, _plain(text, turn))


def _cancel(turn: _Turn) -> _Done:
    appointment = turn.context.appointment
    if appointment is None or not appointments.cancel(appointment, by=None, now=turn.now):
        return _act(HandOver(WaitingReason.NOT_UNDERSTOOD), turn)
    appointment.refresh_from_db()
    threads.close(turn.conversation)
    return _Done(Action.CANCELLED, announcing.cancelled_words(appointment, turn.line, now=turn.now))


def _setting(turn: _Turn) -> wording.Setting:
    return speaking.setting_of(turn.line, vehicle=turn.context.vehicle)


def _plain(text: str, turn: _Turn) -> Words:
    """Return words under the subject of what the customer wrote, so that their mail program keeps the thread."""
    subject = turn.inbound.subject
    if not subject:
        subject = wording.write_subject("ask", setting=_setting(turn))
    elif not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    return Words(text, subject)


def _write(inbound: InboundMessage, understanding: Understanding, action: Action, *, now: datetime) -> None:
    UnderstandingRow.objects.create(
        dealership=current_dealership(),
        inbound_message=inbound,
        intents=[intent.value for intent in understanding.intents],
        date=understanding.date,
        time=understanding.time,
        confidence=understanding.confidence,
        rule=", ".join(understanding.rules)[:RULE_LENGTH],
        action=action,
        created_at=now,
    )
    InboundMessage.objects.filter(pk=inbound.pk).update(state=InboundState.HANDLED)


@transaction.atomic
def _leave_to_advisor(inbound: InboundMessage, customer: Customer, *, now: datetime) -> Action | None:
    conversation = threads.lock_thread(customer, now=now)
    if _is_dealt_with(inbound):
        return None
    threads.hand_over(conversation, WaitingReason.FAILED, now=now)
    _write(inbound, Understanding(()), Action.HANDED_OVER, now=now)
    return Action.HANDED_OVER
