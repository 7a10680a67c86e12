from collections.abc import Callable
from itertools import chain

from insights.logic.moments import Near
from insights.logic.timeline import Entry, Filter, Kind, Mark, TimelinePage, newest
from insights.queries.timeline import contacts, garage, records
from insights.queries.timeline.span import Span

PAGE_SIZE = 60

SOURCES: dict[Kind, Callable[[int, Span], list[Entry]]] = {
    Kind.MESSAGE: contacts.messages,
    Kind.REMINDER: contacts.reminders,
    Kind.APPOINTMENT: records.appointments,
    Kind.VISIT: garage.visits,
    Kind.READING: garage.readings,
    Kind.FORECAST: garage.forecasts,
    Kind.CONSENT: records.consent,
    Kind.IMPORT: records.imports,
    Kind.LOG: records.log_entries,
}


def page(
    customer_id: int, *, near: Near, shown: Filter = Filter.ALL, mark: Mark | None = None
) -> TimelinePage:
    """Return what happened with a customer before a mark, newest first, a page of it.

    Each source gives at most a page, so that a fleet with ten thousand visits costs what a family car does.
    """
    span = Span(near=near, limit=PAGE_SIZE + 1, mark=mark)
    entries = chain.from_iterable(SOURCES[kind](customer_id, span) for kind in Kind if kind in shown.kinds)
    return newest(entries, size=PAGE_SIZE, near=near)
