"""Takes in what a customer wrote, said or pressed: opt-out first, everything else to the apps above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from common.emails import normalise_email
from common.enums import Channel, Purpose
from common.phones import to_e164
from common.tenancy import current_dealership
from customers.models import ContactPoint, Customer
from messaging.adapters.webhook import InboundEvent
from messaging.enums import ConsentSource, InboundState, Priority, SuppressionReason
from messaging.logic.opt_out import OptOut, Scope, has_more_to_say, read_opt_out, unmistakable
from messaging.logic.person import KIND_OF_CHANNEL
from messaging.logic.quotes import own_subject, own_words
from messaging.logic.stop_confirmation import confirmation
from messaging.models import InboundMessage, Message
from messaging.queries.gate import has_withdrawn
from messaging.queries.senders import owners_of
from messaging.services import consent, outbox, shared_addresses, telling
from messaging.signals import reply_received, stop_has_more

STOP_KEY = "9"  # as the call says: "press 9 to stop calls"
CONFIRM_WITHIN = timedelta(minutes=5)  # source: 47 CFR 64.1200(a)(12)
THREAD_LOOK_BACK = timedelta(days=60)
# A stop by text or call ends both: one opt-out covers all automated calls and texts of the caller.
STOPPED_TOGETHER = {
    Channel.SMS: (Channel.SMS, Channel.VOICE),
    Channel.VOICE: (Channel.SMS, Channel.VOICE),
    Channel.EMAIL: (Channel.EMAIL,),
}


def receive(event: InboundEvent, *, account_id: int, event_key: str, now: datetime) -> InboundMessage | None:
    """Store an inbound message once and act on it; None if it was stored before. Runs in the account's scope.

    An opt-out is carried out here, for everybody who has that address, whatever else the message says; what else it
    says is for a person (`stop_has_more`). Anything else is told to the apps above by `reply_received`.
    """
    event = replace(event, from_address=_one_spelling(event))
    answered = _answered(event, now=now)
    customers = _people(event.from_address, event.channel, answered)
    stop_words = _opt_out(event)
    if stop_words is None and not _is_from(answered, event.from_address, customers):
        # Somebody else's mailbox names our message: that may stop us, but neither book nor be told anything.
        customers = [each for each in customers if answered is None or each.pk != answered.customer_id]
    provider_id = (event.provider_id or event_key)[:100]
    message, is_new = InboundMessage.objects.get_or_create(
        dealership=current_dealership(),
        account_id=account_id,
        provider_id=provider_id,
        defaults={
            "channel": event.channel,
            "from_address": event.from_address[:320],
            "to_address": event.to_address[:320],
            "subject": event.subject[:300],
            "body": event.text or event.digits,
            "customer": customers[0] if customers else None,
            "in_reply_to": answered,
            "received_at": event.at or now,
        },
    )
    if not is_new:
        return None
    if stop_words is not None:
        _stop(message, event, customers, stop_words, now=now)
    elif not customers:
        _set_state(message, InboundState.UNMATCHED)
    elif event.provider_has_answered:
        _set_state(message, InboundState.HANDLED)  # a START or HELP that needs no second answer
    else:
        telling.tell(reply_received, dealership_id=message.dealership_id, inbound_message_id=message.pk)
    return message


def _one_spelling(event: InboundEvent) -> str:
    """The address as contact points have it: providers write "Bob <BOB@X.com>" and numbers in their own way."""
    if event.channel == Channel.EMAIL:
        return normalise_email(event.from_address) or event.from_address.strip().lower()
    return to_e164(event.from_address, region=current_dealership().country) or event.from_address


def _opt_out(event: InboundEvent) -> OptOut | None:
    if event.provider_has_stopped:
        return OptOut(Scope.CHANNEL, event.text)
    if event.channel == Channel.VOICE and event.digits == STOP_KEY:
        return OptOut(Scope.CHANNEL, STOP_KEY)
    if event.channel == Channel.EMAIL:
        return _opt_out_by_mail(event)
    return read_opt_out(event.text)


def _opt_out_by_mail(event: InboundEvent) -> OptOut | None:
    """In the words they wrote themselves, not in what they quote of ours; or in the subject, as mail programs do it."""
    words, subject = own_words(event.text), own_subject(event.subject)
    if not words:
        return read_opt_out(subject)
    keyword = unmistakable(subject)
    return read_opt_out(words) or (OptOut(Scope.CHANNEL, keyword) if keyword else None)


def _answered(event: InboundEvent, *, now: datetime) -> Message | None:
    """The message this answers: named by the provider, or the last one that went to the address."""
    if event.in_reply_to:
        named = Message.objects.filter(key=event.in_reply_to).select_related("customer").first()
        if named is not None:
            return named
    return (
        Message.objects.filter(
            customer__contact_points__kind=KIND_OF_CHANNEL[event.channel],
            customer__contact_points__value=event.from_address,
            to_address=event.from_address,
            channel=event.channel,
            created_at__gt=now - THREAD_LOOK_BACK,
            accepted_at__isnull=False,
        )
        .select_related("customer")
        .order_by("-accepted_at", "-pk")
        .first()
    )


def _people(address: str, channel: Channel, answered: Message | None) -> list[Customer]:
    """Everybody with that address; first the one who was written to last."""
    found = list(owners_of(address, channel=channel))
    if answered is not None and answered.customer is not None:
        first = answered.customer
        return [first, *(each for each in found if each.pk != first.pk)]
    return found


def _is_from(answered: Message | None, address: str, customers: Sequence[Customer]) -> bool:
    """Whether a message comes from where what it answers went to, or from another address of that customer."""
    if answered is None or answered.customer_id is None or answered.to_address == address:
        return True
    points = ContactPoint.objects.filter(customer__in=[each.pk for each in customers], value=address)
    return points.filter(customer_id=answered.customer_id).exists()


def _stop(
    message: InboundMessage,
    event: InboundEvent,
    customers: Sequence[Customer],
    found: OptOut,
    *,
    now: datetime,
) -> None:
    named = found.channels or STOPPED_TOGETHER[event.channel]
    channels = None if found.scope is Scope.EVERYTHING else named
    is_first = any(
        not has_withdrawn(customer.pk, channel=event.channel, purpose=Purpose.MARKETING)
        for customer in customers
    )
    source = ConsentSource.KEYPRESS if event.digits else ConsentSource.REPLY
    evidence = consent.Evidence(
        source, wording=message.body, proof={"inbound_message_id": message.pk, "matched": found.matched}
    )
    if channels is None:
        shared_addresses.withdraw(customers, channels=None, purpose=None, evidence=evidence, now=now)
    else:
        for customer in customers:  # everybody with that address; what else they have in common is not meant
            consent.withdraw(customer, channels=channels, purpose=None, evidence=evidence, now=now)
    consent.suppress(
        event.from_address,
        # Another channel they named is none of this address's: "stop emailing me" in a text blocks no number.
        channels=[each for each in STOPPED_TOGETHER[event.channel] if each in named],
        reason=SuppressionReason.OPTED_OUT,
        proof={"inbound_message_id": message.pk},
        now=now,
    )
    has_more = not event.is_report and has_more_to_say(_own_words(event))
    # From nobody we know it belongs to no thread, and is shown by itself if there is something to read.
    is_for_nobody = has_more and not customers
    state = InboundState.UNMATCHED if is_for_nobody else InboundState.HANDLED
    _set_state(message, state, is_opt_out=True)
    if customers and is_first and Channel.SMS in named and _is_to_be_confirmed(event):
        _confirm(message, customers[0], now=now)
    if customers and has_more:
        telling.tell(stop_has_more, dealership_id=message.dealership_id, inbound_message_id=message.pk)


def _is_to_be_confirmed(event: InboundEvent) -> bool:
    return event.channel == Channel.SMS and not event.provider_has_stopped


def _own_words(event: InboundEvent) -> str:
    """What they wrote or said themselves; a key pressed says nothing beside the stop it is."""
    if event.channel == Channel.EMAIL:
        return own_words(event.text) or own_subject(event.subject)
    return event.text


def _confirm(message: InboundMessage, customer: Customer, *, now: datetime) -> None:
    dealership = current_dealership()
    draft = outbox.MessageDraft(
        key=f"stop:{message.pk}",
        customer_id=customer.pk,
        channel=Channel.SMS,
        purpose=Purpose.TRANSACTIONAL,
        to_address=message.from_address,
        body_text=confirmation(
            name=dealership.name,
            phone=dealership.phone,
            language=customer.language or dealership.language,
        ),
        priority=Priority.URGENT,
        expires_at=now + CONFIRM_WITHIN,
        is_answer=True,
        confirms_stop=True,
    )
    outbox.queue([draft], now=now)


def _set_state(message: InboundMessage, state: InboundState, *, is_opt_out: bool = False) -> None:
    InboundMessage.objects.filter(pk=message.pk).update(state=state, is_opt_out=is_opt_out)
    message.state, message.is_opt_out = state, is_opt_out
