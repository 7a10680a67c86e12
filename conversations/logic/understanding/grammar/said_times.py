"""What one expression of time is, whichever rule found it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conversations.logic.understanding.grammar.clock import Clock


class Relation(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    AFTER = "after"
    BEFORE = "before"
    BETWEEN = "between"
    PART = "part"
    MOMENT = "moment"  # so many hours from now


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A time as said; `part` is a name of `parts.PARTS`, `moment` a wall time counted from now."""

    relation: Relation
    first: Clock | None = None
    last: Clock | None = None
    part: str = ""
    moment: datetime | None = None
    is_negated: bool = False
