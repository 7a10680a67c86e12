from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from insights.logic.moments import Near, ago_words, clock_words, day_words, offset_words, within

pytestmark = pytest.mark.logic

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("Today, 11:00 am", "today, 11:00 am"),
        ("Tomorrow", "tomorrow"),
        ("Tue 24 Nov, 9:00 am", "Tue 24 Nov, 9:00 am"),
        ("4 Mar", "4 Mar"),
    ],
)
def test_within_a_sentence_only_the_near_days_lose_their_capital(words, inside):
    assert within(words) == inside


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 20), "Today"),
        (date(2026, 11, 21), "Tomorrow"),
        (date(2026, 11, 19), "Yesterday"),
        (date(2026, 11, 24), "Tue 24 Nov"),
        (date(2026, 11, 27), "27 Nov"),
        (date(2026, 3, 4), "4 Mar"),
        (date(2025, 3, 4), "4 Mar 2025"),
    ],
)
def test_day_words(on, words):
    assert day_words(on, today=date(2026, 11, 20)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 20, 15, 59, 40, tzinfo=UTC), "just now"),
        (datetime(2026, 11, 20, 15, 18, tzinfo=UTC), "42 min ago"),
        (datetime(2026, 11, 20, 13, 0, tzinfo=UTC), "3 h ago"),
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), "yesterday"),  # 11 pm in Chicago
        (datetime(2026, 11, 12, 16, 0, tzinfo=UTC), "8 days ago"),
        (datetime(2026, 3, 14, 16, 0, tzinfo=UTC), "14 Mar"),
        (datetime(2025, 11, 14, 16, 0, tzinfo=UTC), "14 Nov 2025"),
    ],
)
def test_ago_words_count_days_in_local_time(at, words):
    assert ago_words(at, now=NOW, zone=CHICAGO) == words


@pytest.mark.parametrize(
    ("at", "uses_24h", "words"),
    [
        (datetime(2026, 11, 20, 6, 5, tzinfo=UTC), False, "12:05 am"),
        (datetime(2026, 11, 20, 18, 0, tzinfo=UTC), False, "12:00 pm"),
        (datetime(2026, 11, 20, 21, 30, tzinfo=UTC), False, "3:30 pm"),
        (datetime(2026, 11, 20, 21, 30, tzinfo=UTC), True, "15:30"),
    ],
)
def test_clock_words(at, uses_24h, words):
    assert clock_words(at, zone=CHICAGO, uses_24h=uses_24h) == words


def test_day_starts_at_local_midnight_also_on_the_day_clocks_change():
    near = Near(now=datetime(2026, 11, 1, 20, 0, tzinfo=UTC), zone=CHICAGO)

    assert near.day_starts_at() == datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    assert near.day_starts_at(1) == datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-14, "14 days before the due date"),
        (-1, "1 day before the due date"),
        (0, "on the due date"),
        (1, "1 day after the due date"),
    ],
)
def test_offset_words(days, words):
    assert offset_words(days) == words
