"""Until when the link of a reminder books."""

from collections.abc import Iterable
from datetime import date, timedelta

# As long as somebody may be enrolled for being overdue: after that the reminder has nothing to do with the car.
DAYS_AFTER_DUE = 60
# A letter lies about for some weeks.
DAYS_AFTER_TOUCH = 30


def books_until(due_on: Iterable[date], *, touched_on: date) -> date:
    """Return the last local day on which a reminder's link books.

    It follows the due cycle: 60 days after the last of the services was due, and never less than 30 days
    after the day of the reminder itself, however late a cadence sends it. Opting out has no such end.
    """
    after_touch = touched_on + timedelta(days=DAYS_AFTER_TOUCH)
    return max([after_touch, *(on + timedelta(days=DAYS_AFTER_DUE) for on in due_on)])
