"""How long to wait before starting a child again."""

from __future__ import annotations

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
# A child that ran this long was healthy: its next death is a new story, not the same one going on.
HEALTHY_AFTER_SECONDS = 60.0


def next_wait(previous: float, *, ran_seconds: float) -> float:
    """Return the seconds to wait after a child died: doubling while it keeps dying early.

    `previous` is the last wait, 0.0 before the first.
    """
    if ran_seconds >= HEALTHY_AFTER_SECONDS or previous <= 0:
        return FIRST_WAIT_SECONDS
    return min(previous * 2, LONGEST_WAIT_SECONDS)
