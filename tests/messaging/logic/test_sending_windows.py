from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.logic.law import is_holiday
from messaging.logic.sending_windows import closes_at, next_allowed, open_intervals
from tests.law import LAW, hours

pytestmark = pytest.mark.logic


def hours_of(channel, purpose, *places):
    return LAW.hours(channel=channel, purpose=purpose, places=places or ("US",))


MARKETING = hours_of("sms", "marketing")
LAWS = [
    MARKETING,
    hours_of("sms", "transactional"),
    hours_of("email", "marketing"),
    hours_of("voice", "marketing", "US-FL", "US-TX"),
    hours_of("sms", "marketing", "US-WA"),
    hours_of("sms", "marketing", "US-PA"),
]
ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "America/St_Johns",  # half an hour off
    "Asia/Kathmandu",  # three quarters of an hour off
    "Australia/Lord_Howe",  # summer time of half an hour
    "America/Phoenix",
]


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def allowed(at, *zones, hours=MARKETING):
    return next_allowed(at, hours=hours, zone_names=zones)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((2026, 11, 20, 9, 59, 59), (2026, 11, 20, 10)),
        ((2026, 11, 20, 10), (2026, 11, 20, 10)),
        ((2026, 11, 20, 16, 59, 59), (2026, 11, 20, 16, 59, 59)),
        ((2026, 11, 20, 17), (2026, 11, 23, 10)),  # Friday evening: Monday
        ((2026, 11, 22, 12), (2026, 11, 23, 10)),  # Sunday
        ((2026, 11, 26, 12), (2026, 11, 27, 10)),  # Thanksgiving
        ((2026, 7, 3, 12), (2026, 7, 6, 10)),  # 4 July is a Saturday, observed on Friday
        ((2028, 2, 29, 18), (2028, 3, 1, 10)),  # leap day
        ((2026, 12, 31, 18), (2027, 1, 4, 10)),  # New Year, then the weekend
    ],
)
@pytest.mark.parametrize("zone", ["America/Chicago", "America/St_Johns"])
def test_marketing_text_goes_at_the_next_allowed_moment(zone, at, expected):
    assert allowed(local(zone, *at), zone) == local(zone, *expected)


def test_two_zones_allow_their_common_hours_only():
    at = local("America/New_York", 2026, 11, 20, 10, 30)  # 07:30 in Los Angeles

    assert allowed(at, "America/New_York", "America/Los_Angeles") == local(
        "America/New_York", 2026, 11, 20, 13
    )


def test_zones_without_a_common_hour_allow_nothing():
    assert allowed(local("America/New_York", 2026, 11, 20, 10), "America/New_York", "Asia/Kathmandu") is None


def test_rule_without_a_zone_is_an_error():
    with pytest.raises(ValueError, match="zone"):
        allowed(local("America/New_York", 2026, 11, 20, 10))


@pytest.mark.parametrize(("channel", "purpose"), [("letter", "marketing"), ("email", "transactional")])
def test_no_rule_allows_any_hour(channel, purpose):
    assert hours_of(channel, purpose) is None
    night = local("America/Chicago", 2026, 11, 22, 3)
    assert next_allowed(night, hours=None, zone_names=()) == night


def test_hour_that_clocks_skip_allows_nothing():
    assert open_intervals("America/Chicago", date(2026, 3, 8), time(2), time(3)) == ()
    at = local("America/Chicago", 2026, 3, 8, 1, 30)
    assert allowed(at, "America/Chicago", hours=hours(time(2), time(3))) == local(
        "America/Chicago", 2026, 3, 9, 2
    )


def test_hour_that_comes_twice_allows_both():
    intervals = open_intervals("America/Chicago", date(2026, 11, 1), time(1), time(2))

    assert sum((end - start for start, end in intervals), timedelta()) == timedelta(hours=2)


def test_window_keeps_its_wall_clock_through_both_changes():
    for day in (date(2026, 3, 7), date(2026, 3, 9), date(2026, 10, 31), date(2026, 11, 2)):
        ((start, end),) = open_intervals("America/Chicago", day, time(8), time(21))
        zone = ZoneInfo("America/Chicago")
        assert (start.astimezone(zone).time(), end.astimezone(zone).time()) == (time(8), time(21))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def is_allowed(at, hours, zone):
    """As slowly as can be: every rule in force on the date shown, by itself."""
    shown = at.astimezone(ZoneInfo(zone))
    for each in hours.in_force(shown.date()):
        span = each.hours.week[shown.weekday()]
        place = "US" if each.jurisdiction == "*" else each.jurisdiction
        if each.hours.keeps_holidays and is_holiday(shown.date(), place=place):
            return False
        if span is None or not span.opens <= shown.time() < span.closes:
            return False
    return True


@given(
    at=MOMENTS, zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), hours=st.sampled_from(LAWS)
)
def test_answer_is_allowed_everywhere_and_not_earlier_than_asked(at, zones, hours):
    answer = next_allowed(at, hours=hours, zone_names=zones)

    if answer is None:
        return
    assert answer >= at
    assert all(is_allowed(answer, hours, zone) for zone in zones)


@given(
    at=MOMENTS,
    zone=st.sampled_from(ZONES),
    hours=st.sampled_from([*LAWS, hours(time(1, 15), time(2, 45))]),
    share=st.floats(0, 1, exclude_max=True),
)
def test_no_allowed_moment_lies_before_the_answer(at, zone, hours, share):
    answer = next_allowed(at, hours=hours, zone_names=[zone])

    assert answer is not None
    between = at + (answer - at) * share
    assert between >= answer or not is_allowed(between, hours, zone)


@given(
    at=MOMENTS,
    zones=st.lists(st.sampled_from(ZONES[:4]), min_size=1, max_size=3),
    hours=st.sampled_from(LAWS),
)
def test_one_zone_more_never_allows_earlier(at, zones, hours):
    one = next_allowed(at, hours=hours, zone_names=zones[:1])
    more = next_allowed(at, hours=hours, zone_names=zones)

    assert more is None or more >= one


@pytest.mark.parametrize(
    ("at", "zones", "ends"),
    [
        ("2026-11-20T16:00Z", ["America/Chicago"], "2026-11-21T03:00Z"),
        ("2026-11-20T16:00Z", ["America/Chicago", "America/New_York"], "2026-11-21T02:00Z"),
        ("2026-11-20T13:59:59Z", ["America/Chicago"], None),  # before the hours: nothing to end
        ("2026-11-20T14:00Z", ["America/Chicago"], "2026-11-21T03:00Z"),
        ("2026-11-21T02:59:59Z", ["America/Chicago"], "2026-11-21T03:00Z"),
        ("2026-11-21T03:00Z", ["America/Chicago"], None),
        ("2026-11-21T02:30Z", ["America/Chicago", "America/New_York"], None),  # outside in one of them
        ("2026-11-01T14:00Z", ["America/New_York"], "2026-11-02T02:00Z"),  # clocks went back this morning
        ("2027-03-14T14:00Z", ["America/New_York"], "2027-03-15T01:00Z"),  # and forward
        ("2026-11-20T08:00Z", ["Asia/Kolkata"], "2026-11-20T15:30Z"),
    ],
)
def test_hours_end_in_the_first_of_the_zones(at, zones, ends):
    found = closes_at(datetime.fromisoformat(at), hours=hours_of("sms", "transactional"), zone_names=zones)

    assert found == (datetime.fromisoformat(ends) if ends else None)


def test_without_a_rule_nothing_ends():
    assert closes_at(datetime(2026, 11, 20, tzinfo=UTC), hours=None, zone_names=["America/Chicago"]) is None
