"""A usual signature of webhooks: HMAC-SHA256 over `timestamp.body`, in hex. Account setting: `webhook_secret`."""

from __future__ import annotations

import hashlib
import hmac

from messaging.adapters.base import Account
from messaging.adapters.webhook import BadSignature, Call


def verify_stamped(call: Call, account: Account, *, stamp: str, given: str) -> None:
    """raises: BadSignature; also for an account without a secret"""
    secret = str(account.config.get("webhook_secret") or "")
    signed = stamp.encode("utf-8", "replace") + b"." + call.body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise BadSignature
