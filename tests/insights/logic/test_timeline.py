from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.logic.moments import Near
from insights.logic.timeline import Entry, Kind, Mark, newest, parse_mark

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
NEAR = Near(now=NOW, zone=ZoneInfo("America/Chicago"))


def entry(number: int, *, at: datetime = NOW, kind: Kind = Kind.MESSAGE) -> Entry:
    return Entry(kind=kind, id=number, at=at, icon="mail", title=str(number))


def titles(page) -> list[list[str]]:
    return [[shown.entry.title for shown in day.entries] for day in page.days]


def test_newest_groups_by_local_day():
    late_evening = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 10 pm on the 19th in Chicago

    page = newest([entry(1, at=late_evening), entry(2)], size=10, near=NEAR)

    assert [day.words for day in page.days] == ["Today", "Yesterday"]
    assert titles(page) == [["2"], ["1"]]
    assert page.next is None


def test_newest_orders_one_moment_by_kind_then_newest_id():
    same = [entry(1, kind=Kind.VISIT), entry(2), entry(3)]

    assert titles(newest(same, size=10, near=NEAR)) == [["3", "2", "1"]]


def test_newest_beyond_the_size_names_where_the_next_page_begins():
    page = newest([entry(n, at=NOW - timedelta(hours=n)) for n in range(5)], size=3, near=NEAR)

    assert titles(page) == [["0", "1", "2"]]
    assert page.next == Mark(NOW - timedelta(hours=2), Kind.MESSAGE.rank, 2)


def test_parse_mark_of_a_written_mark_returns_it():
    mark = Mark(datetime(2026, 11, 20, 16, 0, 0, 123456, tzinfo=UTC), 3, 77)

    assert parse_mark(str(mark)) == mark


@pytest.mark.parametrize(
    "text", ["", "1-2", "a-b-c", "1-2-3-4", "9" * 18 + "-1-1", "-1-2-3", "9" * 40 + "-1-1"]
)
def test_parse_mark_of_nonsense_is_none(text):
    assert parse_mark(text) is None
