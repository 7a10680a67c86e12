"""Tells the apps above that messages have come to rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from common.tenancy import tenant_scope
from messaging.models import Message
from messaging.signals import message_settled


@dataclass(frozen=True, slots=True)
class Settled:
    """A message and the state it will not leave by itself; `is_permanent`: the same address would fail again."""

    dealership_id: int
    message_id: int
    state: str
    is_permanent: bool = False


def settle(settled: Iterable[Settled]) -> None:
    """Send `message_settled` for each, in its dealership's scope, inside the caller's transaction."""
    by_dealership: dict[int, list[Settled]] = defaultdict(list)
    for each in settled:
        by_dealership[each.dealership_id].append(each)
    for dealership_id, theirs in by_dealership.items():
        with tenant_scope(dealership_id):
            for each in theirs:
                message_settled.send(
                    sender=Message,
                    dealership_id=dealership_id,
                    message_id=each.message_id,
                    state=each.state,
                    is_permanent=each.is_permanent,
                )
