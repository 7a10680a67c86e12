"""A reminder call that is going on: what is said next, and what is done about what the caller pressed or said.

A turn is a reply like any other: stored once, opt-out first, understood, booked and answered by the same services.
Only that the answer is said in the call instead of being sent, in the transaction that makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from django.db import transaction

from booking import queries as booking_queries
from common.enums import Channel
from common.tenancy import current_dealership
from conversations.enums import Action, WaitingReason
from conversations.logic.call_words import CallSetting, say_words
from conversations.logic.thread import answer_key
from conversations.models import Conversation, Understanding
from conversations.queries.reply_context import due_vehicle
from conversations.services import announcing, threads
from conversations.services.speaking import name_of
from messaging.adapters.webhook import InboundEvent
from messaging.models import InboundMessage, Message, ProviderAccount
from messaging.queries.gate import has_withdrawn, is_suppressed
from messaging.services import inbound, outbox

WHEN_KEY, PERSON_KEY = "2", "3"
MIDNIGHT = time()
MOST_SILENCES = 2  # rounds without a word; then we say goodbye
MOST_TURNS = 12  # whatever is said: a call is no place to live


class Stage(StrEnum):
    """What was asked last."""

    MENU = "menu"
    WHEN = "when"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Turn:
    """What was heard after which question; `step` counts the turns, `silences` those in a row without a word."""

    call_id: str
    reference: str
    stage: Stage = Stage.MENU
    step: int = 0
    silences: int = 0
    digits: str = ""
    speech: str = ""


@dataclass(frozen=True, slots=True)
class Asks:
    """Say it and listen; what is heard belongs to `stage`."""

    words: str
    language: str
    stage: Stage
    silences: int = 0


@dataclass(frozen=True, slots=True)
class Says:
    """Say it and hang up."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Connects:
    """Say it and put the caller through to the dealership."""

    words: str
    language: str
    phone: str


@dataclass(frozen=True, slots=True)
class HangsUp:
    """Say nothing."""


Speech = Asks | Says | Connects | HangsUp


@dataclass(frozen=True, slots=True)
class _Call:
    message: Message
    account: ProviderAccount
    setting: CallSetting
    now: datetime

    @property
    def language(self) -> str:
        return self.setting.language


def begin(reference: str, *, account: ProviderAccount, is_machine: bool, now: datetime) -> Speech:
    """Return what is said to who answered: the reminder, or a message for a voicemail.

    Nothing to somebody who has said stop since the call was handed over, nor about a message that is not ours.
    """
    call = _find(reference, account, now=now)
    if call is None or _has_stopped(call):
        return HangsUp()
    if is_machine:
        return Says(say_words("voicemail", call.setting), call.language)
    return Asks(call.message.body_text, call.language, Stage.MENU)


def go_on(turn: Turn, *, account: ProviderAccount, now: datetime) -> Speech:
    """Return what is said after a turn, having done what it asked for. The same turn again does nothing twice."""
    call = _find(turn.reference, account, now=now)
    if call is None or turn.step > MOST_TURNS:
        return HangsUp()
    if not turn.digits and not turn.speech:
        return _after_silence(turn, call)
    if turn.stage is Stage.MENU and turn.digits == WHEN_KEY:
        return Asks(say_words("when", call.setting), call.language, Stage.WHEN)
    return _answer(turn, call)


def _find(reference: str, account: ProviderAccount, *, now: datetime) -> _Call | None:
    message = (
        Message.objects.filter(key=reference, account=account, channel=Channel.VOICE)
        .select_related("customer")
        .first()
    )
    if message is None:
        return None
    dealership, customer, vehicle = current_dealership(), message.customer, due_vehicle(message)
    setting = CallSetting(
        language=(customer.language if customer else "") or dealership.language,
        dealership=dealership.name,
        phone=dealership.phone,
        vehicle=name_of(vehicle) if vehicle else "",
    )
    return _Call(message, account, setting, now)


def _has_stopped(call: _Call) -> bool:
    message = call.message
    if is_suppressed(message.to_address, channel=Channel.VOICE):
        return True
    return message.customer_id is not None and has_withdrawn(
        message.customer_id, channel=Channel.VOICE, purpose=message.purpose
    )


def _after_silence(turn: Turn, call: _Call) -> Speech:
    silences = turn.silences + 1
    if silences >= MOST_SILENCES:
        return Says(say_words("silent", call.setting), call.language)
    words = say_words("again", call.setting, repeated=_question(turn, call))
    return Asks(words, call.language, turn.stage, silences)


def _question(turn: Turn, call: _Call) -> str:
    """What was asked last, to be said again."""
    if turn.stage is Stage.OFFER:
        said = Message.objects.filter(provider_id=turn.call_id).exclude(pk=call.message.pk)
        if (last := said.order_by("-pk").first()) is not None:
            return last.body_text
    return say_words("when" if turn.stage is Stage.WHEN else "menu", call.setting)


@transaction.atomic
def _answer(turn: Turn, call: _Call) -> Speech:
    """In one transaction: what was heard, what it brought about, and that the answer was said."""
    heard = _take_in(turn, call)
    if heard.is_opt_out:
        return Says(say_words("stopped", call.setting), call.language)
    understood = Understanding.objects.filter(inbound_message=heard).first()
    words = outbox.mark_spoken(answer_key(heard.pk), call_id=turn.call_id, now=call.now)
    action = understood.action if understood else Action.HANDED_OVER
    return _speech(Action(action), words, turn, call)


def _take_in(turn: Turn, call: _Call) -> InboundMessage:
    key = f"{turn.call_id}:{turn.step}"
    known = InboundMessage.objects.filter(account=call.account, provider_id=key)
    if turn.stage is Stage.MENU and call.message.customer is not None and not known.exists():
        # Times offered in a thread of texts are not what the keys of this call mean.
        threads.forget_offers(call.message.customer, now=call.now)
    event = InboundEvent(
        channel=Channel.VOICE,
        from_address=call.message.to_address,
        to_address=call.account.from_address,
        text="" if turn.digits else turn.speech,
        digits=turn.digits,
        in_reply_to=call.message.key,
        provider_id=key,
        at=call.now,
    )
    inbound.receive(event, account_id=call.account.pk, event_key=key, now=call.now)
    return known.get()


def _speech(action: Action, words: str, turn: Turn, call: _Call) -> Speech:
    match action:
        case Action.ASKED if words:
            return Asks(words, call.language, Stage.OFFER)
        case Action.BOOKED | Action.MOVED:
            _confirm(call)
            return Says(say_words("goodbye", call.setting, said=words), call.language)
        case Action.HELPED:
            return Asks(say_words("menu", call.setting), call.language, Stage.MENU)
        case Action.IGNORED:
            return Says(say_words("nothing_open", call.setting), call.language)
        case Action.HANDED_OVER | Action.ASKED:
            return _to_a_person(turn, call)
        case _:
            return Says(say_words("goodbye", call.setting, said=words), call.language)


def _confirm(call: _Call) -> None:
    """Also in writing, where there is a way: nobody has a pen in hand."""
    if call.message.customer is None:
        return
    for appointment in booking_queries.upcoming_appointments(call.message.customer.pk, now=call.now)[:1]:
        announcing.confirm(appointment, now=call.now)


def _to_a_person(turn: Turn, call: _Call) -> Speech:
    """Put through who asks for a person while somebody is there; anybody else is called back."""
    phone, waiting = call.setting.phone, Conversation.objects.filter(customer=call.message.customer).first()
    asked = turn.digits == PERSON_KEY or (
        waiting is not None and waiting.waiting_reason == WaitingReason.ASKED_FOR_PERSON
    )
    if asked and phone and phone != call.account.from_address and _is_open(call.now):
        return Connects(say_words("connecting", call.setting), call.language, phone)
    return Says(say_words("call_back", call.setting), call.language)


def _is_open(now: datetime) -> bool:
    schedule = booking_queries.read_schedule()
    local = now.astimezone(schedule.zone)
    return local.date() not in schedule.closed_on and any(
        hours.weekday == local.weekday()
        and hours.opens_at <= local.time()
        and (local.time() < hours.closes_at or hours.closes_at == MIDNIGHT)
        for hours in schedule.hours
    )
