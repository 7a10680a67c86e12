from insights.logic.due_filter import DueFilter, Window
from insights.logic.moments import Near
from insights.queries import due_list
from insights.tiles.tile import Figures, Tile

WEEK = DueFilter(window=Window.WEEK)
LATE = DueFilter(window=Window.LATE)
MOST_COUNTED = due_list.MOST_COUNTED


def load(near: Near) -> Figures:
    """Return how many vehicles are likely due within seven days, and how many are past it. Queries: 2."""
    week, late = (due_list.filtered(f, near=near)[: MOST_COUNTED + 1].count() for f in (WEEK, LATE))
    return Figures(value=_words(week), hint=f"{_words(late)} overdue", is_empty=not week)


def rows(near: Near) -> due_list.DuePage:
    return due_list.page(WEEK, near=near, size=15)


def _words(count: int) -> str:
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


TILE = Tile(
    key="due",
    order=10,
    label="Due this week",
    icon="gauge",
    load=load,
    rows=rows,
    template="insights/tiles/due_this_week.html",
)
