"""A customer's e-mail as SendGrid's Inbound Parse posts it: whole ("raw", best), or taken apart.

It is stored as it came, words decoded; what it means is read later. Whom it is about is decided at once, because only
the account's secret can tell.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from common.enums import Channel
from messaging.adapters import reply_address
from messaging.adapters.base import Account
from messaging.adapters.mail_reading import Mail, form_fields, plain_words, read_mail
from messaging.adapters.reading import clean, json_object, text
from messaging.adapters.webhook import BadPayload, Call, Ignored, InboundEvent

ANSWER = "_answer"  # marks a stored answer among the events
REFERENCE = "_reference"
KEPT = ("envelope", "from", "to", "subject", "text", "html", "headers", "SPF", "dkim", "charsets")


def read_answer(call: Call, account: Account) -> dict[str, Any]:
    """What is stored of an answer.

    raises: BadPayload
    """
    fields = form_fields(call.headers.get("content-type", ""), call.body)
    if "email" not in fields and "from" not in fields:
        raise BadPayload("neither email nor from")
    charsets = json_object(fields.get("charsets", b""))
    stored: dict[str, Any] = {
        name: _decoded(fields[name], text(charsets, name)) for name in KEPT if name in fields
    }
    if "email" in fields:
        stored["email"] = base64.b64encode(fields["email"]).decode()
    return stored | {ANSWER: True, REFERENCE: reply_address.read(_received_at(stored), account)}


def _decoded(value: bytes, charset: str) -> str:
    try:
        return clean(value.decode(charset or "utf-8", "replace"))
    except (LookupError, ValueError):
        return clean(value.decode("utf-8", "replace"))


def _received_at(stored: Mapping[str, Any]) -> str:
    """The address it was delivered to; what stands in `To` anybody can write."""
    to = json_object(text(stored, "envelope").encode()).get("to")
    first = to[0] if isinstance(to, list) and to else ""
    return clean(first) if isinstance(first, str) else ""


def read_stored(stored: Mapping[str, Any]) -> InboundEvent | Ignored:
    """An answer in our words; what a machine sent is none."""
    mail = _mail(stored)
    if mail.is_automatic:
        return Ignored("automatic e-mail")
    if not mail.sender:
        return Ignored("no sender")
    return InboundEvent(
        channel=Channel.EMAIL,
        from_address=mail.sender,
        to_address=_received_at(stored),
        text=mail.text,
        subject=mail.subject,
        in_reply_to=text(stored, REFERENCE),
        provider_id=mail.message_id,
        is_authenticated=_is_authenticated(stored),
        attachments=mail.attachments,
    )


def _mail(stored: Mapping[str, Any]) -> Mail:
    if email := text(stored, "email"):
        return read_mail(base64.b64decode(email))
    # Taken apart: the headers as they were, above the words SendGrid found.
    found = read_mail(text(stored, "headers").encode())
    named = read_mail(f"From: {' '.join(text(stored, 'from').split())}".encode())
    return Mail(
        sender=found.sender or named.sender,
        subject=text(stored, "subject"),
        text=text(stored, "text").strip() or plain_words(text(stored, "html")),
        message_id=found.message_id,
        is_automatic=found.is_automatic,
    )


def _is_authenticated(stored: Mapping[str, Any]) -> bool:
    """Whether SPF or a DKIM signature held, in SendGrid's words."""
    return text(stored, "SPF").strip().lower() == "pass" or ": pass" in text(stored, "dkim").lower()
