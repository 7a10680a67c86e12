"""Requests that play the customer: what their phone and mailbox hold, and their answers. Pure, as any adapter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import Account

OK, TAKEN = 200, 202


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a customer's phone or mailbox; `is_from_customer`: their own answer."""

    channel: str
    at: datetime
    is_from_customer: bool
    text: str
    subject: str = ""
    reference: str = ""
    attachments: tuple[str, ...] = ()
    id: str = ""
    html: str = ""
    sender: str = ""


def build_received(account: Account, address: str) -> HttpRequest:
    return _get(account, "messages", {"to": address, "limit": "200"})


def build_sent(account: Account, address: str) -> HttpRequest:
    return _get(account, "inbound", {"from": address})


def build_answer(account: Account, answer: Mapping[str, str]) -> HttpRequest:
    """`answer`: channel, from, to, and text or digits; for an e-mail also subject."""
    headers = _headers(account) | {"Content-Type": "application/json"}
    return HttpRequest("POST", _url(account, "inbound"), headers, json.dumps(dict(answer)).encode())


def parse_received(response: HttpResponse) -> list[Item]:
    return [_received(row) for row in _rows(response, "messages")]


def parse_sent(response: HttpResponse) -> list[Item]:
    return [_sent(row) for row in _rows(response, "inbound")]


def was_delivered(response: HttpResponse) -> bool:
    """Whether the answer reached us: the sandbox took it and our webhook took it from the sandbox."""
    if response.status != TAKEN:
        return False
    status = json.loads(response.body).get("callback_status")
    return isinstance(status, int) and OK <= status < 300  # noqa: PLR2004 -- the 2xx range


def _rows(response: HttpResponse, key: str) -> list[dict[str, Any]]:
    rows = json.loads(response.body).get(key) if response.status == OK else None
    return rows if isinstance(rows, list) else []


def _received(row: dict[str, Any]) -> Item:
    content = row["content"]
    return Item(
        channel=row["channel"],
        at=datetime.fromtimestamp(row["accepted_at"], tz=UTC),
        is_from_customer=False,
        text=content.get("text", ""),
        subject=content.get("subject", ""),
        reference=row["reference"],
        attachments=tuple(each["name"] for each in content.get("attachments", [])),
        id=row["id"],
        html=content.get("html", ""),
        sender=content.get("from_name") or content.get("from", ""),
    )


def _sent(row: dict[str, Any]) -> Item:
    content = row["content"]
    return Item(
        channel=row["channel"],
        at=datetime.fromtimestamp(row["received_at"], tz=UTC),
        is_from_customer=True,
        text=content.get("text") or content.get("digits", ""),
        subject=content.get("subject", ""),
        id=row["id"],
        sender=content.get("from", ""),
    )


def _get(account: Account, what: str, query: dict[str, str]) -> HttpRequest:
    return HttpRequest(
        "GET", f"{_url(account, what)}?{urlencode(query)}", _headers(account), answer_seconds=5.0
    )


def _url(account: Account, what: str) -> str:
    return f"{account.config['base_url']}/accounts/{account.uuid}/{what}"


def _headers(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.config['token']}"}
