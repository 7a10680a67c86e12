"""Writes what was decided about touches, all of a batch in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection

from campaigns.enums import TouchState
from campaigns.logic.dispatch import LATEST_BY, LOOK_AGAIN
from campaigns.models import Touch
from campaigns.queries.touches import DueTouch
from common.tenancy import current_dealership
from messaging.enums import Reason

# Only what is still planned changes: whoever ended the enrolment meanwhile has the last word.
UPDATE = """
    UPDATE campaigns_touch AS touch
    SET state = decided.state, reason = decided.reason, channel = decided.channel,
        next_try_at = coalesce(decided.next_try_at, touch.next_try_at),
        decided_at = decided.decided_at, message_id = decided.message_id
    FROM json_to_recordset(%s) AS decided (touch_id bigint, state text, reason text, channel text,
        next_try_at timestamptz, decided_at timestamptz, message_id bigint)
    WHERE touch.id = decided.touch_id AND touch.dealership_id = %s AND touch.state = 'planned'
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one touch becomes. `next_try_at` None: stays."""

    touch_id: int
    state: str
    reason: str
    channel: str
    next_try_at: datetime | None = None
    decided_at: datetime | None = None
    message_id: int | None = None


def sent(touch: DueTouch, *, channel: str, message_id: int, now: datetime) -> Decision:
    return Decision(touch.id, TouchState.SENT, Reason.NONE, channel, decided_at=now, message_id=message_id)


def skipped(touch: DueTouch, *, reason: str, now: datetime) -> Decision:
    return Decision(touch.id, TouchState.SKIPPED, reason, touch.channel, decided_at=now)


def put_off(touch: DueTouch, *, until: datetime, reason: str) -> Decision:
    return Decision(touch.id, TouchState.PLANNED, reason, touch.channel, next_try_at=until)


def put_off_for_text(touch: DueTouch, *, expires_at: datetime, now: datetime) -> Decision:
    """Return that a touch without a text that can be filled in looks again later, until it is too late."""
    if now + LOOK_AGAIN >= expires_at:
        return skipped(touch, reason=Reason.NO_TEXT, now=now)
    return put_off(touch, until=now + LOOK_AGAIN, reason=Reason.NO_TEXT)


def put_off_unread(touch_id: int, *, now: datetime) -> int:
    """Have a touch that could not even be decided about look again later, until it is too late; answer how many."""
    touch = Touch.objects.filter(pk=touch_id, state=TouchState.PLANNED)
    given_up = touch.filter(due_at__lte=now - LATEST_BY).update(
        state=TouchState.SKIPPED, reason=Reason.TROUBLE, decided_at=now
    )
    return given_up or touch.update(next_try_at=now + LOOK_AGAIN, reason=Reason.TROUBLE)


def write(decisions: Sequence[Decision]) -> int:
    """Write decisions inside the caller's transaction; answer how many touches changed."""
    if not decisions:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [orjson.dumps(decisions).decode(), current_dealership().pk])
        return int(cursor.rowcount)
