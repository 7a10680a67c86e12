"""Short signed links from a message to the customer's own page: book, or stop the messages.

A link says which dealership, customer and touch it was made for and what it opens; a signature keeps it
from being guessed or altered. It holds no secret and does not expire: someone who finds last year's
letter must still be able to say stop. What it may do now, and until when it books, is
for the page behind it to decide.

    token = make(CustomerLink(LinkPurpose.BOOK, dealership_id=3, customer_id=815, touch_id=4711))
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare

SALT = "anticipate.customer-link"
SIGNATURE_BYTES = 6  # 48 bits: 9,000 years of trying at 1,000 a second, and short enough for one text
LARGEST_ID = 2**63 - 1
MORE = 128  # the top bit of a packed byte: another one follows


class LinkPurpose(IntEnum):
    """What a link opens. The numbers are in letters already printed: never reuse one."""

    BOOK = 1
    OPT_OUT = 2


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """Whom a link was made for. `touch_id` 0: by hand, or in an answer rather than a reminder."""

    purpose: LinkPurpose
    dealership_id: int
    customer_id: int
    touch_id: int = 0


def make(link: CustomerLink) -> str:
    """Return the token of a link: 15 to 40 characters that need no escaping in a URL."""
    payload = bytes([link.purpose]) + b"".join(
        _pack(number) for number in (link.dealership_id, link.customer_id, link.touch_id)
    )
    return base64.urlsafe_b64encode(payload + _sign(payload, settings.SECRET_KEY)).rstrip(b"=").decode()


def read(token: str) -> CustomerLink | None:
    """Return whom a token was made for, or None when it is not one of ours.

    Tokens signed with one of SECRET_KEY_FALLBACKS stay good, so that the key can be changed.
    """
    payload = _verified(token)
    if payload is None:
        return None
    numbers = _unpack(payload[1:])
    return CustomerLink(LinkPurpose(payload[0]), *numbers)


def url_of(link: CustomerLink) -> str:
    """Return the address of a link as it is put into a message."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/b/{make(link)}"


def _verified(token: str) -> bytes | None:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    payload, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_ours = any(constant_time_compare(_sign(payload, key), signature) for key in keys)
    # Base64 has spare bits at its end: only the one spelling that `make` gives out is taken.
    is_canonical = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == token
    return payload if is_ours and is_canonical else None


def _sign(payload: bytes, key: str) -> bytes:
    return hmac.digest(_salted(key), payload, "sha256")[:SIGNATURE_BYTES]


@lru_cache(maxsize=8)
def _salted(key: str) -> bytes:
    """Return the key as Django's `salted_hmac` derives it, once and not for each of a batch's thousand links."""
    return hashlib.sha256((SALT + key).encode()).digest()


def _pack(number: int) -> bytes:
    """Return a number as base-128, low part first, the top bit saying that more follows."""
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(f"{number} is no id.")
    packed = bytearray()
    while number >= MORE:
        packed.append(number % MORE + MORE)
        number //= MORE
    return bytes([*packed, number])


def _unpack(packed: bytes) -> list[int]:
    numbers, number, place = [], 0, 0
    for byte in packed:
        number += byte % MORE * MORE**place
        place += 1
        if byte < MORE:
            numbers.append(number)
            number, place = 0, 0
    return numbers
