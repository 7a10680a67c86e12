"""An address for answers that names the message they answer: reply+<message>.<signature>@<domain>.

The signature (48 bits) keeps a stranger from answering in another customer's name. Account settings: `reply_domain`
(whose mail comes to us) and `reply_secret`. Pure; upper and lower case make no difference, as mail programs mind none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from messaging.adapters.base import Account

PREFIX = "reply+"
SIGNATURE_LENGTH = 12  # hex digits
LONGEST = 64  # what may stand before the @ (RFC 5321, 4.5.3.1.1)


def for_message(reference: str, account: Account) -> str:
    """The address, or nothing where the account takes no answers that way or the reference is too long for one."""
    domain, secret = (str(account.config.get(name) or "") for name in ("reply_domain", "reply_secret"))
    packed = base64.b32encode(reference.encode()).decode().rstrip("=").lower()
    local = f"{PREFIX}{packed}.{_sign(reference, secret)}"
    return f"{local}@{domain}" if domain and secret and len(local) <= LONGEST else ""


def read(address: str, account: Account) -> str:
    """Our reference of the message an answer to this address is about; empty if we never gave it out."""
    secret = str(account.config.get("reply_secret") or "")
    local = address.lower().partition("@")[0]
    packed, _, signature = local.removeprefix(PREFIX).partition(".")
    if not secret or not local.startswith(PREFIX):
        return ""
    try:
        reference = base64.b32decode(packed.upper() + "=" * (-len(packed) % 8)).decode()
    except (binascii.Error, ValueError):
        return ""
    is_ours = hmac.compare_digest(_sign(reference, secret).encode(), signature.encode("utf-8", "replace"))
    return reference if is_ours else ""


def _sign(reference: str, secret: str) -> str:
    return hmac.new(secret.encode(), reference.encode(), hashlib.sha256).hexdigest()[:SIGNATURE_LENGTH]
