"""Refusals found in a dealership's data: "do not contact" on a customer's row holds for the person, not for the row.

A dealership's data has one person several times over, and only one of the rows says so. Whoever has the same number or
mailbox is covered too, on the channels it serves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from common.enums import Channel
from common.tenancy import current_dealership
from customers.models import ContactPoint
from customers.signals import Refusal
from messaging.enums import SPOKEN, ConsentAction, ConsentSource, Reason
from messaging.models import ConsentEvent
from messaging.services import telling
from messaging.services.consent import stop
from messaging.services.shared_addresses import CHANNELS_OF_KIND, MOST_WHO_SHARE, TAKEN_OVER_FROM, served
from messaging.signals import consent_withdrawn

ROWS_PER_INSERT = 2000


@dataclass(frozen=True, slots=True)
class _Refused:
    """What one customer is not to get; empty channel or purpose: any."""

    customer_id: int
    channel: str
    purpose: str
    wording: str
    evidence: dict[str, Any]
    is_customer_new: bool = False

    @property
    def identity(self) -> tuple[int, str, str]:
        return self.customer_id, self.channel, self.purpose


@transaction.atomic
def record(refusals: Sequence[Refusal], *, now: datetime) -> int:
    """Write down refusals found in the dealership's data and stop what is not handed over; answer how many were new.

    A refusal that is on record already is not repeated, so that an import may run twice. Of who shares an address with
    the refused only the channels it serves; whoever comes in later with it is for `imported_consent.take_over`. One
    that is known already lifts nothing that somebody else with that address said themselves since.
    """
    direct = [_as_told(each) for each in refusals]
    known = _known({each.customer_id for each in direct})
    shared = list(_of_who_shares(direct, known=known))
    known |= _known({each.customer_id for each in shared})
    # The customer's own row goes before what another one with the same number says of them.
    wanted = {each.identity: each for each in [*shared, *direct]}
    new = [each for identity, each in wanted.items() if identity not in known]
    ConsentEvent.objects.bulk_create([_event(each, now=now) for each in new], batch_size=ROWS_PER_INSERT)
    _stop_what_runs([each for each in new if not each.is_customer_new])
    return len(new)


def _as_told(refusal: Refusal) -> _Refused:
    return _Refused(
        refusal.customer_id,
        refusal.channel or "",
        refusal.purpose or "",
        refusal.source,
        refusal.evidence,
        refusal.is_customer_new,
    )


def _known(customer_ids: Collection[int]) -> set[tuple[int, str, str]]:
    rows = ConsentEvent.objects.filter(customer_id__any_of=list(customer_ids), action=ConsentAction.WITHDRAWN)
    return set(rows.values_list("customer_id", "channel", "purpose"))


def _of_who_shares(
    direct: Sequence[_Refused], *, known: Collection[tuple[int, str, str]]
) -> Iterable[_Refused]:
    """Yield what the refusals mean for others with a number or mailbox of the refused."""
    by_customer: dict[int, list[_Refused]] = defaultdict(list)
    for each in direct:
        by_customer[each.customer_id].append(each)
    groups = _groups(list(by_customer))
    spoke = set(
        ConsentEvent.objects.filter(
            customer_id__any_of=sorted({one for _, group in groups for one in group}), source__in=SPOKEN
        ).values_list("customer_id", flat=True)
    )
    for kind, group in groups:
        for refused in sorted(group & by_customer.keys()):
            for other in sorted(group - {refused}):
                for each in by_customer[refused]:
                    if each.identity not in known or other not in spoke:
                        yield from _for_other(each, other, kind)


def _for_other(refused: _Refused, other: int, kind: str) -> Iterable[_Refused]:
    channels = [Channel(refused.channel)] if refused.channel else None
    evidence = refused.evidence | {TAKEN_OVER_FROM: refused.customer_id}
    for channel in served(kind, channels):
        yield _Refused(other, str(channel), refused.purpose, refused.wording, evidence)


def _groups(customer_ids: list[int]) -> list[tuple[str, set[int]]]:
    """Return who has each number or mailbox of these customers in common, with its kind; fillers are left out.

    Two simple questions in place of one join: see `imported_consent`.
    """
    points = ContactPoint.objects.filter(kind__in=[str(kind) for kind in CHANNELS_OF_KIND])
    theirs = set(points.filter(customer_id__any_of=customer_ids).values_list("kind", "value"))
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = points.filter(value__any_of=sorted({value for _, value in theirs}))
    for kind, value, customer_id in rows.values_list("kind", "value", "customer_id"):
        owners[kind, value].add(customer_id)
    return [
        (kind, owners[kind, value])
        for kind, value in sorted(theirs)
        if 1 < len(owners[kind, value]) <= MOST_WHO_SHARE
    ]


def _event(refused: _Refused, *, now: datetime) -> ConsentEvent:
    return ConsentEvent(
        dealership=current_dealership(),
        customer_id=refused.customer_id,
        channel=refused.channel,
        purpose=refused.purpose,
        action=ConsentAction.WITHDRAWN,
        source=ConsentSource.DMS_REFUSAL,
        wording=refused.wording,
        evidence=refused.evidence,
        at=now,
    )


def _stop_what_runs(refused: Sequence[_Refused]) -> None:
    """Stop what is not handed over to who was here before, and tell the apps above."""
    theirs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in refused:
        theirs[each.channel, each.purpose].append(each.customer_id)
    for (channel, purpose), customer_ids in theirs.items():
        channels = [Channel(channel)] if channel else None
        stop(Q(customer_id__in=customer_ids), channels, purpose or None, reason=Reason.OPTED_OUT)
    for each in refused:
        telling.tell(
            consent_withdrawn,
            dealership_id=current_dealership().pk,
            customer_id=each.customer_id,
            channel=each.channel or None,
            purpose=each.purpose or None,
        )
