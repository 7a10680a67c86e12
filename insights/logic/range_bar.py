"""The small picture of a forecast: its 80 % range, the likely day, and today, on a common scale."""

from dataclasses import dataclass
from datetime import date

SCALE = 100.0
MARK_WIDTH = 2.4  # of the due mark, in units of the scale; the component draws it so wide
THINNEST = 3.0  # a range of a day or two must still be seen


@dataclass(frozen=True)
class Axis:
    """The dates at the left and right end of every bar of one list."""

    from_on: date
    to_on: date

    def x(self, on: date) -> float:
        """Return where a date stands, 0 to 100; dates beyond an end stand at that end."""
        whole = (self.to_on - self.from_on).days
        return round(min(max((on - self.from_on).days / whole, 0.0), 1.0) * SCALE, 1)


@dataclass(frozen=True)
class RangeBar:
    low_x: float
    width: float
    due_x: float
    today_x: float
    is_late: bool
    words: str


def draw(*, low_on: date, due_on: date, high_on: date, today: date, axis: Axis) -> RangeBar:
    """Return the bar of one forecast; `is_late` once the likely day has passed."""
    low_x, high_x = axis.x(low_on), axis.x(high_on)
    width = max(high_x - low_x, THINNEST)
    return RangeBar(
        low_x=min(low_x, SCALE - width),
        width=round(width, 1),
        due_x=min(axis.x(due_on), SCALE - MARK_WIDTH),
        today_x=axis.x(today),
        is_late=due_on < today,
        words=f"Likely {short(due_on, today)}; 8 in 10 between {short(low_on, today)} and {short(high_on, today)}",
    )


def short(on: date, today: date) -> str:
    """Return a date without its year where that is this year's."""
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b %Y}"
