"""Reads an e-mail that a stranger wrote: who, about what, in which words, and whether a machine answered.

Works on bytes and gives up on nothing: a wrong charset costs letters, never the message.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from messaging.adapters.reading import clean

MOST_TEXT = 100_000  # characters; what is longer was not typed by a customer
MOST_PARTS = 200
LONGEST_NAME = 200
MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE)
AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "auto_reply", "list"})
_BLOCKS = re.compile(r"(?i)<(br|/p|/div|/tr|/li|/h\d)\b[^>]*>")
_HIDDEN = re.compile(r"(?is)<(style|script|head|title)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)")
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Mail:
    """`is_automatic`: an out-of-office note, a bounce, a list: nothing a person wrote to us."""

    sender: str
    subject: str
    text: str
    message_id: str = ""
    is_automatic: bool = False
    attachments: Sequence[dict[str, str]] = ()


def read_mail(raw: bytes) -> Mail:
    """Never raises; what cannot be read is left out."""
    mail = _parsed(raw)
    parts = [part for part in _parts(mail) if not part.is_multipart()]
    # Undecoded: a name may decode to an address of somebody else.
    sender = parseaddr(_raw_header(mail, "From"))[1].lower()
    return Mail(
        sender=clean(sender),
        subject=" ".join(clean(_header(mail, "Subject")).split()),
        text=_words(parts)[:MOST_TEXT],
        message_id=clean(_header(mail, "Message-ID")).strip(),
        is_automatic=_is_automatic(mail, sender),
        attachments=tuple(_attachment(part) for part in parts if _is_attachment(part)),
    )


def plain_words(markup: str) -> str:
    """The words of an HTML page, a line for each block."""
    shown = _TAGS.sub("", _BLOCKS.sub("\n", _HIDDEN.sub("", markup[: MOST_TEXT * 10])))
    lines = (" ".join(line.split()) for line in html.unescape(shown).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _parsed(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw, policy=policy.compat32)
    except RecursionError:  # thousands of parts inside each other: nobody's words
        return Message()


def _outer_parts(raw: bytes) -> list[Message]:
    form = _parsed(raw)
    return [part for part in form.get_payload() if isinstance(part, Message)] if form.is_multipart() else []


def _parts(mail: Message) -> list[Message]:
    found = []
    for part in mail.walk():
        found.append(part)
        if len(found) >= MOST_PARTS:
            break
    return found


def _words(parts: Sequence[Message]) -> str:
    for kind, read in (("text/plain", str.strip), ("text/html", plain_words)):
        for part in parts:
            if part.get_content_type() == kind and not _is_attachment(part):
                return clean(read(_decoded(part)))
    return ""


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):  # a charset nobody knows
        return raw.decode("utf-8", "replace")


def _header(mail: Message, name: str) -> str:
    """A header's words, decoded (RFC 2047)."""
    raw = _raw_header(mail, name)
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, ValueError, LookupError):
        return raw


def _raw_header(mail: Message, name: str) -> str:
    return str(mail.get(name, "")).replace("\r", " ").replace("\n", " ")


def _is_automatic(mail: Message, sender: str) -> bool:
    """source: RFC 3834 (Auto-Submitted), RFC 6522 (multipart/report); the rest is common practice"""
    submitted = _header(mail, "Auto-Submitted").strip().lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond"))
        or _header(mail, "Precedence").strip().lower() in AUTOMATIC_PRECEDENCE
        or _header(mail, "Return-Path").strip() == "<>"
        or mail.get_content_type() == "multipart/report"
        or MACHINES.match(sender) is not None
    )


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _attachment(part: Message) -> dict[str, str]:
    data = part.get_payload(decode=True)
    return {
        "name": clean(part.get_filename() or "")[:LONGEST_NAME],
        "content_type": part.get_content_type()[:LONGEST_NAME],
        "bytes": str(len(data) if isinstance(data, bytes) else 0),
    }


def form_fields(content_type: str, body: bytes) -> dict[str, bytes]:
    """The fields of a multipart form as bytes, by name; uploaded files are left out. Never raises."""
    head = b"Content-Type: " + content_type.encode("ascii", "replace").replace(b"\n", b" ") + b"\r\n\r\n"
    fields: dict[str, bytes] = {}
    for part in _outer_parts(head + body):
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes) and not part.get_filename():
            fields[name] = data
    return fields
