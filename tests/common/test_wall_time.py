from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import wall_time

pytestmark = pytest.mark.logic

ZONES = [
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
]


@pytest.mark.parametrize(
    ("zone_name", "local_at", "utc_at"),
    [
        ("America/New_York", datetime(2026, 3, 7, 10), datetime(2026, 3, 7, 15)),
        ("America/New_York", datetime(2026, 3, 8, 10), datetime(2026, 3, 8, 14)),
        (
            "America/New_York",
            datetime(2026, 3, 8, 2, 30),
            datetime(2026, 3, 8, 7, 30),
        ),  # skipped: 03:30 summer time
        ("America/New_York", datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 5, 30)),  # twice: the first
        ("America/New_York", datetime(2026, 11, 1, 10), datetime(2026, 11, 1, 15)),
        ("America/Phoenix", datetime(2026, 7, 1, 10), datetime(2026, 7, 1, 17)),
        ("America/St_Johns", datetime(2026, 3, 8, 10), datetime(2026, 3, 8, 12, 30)),
        ("America/St_Johns", datetime(2026, 12, 1, 10), datetime(2026, 12, 1, 13, 30)),
        ("Asia/Kolkata", datetime(2028, 2, 29, 10), datetime(2028, 2, 29, 4, 30)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 10), datetime(2026, 6, 1, 4, 15)),
        (
            "Australia/Lord_Howe",
            datetime(2026, 10, 4, 2, 15),
            datetime(2026, 10, 3, 15, 45),
        ),  # half an hour skipped
        (
            "Australia/Lord_Howe",
            datetime(2026, 4, 5, 1, 45),
            datetime(2026, 4, 4, 14, 45),
        ),  # half an hour twice
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30)),
    ],
)
def test_to_utc_known_times_give_known_moments(zone_name, local_at, utc_at):
    assert wall_time.to_utc(local_at, zone_name=zone_name) == utc_at.replace(tzinfo=UTC)


def test_to_utc_aware_time_is_refused():
    with pytest.raises(ValueError, match="naive"):
        wall_time.to_utc(datetime(2026, 1, 1, tzinfo=UTC), zone_name="UTC")


@given(
    local_at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    zone_name=st.sampled_from(ZONES),
)
def test_to_utc_shows_the_time_again_or_one_the_clocks_skip(local_at, zone_name):
    shown = wall_time.to_local(wall_time.to_utc(local_at, zone_name=zone_name), zone_name=zone_name)

    if shown != local_at:  # a skipped time moves on by the length of the gap, never back
        assert timedelta() < shown - local_at <= timedelta(hours=1)


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    zone_name=st.sampled_from(ZONES),
    hour=st.integers(8, 20),
)
def test_next_at_is_the_first_such_time_not_before(moment, zone_name, hour):
    local_at = wall_time.next_at(time(hour), not_before=moment, zone_name=zone_name)
    due_at = wall_time.to_utc(local_at, zone_name=zone_name)

    assert local_at.time() == time(hour)
    assert due_at >= moment
    assert wall_time.to_utc(local_at - timedelta(days=1), zone_name=zone_name) < moment
    assert due_at.astimezone(ZoneInfo(zone_name)).hour == hour
