"""Takes letters out of the print queue again: until a batch is marked as printed, they have not left."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from common.enums import Channel
from messaging.enums import BatchState, MessageState, Reason
from messaging.models import Message, PrintBatch, PrintedLetter


@transaction.atomic
def take_out(whose: Q, *, reason: Reason) -> int:
    """Cancel the letters among some messages that are not printed yet, and answer how many.

    One in an open batch keeps its place there with the reason: its PDF may be on paper already, and whoever posts it
    has to know which letter to pull out.
    """
    accepted = Message.objects.filter(whose, channel=Channel.LETTER, state=MessageState.ACCEPTED)
    keys = list(accepted.values_list("key", flat=True))
    if not keys:
        return 0
    # Letters before batches, as when a batch is opened; waiting for either shows what became of it meanwhile.
    locked = PrintedLetter.objects.select_for_update().filter(key__in=keys, taken_out_reason="")
    letters = list(locked.order_by("pk"))
    batch_ids = {letter.batch_id for letter in letters if letter.batch_id}
    open_batches = PrintBatch.objects.select_for_update().filter(pk__in=batch_ids, state=BatchState.OPEN)
    still_open = set(open_batches.order_by("pk").values_list("pk", flat=True))
    waiting = [letter for letter in letters if letter.batch_id is None]
    batched = [letter for letter in letters if letter.batch_id in still_open]
    PrintedLetter.objects.filter(pk__in=[letter.pk for letter in waiting]).delete()
    PrintedLetter.objects.filter(pk__in=[letter.pk for letter in batched]).update(taken_out_reason=reason)
    taken = [letter.key for letter in (*waiting, *batched)]
    return Message.objects.filter(key__in=taken, state=MessageState.ACCEPTED).update(
        state=MessageState.CANCELLED, reason=reason
    )
