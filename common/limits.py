"""How often something may be done within a time, over all processes; counted in the shared cache, in real time."""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within each window of this length; windows begin with the clock, not with who is counted."""

    name: str
    most: int
    within: timedelta

    @property
    def seconds(self) -> int:
        return int(self.within.total_seconds())


def count(limit: Limit, who: str) -> int:
    """Count one and return how many that makes in this window. An empty `who` is nobody: not counted, 0."""
    if not who:
        return 0
    key = _key(limit, who)
    cache.add(key, 0, timeout=limit.seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two: a new window has begun
        return 1


def is_over(limit: Limit, who: str) -> bool:
    """Return whether the most was reached in this window already, without counting."""
    return bool(who) and int(cache.get(_key(limit, who), 0)) >= limit.most


def _key(limit: Limit, who: str) -> str:
    window = int(time.time()) // limit.seconds
    return f"limit:{limit.name}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
