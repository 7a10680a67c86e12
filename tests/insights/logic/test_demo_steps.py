from datetime import UTC, datetime, timedelta

import pytest

from insights.logic.demo_steps import next_stop

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
CHICAGO_NIGHT = datetime(2026, 11, 21, 8, 1, tzinfo=UTC)
NEW_YORK_NIGHT = datetime(2026, 11, 21, 7, 1, tzinfo=UTC)
FAR = NOW + timedelta(days=7)


@pytest.mark.parametrize(
    ("due", "zones", "until", "expected"),
    [
        ([], ["America/Chicago"], FAR, CHICAGO_NIGHT),
        ([], ["America/Chicago", "America/New_York"], FAR, NEW_YORK_NIGHT),
        ([NOW + timedelta(hours=2)], ["America/Chicago"], FAR, NOW + timedelta(hours=2)),
        ([NOW - timedelta(days=3), NOW], ["America/Chicago"], FAR, CHICAGO_NIGHT),
        ([], ["America/Chicago"], NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
        ([], [], FAR, FAR),
    ],
)
def test_next_stop_is_the_earliest_of_due_moments_nights_and_the_end(due, zones, until, expected):
    assert next_stop(NOW, until=until, due=due, zone_names=zones) == expected


def test_next_stop_just_after_a_night_is_the_next_one():
    assert next_stop(
        CHICAGO_NIGHT, until=FAR, due=[], zone_names=["America/Chicago"]
    ) == CHICAGO_NIGHT + timedelta(days=1)


def test_next_stop_always_moves_on():
    moment, stops = NOW, 0
    while moment < FAR:
        later = next_stop(
            moment, until=FAR, due=[moment, moment + timedelta(seconds=1)], zone_names=["Asia/Kolkata"]
        )
        assert later > moment
        moment, stops = later, stops + 1

    assert stops == 8
