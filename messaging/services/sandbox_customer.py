"""Plays a customer of the sandbox: reads their phone and mailbox, and answers as they would."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from common.enums import Channel
from common.http import HttpClient, HttpError, HttpRequest, HttpResponse
from customers.enums import ContactKind
from customers.models import ContactPoint, Customer
from messaging.adapters.base import Account
from messaging.adapters.sandbox import customer as play
from messaging.adapters.sandbox.customer import Item
from messaging.models import ProviderAccount
from messaging.services.accounts import for_adapter

KIND = {Channel.SMS: ContactKind.PHONE, Channel.VOICE: ContactKind.PHONE, Channel.EMAIL: ContactKind.EMAIL}


class SandboxAway(Exception):
    """The sandbox does not answer; it runs as a process of its own (`manage.py sandbox`)."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What lies in a customer's phone and mailbox, oldest first."""

    phone: Sequence[Item]
    mailbox: Sequence[Item]


def belongings(customer: Customer) -> Belongings:
    """raises: SandboxAway"""
    requests = []
    for channel, account in _accounts().items():
        for address in _addresses(customer, channel):
            requests.append((play.parse_received, play.build_received(account, address)))
            requests.append((play.parse_sent, play.build_sent(account, address)))
    answers = asyncio.run(_call([request for _, request in requests]))
    items = [item for (parse, _), answer in zip(requests, answers, strict=True) for item in parse(answer)]
    items.sort(key=lambda item: item.at)
    return Belongings(
        phone=[item for item in items if item.channel != Channel.EMAIL],
        mailbox=[item for item in items if item.channel == Channel.EMAIL],
    )


def answer(
    customer: Customer, *, channel: Channel, text: str = "", digits: str = "", subject: str = ""
) -> bool:
    """Answer as the customer; whether it reached us. It comes back by the webhook, as from any provider.

    raises: SandboxAway; LookupError if the customer has no address on the channel
    """
    account = _accounts()[channel]
    addresses = _addresses(customer, channel)
    if not addresses:
        raise LookupError(channel)
    words = {"text": text, "digits": digits, "subject": subject}
    said = {
        "channel": str(channel),
        "from": addresses[0],
        "to": account.from_address,
    } | {key: value for key, value in words.items() if value}
    (response,) = asyncio.run(_call([play.build_answer(account, said)]))
    return play.was_delivered(response)


def _accounts() -> dict[Channel, Account]:
    rows = ProviderAccount.objects.select_related("dealership").filter(provider="sandbox", is_active=True)
    return {Channel(row.channel): for_adapter(row) for row in rows}


def _addresses(customer: Customer, channel: Channel) -> list[str]:
    points = ContactPoint.objects.filter(customer=customer, kind=KIND[channel]).order_by("rank", "pk")
    return list(points.values_list("value", flat=True))


async def _call(requests: Sequence[HttpRequest]) -> list[HttpResponse]:
    async with HttpClient() as client:
        try:
            return await asyncio.gather(*(client.send(request) for request in requests))
        except HttpError as error:
            raise SandboxAway from error
