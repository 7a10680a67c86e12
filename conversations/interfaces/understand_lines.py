"""JSON lines in and out of the understanding: one object a line in, one object a line out, in order."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from conversations.logic.understanding import Context, understand
from conversations.logic.understanding.answers import told_intents
from conversations.logic.understanding.combine import read_when
from conversations.logic.understanding.folding import fold
from conversations.logic.understanding.tokens import tokenise
from messaging.logic.opt_out import read_opt_out

DEFAULT_ZONE = "UTC"


class BadLineError(ValueError):
    """A line that cannot be read, with what is wrong with it in words."""


def answer_line(line: str, *, number: int) -> str:
    """Return the answer to one line of JSON; of a bad one an object that says what is wrong."""
    row: Any = None
    try:
        row = _parse(line)
        return json.dumps(_answer(row), ensure_ascii=False)
    except BadLineError as error:
        row_id = row.get("id") if isinstance(row, dict) else None
        return json.dumps({"id": row_id, "line": number, "error": str(error)}, ensure_ascii=False)


def _parse(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise BadLineError('not an object: expected {"id", "text", "now", ...}')
    return row


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    text = _string(row, "text", required=True)
    prompt = _string(row, "prompt", required=False)
    now = _local(_string(row, "now", required=True), _zone(row.get("timezone")), field="now")
    context = Context(now, offered=_offered(row, now), prompt=prompt)
    understanding = understand(text, context=context)
    opt_out = read_opt_out(text)
    return {
        "id": row.get("id"),
        "intents": told_intents(understanding, context=context, has_opted_out=opt_out is not None),
        "date": understanding.said_on.isoformat() if understanding.said_on else None,
        "time": understanding.said_at.strftime("%H:%M") if understanding.said_at else None,
        "choice": understanding.choice + 1 if understanding.choice is not None else None,
        "opt_out": opt_out is not None,
        "confidence": understanding.confidence,
        "transport": [fact.value for fact in understanding.transport],
        "mileage": understanding.mileage.value if understanding.mileage else None,
        "facts": sorted(fact.value for fact in understanding.facts),
    }


def _string(row: dict[str, Any], field: str, *, required: bool) -> str:
    value = row.get(field)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        problem = "is missing" if value is None else f"is {json.dumps(value)[:40]}, expected a string"
        raise BadLineError(f'"{field}" {problem}')
    return value


def _zone(name: Any) -> ZoneInfo:
    if name is not None and not isinstance(name, str):
        raise BadLineError('"timezone" is not a string, expected a name such as "America/Chicago"')
    return _zone_named(name or DEFAULT_ZONE)


@lru_cache(maxsize=1_000)
def _zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as error:
        raise BadLineError(
            f'"timezone" is {name[:40]!r}, expected a name such as "America/Chicago"'
        ) from error
    except KeyError as error:
        raise BadLineError(
            f'"timezone" {name[:40]!r} is unknown, expected a name such as "America/Chicago"'
        ) from error


def _local(text: str, zone: ZoneInfo, *, field: str) -> datetime:
    """Return a moment as wall time in the zone; without an offset it is wall time already."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError) as error:
        raise BadLineError(
            f'"{field}" is {text[:40]!r}, expected a time such as "2026-11-20T10:00"'
        ) from error


def _offered(row: dict[str, Any], now: datetime) -> tuple[datetime, ...]:
    offered = row.get("offered")
    if offered is None:
        return ()
    if not isinstance(offered, list):
        raise BadLineError('"offered" is not a list of times')
    return tuple(_slot(each, _zone(row.get("timezone")), now) for each in offered)


def _slot(each: Any, zone: ZoneInfo, now: datetime) -> datetime:
    """Return an offered time, written as ISO 8601 or in the words it was offered in."""
    if not isinstance(each, str):
        raise BadLineError('"offered" holds something else than a time such as "2026-11-24T09:00"')
    try:
        return _local(each, zone, field="offered")
    except BadLineError:
        said = read_when(tokenise(fold(each)), context=Context(now))
        if said.on is None or said.at is None:
            raise
        return datetime.combine(said.on, said.at)
