"""Tells the apps above that messages have come to rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction

from common.tenancy import tenant_scope
from messaging.models import Message
from messaging.services import telling
from messaging.signals import message_settled

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """A message and the state it will not leave by itself; `is_permanent`: the same address would fail again."""

    dealership_id: int
    message_id: int
    state: str
    is_permanent: bool = False


def settle(settled: Iterable[Settled]) -> None:
    """Tell the apps above of each, in its dealership's scope, inside the caller's transaction.

    Never raises for a receiver: what one could not take in stays `Untold` and is told again.
    """
    by_dealership: dict[int, list[Settled]] = defaultdict(list)
    for each in settled:
        by_dealership[each.dealership_id].append(each)
    for dealership_id, theirs in by_dealership.items():
        with tenant_scope(dealership_id):
            _tell(theirs)


def _tell(settled: list[Settled]) -> None:
    """All in one go, because most come in hundreds and no receiver fails; else each by itself."""
    try:
        with transaction.atomic():
            for each in settled:
                message_settled.send(sender=Message, **_facts(each))
    except Exception:  # whatever a receiver raised; each is told, and noted where it fails, by itself
        log.exception("settling.receiver_failed", size=len(settled))
        for each in settled:
            telling.tell(message_settled, **_facts(each))


def _facts(settled: Settled) -> dict[str, Any]:
    return {
        "dealership_id": settled.dealership_id,
        "message_id": settled.message_id,
        "state": settled.state,
        "is_permanent": settled.is_permanent,
    }
