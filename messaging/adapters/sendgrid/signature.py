"""Whether a call comes from SendGrid.

Events, and answers where a security policy signs them: ECDSA (P-256, SHA-256) over timestamp and raw body. Answers else:
HTTP Basic with a password of ours in the address SendGrid is given. No bound on age: SendGrid repeats for a day, and
a replay changes nothing.
Account settings: `webhook_public_key`, `inbound_public_key` (base64, as shown by SendGrid), `inbound_password`.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from messaging.adapters.base import Account
from messaging.adapters.webhook import BadSignature, Call

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"


def verify_events(call: Call, account: Account) -> None:
    """raises: BadSignature; never anything else"""
    if not is_signed(call, str(account.config.get("webhook_public_key") or "")):
        raise BadSignature


def verify_answer(call: Call, account: Account) -> None:
    """raises: BadSignature; never anything else"""
    password = str(account.config.get("inbound_password") or "")
    if is_signed(call, str(account.config.get("inbound_public_key") or "")):
        return
    if not password or not hmac.compare_digest(_basic_password(call), password.encode()):
        raise BadSignature


def is_signed(call: Call, public_key: str) -> bool:
    key, timestamp = _load(public_key), call.headers.get(TIMESTAMP, "")
    if key is None or not timestamp:
        return False
    try:
        signature = base64.b64decode(call.headers.get(SIGNATURE, ""), validate=True)
        key.verify(signature, timestamp.encode("utf-8", "replace") + call.body, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


@lru_cache(maxsize=1_000)
def _load(public_key: str) -> ec.EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def _basic_password(call: Call) -> bytes:
    scheme, _, packed = call.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(packed, validate=True) if scheme.lower() == "basic" else b""
    except (ValueError, binascii.Error):
        return b""
    return pair.partition(b":")[2]
