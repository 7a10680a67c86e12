"""Prints letters in batches: what waits becomes a batch, a batch one PDF, and a person says that it was printed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.enums import Channel
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import log
from messaging.adapters.base import Letter, PostalAddress
from messaging.adapters.print_queue import pdf
from messaging.enums import BatchState, MessageState, Reason
from messaging.logic.gate import GateFacts, Skip, decide
from messaging.models import Message, PrintBatch, PrintedLetter
from messaging.queries.gate import person_facts
from messaging.queries.law import law_here

LETTERS_IN_A_BATCH = 200


class EmptyBatch(LookupError):
    """All letters of the batch were taken out."""


@transaction.atomic
def open_batch(*, actor: User, now: datetime) -> PrintBatch | None:
    """Put the letters that wait, oldest first, into a new batch; None if there are none.

    A letter whose customer has said stop since it was accepted is taken out: until it is printed, it has not left.
    """
    waiting = list(
        PrintedLetter.objects.select_for_update(skip_locked=True)
        .filter(batch=None)
        .order_by("created_at", "pk")[:LETTERS_IN_A_BATCH]
    )
    stopped = _stopped([letter.key for letter in waiting], now=now)
    PrintedLetter.objects.filter(key__in=stopped).delete()
    Message.objects.filter(key__in=stopped).update(state=MessageState.CANCELLED, reason=Reason.OPTED_OUT)
    printable = [letter.pk for letter in waiting if letter.key not in stopped]
    if not printable:
        return None
    batch = PrintBatch.objects.create(dealership=current_dealership(), created_at=now)
    PrintedLetter.objects.filter(pk__in=printable).update(batch=batch)
    log.record(batch, "messaging.batch.opened", at=now, actor=actor, letters=len(printable))
    return batch


def _stopped(keys: list[str], *, now: datetime) -> set[str]:
    """Keys of letters which the gate would not let through any more; hours and caps do not hold what is accepted."""
    rows = list(
        Message.objects.filter(key__in=keys).values_list("key", "customer_id", "purpose", "to_address")
    )
    people = person_facts([customer_id for _, customer_id, _, _ in rows if customer_id], now=now)
    law, country = law_here(), current_dealership().country
    stopped = set()
    for key, customer_id, purpose, address in rows:
        person = people.get(customer_id or 0)
        facts = GateFacts(
            channel=Channel.LETTER,
            purpose=purpose,
            zone_names=(),
            law=law,
            places=(country,),
            said=person.said if person else (),
            is_suppressed=person is not None and (Channel.LETTER, address) in person.suppressed,
            is_answer=True,
        )
        if isinstance(decide(facts, now=now), Skip):
            stopped.add(key)
    return stopped


def batch_pdf(batch: PrintBatch) -> bytes:
    """All letters of a batch in one PDF, a page each, in the order in which they came, without what was taken out since.

    raises: EmptyBatch if all of them were
    """
    keys = list(
        batch.letters.filter(taken_out_reason="").order_by("created_at", "pk").values_list("key", flat=True)
    )
    messages = {message.key: message for message in Message.objects.filter(key__in=keys)}
    pages = [_page(messages[key]) for key in keys if key in messages]
    if not pages:
        raise EmptyBatch
    return pdf.render(pages, country=current_dealership().country)


def _page(message: Message) -> pdf.Page:
    data = dict(message.letter or {})
    recipient, sender = PostalAddress(**data.pop("recipient")), PostalAddress(**data.pop("sender"))
    letter = Letter(recipient=recipient, sender=sender, **data)
    return pdf.Page(letter, message.subject, message.body_text)


@transaction.atomic
def mark_printed(batch: PrintBatch, *, actor: User, now: datetime) -> bool:
    """Write down that a batch was printed; False if it was before. Its letters are in the post from here on."""
    changed = PrintBatch.objects.filter(pk=batch.pk, state=BatchState.OPEN).update(
        state=BatchState.PRINTED, printed_at=now
    )
    if changed:
        log.record(batch, "messaging.batch.printed", at=now, actor=actor)
    return bool(changed)
