"""Turns a claimed row into what an adapter builds its request from."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from common.enums import Channel, Purpose
from common.links import CustomerLink, LinkPurpose, url_of
from messaging.adapters.base import Account, Attachment, Letter, PostalAddress, SendRequest
from messaging.services.claiming import Claimed


class OutsideHours(Exception):
    """The message was claimed inside its hours, and they have ended since."""


def to_request(message: Claimed, account: Account, *, now: datetime) -> SendRequest:
    """Return what an adapter needs to hand a message over now.

    raises: OutsideHours
    """
    return SendRequest(
        reference=message.key,
        channel=Channel(message.channel),
        to=message.to_address,
        text=message.body_text,
        subject=message.subject,
        html=message.body_html,
        purpose=message.purpose,
        sender_address=account.from_address,
        sender_name=account.sender_name,
        headers=_headers(message),
        attachments=() if message.attachments == "[]" else _attachments(json.loads(message.attachments)),
        expires_at=message.expires_at,
        deliver_within=_deliver_within(message, now=now),
        letter=_letter(json.loads(message.letter)) if message.letter else None,
    )


def _headers(message: Claimed) -> dict[str, str]:
    """The way out that a mail program shows as a button; it posts to it without asking (RFC 8058)."""
    is_marketing_mail = message.channel == Channel.EMAIL and message.purpose == Purpose.MARKETING
    if not is_marketing_mail or message.customer_id is None:
        return {}
    way_out = CustomerLink(LinkPurpose.OPT_OUT, message.dealership_id, message.customer_id)
    return {
        "List-Unsubscribe": f"<{url_of(way_out)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _deliver_within(message: Claimed, *, now: datetime) -> timedelta | None:
    """Until it expires or the hours end in which it was let through.

    raises: OutsideHours
    """
    if message.hours_end is not None and now >= message.hours_end:
        raise OutsideHours
    ends = [end for end in (message.expires_at, message.hours_end) if end is not None]
    return min(ends) - now if ends else None


def _attachments(rows: list[dict[str, str]]) -> list[Attachment]:
    return [
        Attachment(
            name=row["name"],
            media_type=row.get("content_type", "text/plain"),
            content_base64=base64.b64encode(row["text"].encode()).decode(),
        )
        for row in rows
    ]


def _letter(data: dict[str, Any]) -> Letter:
    recipient, sender = PostalAddress(**data.pop("recipient")), PostalAddress(**data.pop("sender"))
    return Letter(recipient=recipient, sender=sender, **data)
