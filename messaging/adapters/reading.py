"""Reads what providers and strangers write: nothing in here ever raises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

RAW_LENGTH = 60  # of a vendor's own code or words, as kept for support


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; empty for anything else, also for what is nested too deep."""
    data = _parsed(body)
    return data if isinstance(data, dict) else {}


def _parsed(body: bytes) -> Any:
    """By the quick parser; what it is too strict for (half a character, another encoding), by the patient one."""
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def inner(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def text(data: Mapping[str, Any], key: str) -> str:
    """A string without the NUL that PostgreSQL cannot store and without halves of characters; else empty."""
    value = data.get(key)
    return clean(value) if isinstance(value, str) else ""


def clean(words: str) -> str:
    return words.replace("\x00", "").encode("utf-8", "replace").decode()


def whole(value: object) -> int:
    """A whole number, also one written as text (as Twilio does); else 0."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:  # noqa: PLR2004 -- what a database column holds
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def seconds(value: str | None) -> float | None:
    """The seconds of a Retry-After header; None where there is none or it holds a date."""
    try:
        return max(0.0, float(value)) if value and value.lower() not in {"nan", "inf", "infinity"} else None
    except ValueError:
        return None


def moment(value: object) -> datetime | None:
    """A Unix time in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
