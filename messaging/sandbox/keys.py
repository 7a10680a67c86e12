"""Keys of sandbox accounts, derived from one master secret so that an account needs no registration."""

from __future__ import annotations

import hashlib
import hmac


def bearer_token(master_secret: str, account: str) -> str:
    return _derive(master_secret, f"sandbox-token:{account}")


def webhook_secret(master_secret: str, account: str) -> str:
    return _derive(master_secret, f"sandbox-webhook:{account}")


def sign(secret: str, *, timestamp: str, body: bytes) -> str:
    """The hex signature of a webhook: HMAC-SHA256 over `timestamp.body`, as several real providers do."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _derive(master_secret: str, label: str) -> str:
    return hmac.new(master_secret.encode(), label.encode(), hashlib.sha256).hexdigest()
