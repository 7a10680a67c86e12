from datetime import date

import pytest

from insights.logic.due_filter import DueFilter, Progress, Window, parse_filter

pytestmark = pytest.mark.logic

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, DueFilter()),
        ({"window": "late"}, DueFilter(window=Window.LATE)),
        ({"window": "<script>", "progress": "x"}, DueFilter()),
        ({"q": "  rui "}, DueFilter(window=Window.ALL, query="rui")),
        ({"q": "rui", "window": "week"}, DueFilter(window=Window.WEEK, query="rui")),
        ({"progress": "booked", "service": "oil"}, DueFilter(progress=Progress.BOOKED, service="oil")),
        ({"q": "x" * 500}, DueFilter(window=Window.ALL, query="x" * 100)),
    ],
)
def test_parse_filter(query, expected):
    assert parse_filter(query) == expected


@pytest.mark.parametrize(
    ("window", "days"),
    [
        (Window.LATE, (None, date(2026, 11, 19))),
        (Window.WEEK, (date(2026, 11, 20), date(2026, 11, 26))),
        (Window.MONTH, (date(2026, 11, 20), date(2026, 12, 19))),
        (Window.QUARTER, (date(2026, 11, 20), date(2027, 2, 17))),
        (Window.ALL, (None, None)),
    ],
)
def test_days_of_a_window_include_both_ends(window, days):
    assert DueFilter(window=window).days(TODAY) == days


def test_only_overdue_shows_the_newest_first():
    assert [w for w in Window if DueFilter(window=w).is_newest_first] == [Window.LATE]
