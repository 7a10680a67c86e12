"""Messages a member sends to see whether a channel works: known by their key, and nobody's reminder."""

from __future__ import annotations

PREFIX = "test:"


def is_test(key: str) -> bool:
    return key.startswith(PREFIX)
