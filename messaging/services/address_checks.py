"""Asks Lob whether mail reaches postal addresses that nobody has checked, and keeps what it says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from common.batches import in_batches
from common.enums import Channel
from common.http import HttpClient, HttpError
from customers.enums import ContactKind, Validity
from customers.models import ContactPoint
from messaging.adapters.base import Account, PostalAddress, ProviderError
from messaging.adapters.lob.sender import LobSender
from messaging.adapters.lob.verification import Deliverability, build_verification, parse_verification
from messaging.models import ProviderAccount
from messaging.services.accounts import for_adapter

AT_ONCE = 200
IN_FLIGHT = 10
VALIDITY = {
    Deliverability.DELIVERABLE: Validity.VALID,
    Deliverability.UNSURE: Validity.VALID,
    Deliverability.UNDELIVERABLE: Validity.INVALID,
}


class NoLobAccount(LookupError):
    """The dealership has no active account at Lob."""


def check_addresses(*, limit: int) -> Counter[str]:
    """Check up to `limit` unchecked addresses in the United States and count what came of it.

    What gets no answer stays unchecked (counted under an empty name) and is asked about again next time.

    raises: NoLobAccount
    """
    row = (
        ProviderAccount.objects.select_related("dealership")
        .filter(provider=LobSender.key, channel=Channel.LETTER, is_active=True)
        .first()
    )
    if row is None:
        raise NoLobAccount
    counts: Counter[str] = Counter()
    unchecked = ContactPoint.objects.filter(kind=ContactKind.POSTAL, validity=Validity.UNKNOWN)
    points = list(unchecked.filter(country__in=["US", ""]).exclude(street="").order_by("pk")[:limit])
    for batch in in_batches(points, size=AT_ONCE):
        answers = asyncio.run(_ask_all(batch, for_adapter(row)))
        for point, answer in zip(batch, answers, strict=True):
            counts[_keep(point, answer)] += 1
    return counts


async def _ask_all(points: Sequence[ContactPoint], account: Account) -> list[Deliverability | None]:
    async with HttpClient() as client:
        return await asyncio.gather(*(_ask(point, account, client) for point in points))


async def _ask(point: ContactPoint, account: Account, client: HttpClient) -> Deliverability | None:
    address = PostalAddress("", point.street, point.city, point.region, point.postal_code)
    try:
        request = build_verification(address, account)
        return parse_verification(await client.send(request, lane=f"check:{account.uuid}", limit=IN_FLIGHT))
    except (HttpError, ProviderError):
        return None


def _keep(point: ContactPoint, answer: Deliverability | None) -> str:
    if answer is None:
        return ""
    ContactPoint.objects.filter(pk=point.pk, validity=Validity.UNKNOWN).update(validity=VALIDITY[answer])
    return answer.value
