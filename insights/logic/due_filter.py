"""What the due list may be narrowed to, as the URL says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from insights.logic.range_bar import Axis


class Window(StrEnum):
    LATE = "late"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    ALL = "all"

    @property
    def label(self) -> str:
        return WINDOW_LABELS[self]


class Progress(StrEnum):
    ANY = ""
    IDLE = "idle"
    RUNNING = "running"
    WAITING = "waiting"
    BOOKED = "booked"

    @property
    def label(self) -> str:
        return PROGRESS_LABELS[self]


WINDOW_LABELS = {
    Window.LATE: "Overdue",
    Window.WEEK: "Next 7 days",
    Window.MONTH: "Next 30 days",
    Window.QUARTER: "Next 90 days",
    Window.ALL: "All",
}

PROGRESS_LABELS = {
    Progress.ANY: "Everybody",
    Progress.IDLE: "Nothing planned",
    Progress.RUNNING: "In a cadence",
    Progress.WAITING: "Reply waiting",
    Progress.BOOKED: "Booked",
}

# First and last day after today, both included.
_DAYS: dict[Window, tuple[int | None, int | None]] = {
    Window.LATE: (None, -1),
    Window.WEEK: (0, 6),
    Window.MONTH: (0, 29),
    Window.QUARTER: (0, 89),
    Window.ALL: (None, None),
}

# What the bars of a window span: days before and after today.
_AXES = {
    Window.LATE: (240, 90),
    Window.WEEK: (60, 120),
    Window.MONTH: (60, 150),
    Window.QUARTER: (60, 240),
    Window.ALL: (120, 240),
}

LONGEST_QUERY = 100


@dataclass(frozen=True)
class DueFilter:
    window: Window = Window.MONTH
    service: str = ""
    progress: Progress = Progress.ANY
    query: str = ""

    @property
    def is_newest_first(self) -> bool:
        """Overdue: who was due yesterday is worth a call before who was due three years ago."""
        return self.window is Window.LATE

    @property
    def is_narrowed(self) -> bool:
        return bool(self.service or self.progress or self.query)

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and last due date of the window, both included; None: open."""
        first, last = _DAYS[self.window]
        return (
            None if first is None else today + timedelta(days=first),
            None if last is None else today + timedelta(days=last),
        )

    def axis(self, today: date) -> Axis:
        """Return the dates the range bars of the list span."""
        before, after = _AXES[self.window]
        return Axis(today - timedelta(days=before), today + timedelta(days=after))


def clean_query(text: str) -> str:
    """Return the words of a search without what no name holds: control characters, which PostgreSQL refuses."""
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST_QUERY]


def parse_filter(query: Mapping[str, str]) -> DueFilter:
    """Return the filter a query string asks for; words it does not know count as not said.

    A search without a window looks everywhere: who looks for a name wants the person, whatever is due when.
    """
    text = clean_query(query.get("q", ""))
    window = query.get("window", "")
    return DueFilter(
        window=Window(window) if window in set(Window) else (Window.ALL if text else Window.MONTH),
        service=clean_query(query.get("service", ""))[:40],
        progress=Progress(query.get("progress", ""))
        if query.get("progress", "") in set(Progress)
        else Progress.ANY,
        query=text,
    )
