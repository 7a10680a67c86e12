from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.logic.slots import (
    FreeSlot,
    Schedule,
    Slot,
    SlotRules,
    Usage,
    WeeklyHours,
    bookable_slots,
    day_slots,
    find_slot,
    keep_free,
    nearest,
    open_stretches,
    to_utc,
)

pytestmark = pytest.mark.logic

CHICAGO = "America/Chicago"
LORD_HOWE = "Australia/Lord_Howe"
KATHMANDU = "Asia/Kathmandu"
RULES = SlotRules(slot_minutes=30, capacity_per_slot=2, lead_minutes=60, horizon_days=30)


def schedule(*hours, zone=CHICAGO, closed=(), rules=RULES):
    return Schedule(zone, tuple(hours), frozenset(closed), rules)


def all_week(opens, closes):
    return [WeeklyHours(day, opens, closes) for day in range(7)]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def local_starts(slots):
    return [slot.local_start.strftime("%H:%M") for slot in slots]


def test_to_utc_reads_the_wall_clock_of_the_zone():
    assert to_utc(datetime(2026, 7, 1, 9, 0), zone=ZoneInfo(CHICAGO)) == utc(2026, 7, 1, 14, 0)
    assert to_utc(datetime(2026, 12, 1, 9, 0), zone=ZoneInfo(CHICAGO)) == utc(2026, 12, 1, 15, 0)
    assert to_utc(datetime(2026, 12, 1, 9, 0), zone=ZoneInfo(KATHMANDU)) == utc(2026, 12, 1, 3, 15)


@pytest.mark.parametrize("minute", [0, 1, 30, 59])
def test_to_utc_in_the_hour_that_never_comes_is_the_change_itself(minute):
    assert to_utc(datetime(2027, 3, 14, 2, minute), zone=ZoneInfo(CHICAGO)) == utc(2027, 3, 14, 8, 0)


def test_to_utc_in_the_half_hour_that_never_comes_in_lord_howe():
    # clocks go from 02:00 (+10:30) to 02:30 (+11)
    assert to_utc(datetime(2026, 10, 4, 2, 15), zone=ZoneInfo(LORD_HOWE)) == utc(2026, 10, 3, 15, 30)


def test_to_utc_in_the_hour_that_comes_twice_follows_fold():
    wall = datetime(2026, 11, 1, 1, 30)

    assert to_utc(wall, zone=ZoneInfo(CHICAGO)) == utc(2026, 11, 1, 6, 30)
    assert to_utc(wall.replace(fold=1), zone=ZoneInfo(CHICAGO)) == utc(2026, 11, 1, 7, 30)


def test_day_slots_fill_the_opening_hours_and_end_by_closing():
    monday = schedule(WeeklyHours(0, time(8), time(9, 45)))

    assert day_slots(monday, date(2026, 11, 23)) == [
        Slot(utc(2026, 11, 23, 14, 0), utc(2026, 11, 23, 14, 30), datetime(2026, 11, 23, 8, 0)),
        Slot(utc(2026, 11, 23, 14, 30), utc(2026, 11, 23, 15, 0), datetime(2026, 11, 23, 8, 30)),
        Slot(utc(2026, 11, 23, 15, 0), utc(2026, 11, 23, 15, 30), datetime(2026, 11, 23, 9, 0)),
    ]


def test_day_slots_on_another_weekday_or_a_closed_day_are_none():
    monday = schedule(WeeklyHours(0, time(8), time(17)), closed=[date(2026, 11, 30)])

    assert day_slots(monday, date(2026, 11, 24)) == []
    assert day_slots(monday, date(2026, 11, 30)) == []


def test_day_slots_stop_for_lunch_and_start_afresh_after_it():
    lunch = schedule(WeeklyHours(0, time(13, 15), time(14, 30)), WeeklyHours(0, time(11), time(12, 10)))

    assert local_starts(day_slots(lunch, date(2026, 11, 23))) == ["11:00", "11:30", "13:15", "13:45"]


def test_open_stretches_merge_hours_that_overlap_or_touch():
    touching = schedule(
        WeeklyHours(0, time(8), time(12)),
        WeeklyHours(0, time(9), time(10)),
        WeeklyHours(0, time(12), time(13)),
    )

    assert open_stretches(touching, date(2026, 11, 23)) == [(utc(2026, 11, 23, 14), utc(2026, 11, 23, 19))]


def test_hours_that_close_before_they_open_give_nothing():
    assert day_slots(schedule(WeeklyHours(0, time(17), time(8))), date(2026, 11, 23)) == []
    assert day_slots(schedule(WeeklyHours(0, time(8), time(8))), date(2026, 11, 23)) == []


def test_hours_that_close_at_midnight_reach_the_end_of_the_day():
    late = schedule(WeeklyHours(0, time(23), time(0)))

    assert local_starts(day_slots(late, date(2026, 11, 23))) == ["23:00", "23:30"]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        pytest.param(CHICAGO, date(2027, 3, 14), ["01:00", "01:30", "03:00", "03:30"], id="hour-skipped"),
        pytest.param(
            CHICAGO,
            date(2026, 11, 1),
            ["01:00", "01:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30"],
            id="hour-twice",
        ),
        pytest.param(
            LORD_HOWE,
            date(2026, 10, 4),
            ["01:00", "01:30", "02:30", "03:00", "03:30"],
            id="half-hour-skipped",
        ),
        pytest.param(
            LORD_HOWE,
            date(2027, 4, 4),
            ["01:00", "01:30", "01:30", "02:00", "02:30", "03:00", "03:30"],
            id="half-hour-twice",
        ),
    ],
)
def test_day_slots_through_a_change_of_the_clocks(zone, day, expected):
    night = schedule(*all_week(time(1), time(4)), zone=zone)

    assert local_starts(day_slots(night, day)) == expected


def test_day_slots_opening_in_the_skipped_hour_open_at_the_change():
    assert local_starts(day_slots(schedule(*all_week(time(2, 30), time(4))), date(2027, 3, 14))) == [
        "03:00",
        "03:30",
    ]


def test_day_slots_closing_in_the_skipped_hour_close_at_the_change():
    assert local_starts(day_slots(schedule(*all_week(time(1), time(2, 30))), date(2027, 3, 14))) == [
        "01:00",
        "01:30",
    ]


def test_day_slots_on_a_leap_day():
    assert len(day_slots(schedule(*all_week(time(8), time(10))), date(2028, 2, 29))) == 4


def test_bookable_slots_keep_the_lead_time():
    day = schedule(*all_week(time(8), time(10)))
    now = utc(2026, 11, 23, 13, 1)  # 07:01 in Chicago, so the first hour is too soon by a minute

    slots = list(bookable_slots(day, from_at=now, until=utc(2026, 11, 24), now=now))

    assert local_starts(slots) == ["08:30", "09:00", "09:30"]


def test_bookable_slots_exactly_at_the_lead_time_are_offered():
    now = utc(2026, 11, 23, 13, 0)

    slots = bookable_slots(
        schedule(*all_week(time(8), time(9))), from_at=now, until=utc(2026, 11, 24), now=now
    )

    assert local_starts(slots) == ["08:00", "08:30"]


def test_bookable_slots_end_before_until():
    now = utc(2026, 11, 23)
    slots = bookable_slots(
        schedule(*all_week(time(8), time(10))),
        from_at=utc(2026, 11, 23, 14, 30),
        until=utc(2026, 11, 23, 15, 30),
        now=now,
    )

    assert local_starts(slots) == ["08:30", "09:00"]


def test_bookable_slots_of_a_day_that_crosses_midnight_in_utc():
    tokyo = schedule(*all_week(time(8), time(9)), zone="Asia/Tokyo")
    now = utc(2026, 11, 22)

    slots = list(bookable_slots(tokyo, from_at=now, until=utc(2026, 11, 23, 23, 30), now=now))

    assert [slot.local_start for slot in slots] == [
        datetime(2026, 11, 23, 8, 0),
        datetime(2026, 11, 23, 8, 30),
        datetime(2026, 11, 24, 8, 0),
    ]


def test_bookable_slots_stop_at_the_horizon():
    rules = SlotRules(slot_minutes=60, capacity_per_slot=1, lead_minutes=0, horizon_days=2)
    now = utc(2026, 11, 24, 2, 0)  # still 23 November in Chicago

    slots = bookable_slots(
        schedule(*all_week(time(8), time(9)), rules=rules), from_at=now, until=utc(2027, 1, 1), now=now
    )

    assert [slot.local_start.day for slot in slots] == [24, 25]


def test_bookable_slots_of_a_dealership_without_hours_are_none():
    now = utc(2026, 11, 23)

    assert list(bookable_slots(schedule(), from_at=now, until=utc(2027, 11, 23), now=now)) == []


@pytest.mark.parametrize(
    ("starts_at", "is_found"),
    [
        (utc(2026, 11, 23, 14, 30), True),
        (utc(2026, 11, 23, 14, 31), False),
        (utc(2026, 11, 23, 13, 30), False),
        (utc(2026, 11, 23, 16, 0), False),
        (utc(2026, 11, 20, 14, 30), False),
        (utc(2027, 11, 23, 14, 30), False),
    ],
    ids=["start", "minute-off", "before-opening", "closing", "past", "beyond-horizon"],
)
def test_find_slot(starts_at, is_found):
    day = schedule(*all_week(time(8), time(10)))

    slot = find_slot(day, starts_at=starts_at, now=utc(2026, 11, 23, 8))

    assert (slot.starts_at == starts_at) if is_found else slot is None


def test_keep_free_counts_the_places_left():
    slots = day_slots(schedule(*all_week(time(8), time(10, 30))), date(2026, 11, 23))
    usage = {
        slots[0].starts_at: Usage(capacity=3, used=3),
        slots[1].starts_at: Usage(capacity=3, used=1),
        slots[2].starts_at: Usage(capacity=1, used=0),
        slots[3].starts_at: Usage(capacity=5, used=4),
    }

    free = list(keep_free(slots, usage=usage, capacity=3, reaching_in=lambda slot: 0))

    assert [(slot.local_start.strftime("%H:%M"), slot.places) for slot in free] == [
        ("08:30", 2),
        ("09:00", 1),
        ("10:00", 3),
    ]


def test_nearest_prefers_the_closest_then_the_later():
    at = utc(2026, 11, 23, 15)
    free = [FreeSlot(at + timedelta(minutes=m), datetime(2026, 11, 23), 1) for m in (-90, -30, 30, 60, 120)]

    assert [slot.starts_at - at for slot in nearest(free, to=at, limit=1)] == [timedelta(minutes=30)]
    assert [slot.starts_at - at for slot in nearest(free, to=at, limit=3)] == [
        timedelta(minutes=-30),
        timedelta(minutes=30),
        timedelta(minutes=60),
    ]


ZONES = st.sampled_from([CHICAGO, LORD_HOWE, KATHMANDU, "Europe/London", "America/St_Johns", "Africa/Cairo"])
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@settings(max_examples=150, deadline=None)
@given(
    zone=ZONES,
    day=st.dates(date(2025, 1, 1), date(2029, 12, 31)),
    hours=st.lists(st.tuples(TIMES, TIMES), max_size=3),
    length=st.integers(5, 240),
)
def test_day_slots_never_overlap_and_stay_within_real_opening_time(zone, day, hours, length):
    rules = SlotRules(slot_minutes=length, capacity_per_slot=1, lead_minutes=0, horizon_days=1)
    open_all = schedule(*(WeeklyHours(day.weekday(), *pair) for pair in hours), zone=zone, rules=rules)

    slots = day_slots(open_all, day)

    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(slots))
    assert all(slot.ends_at - slot.starts_at == timedelta(minutes=length) for slot in slots)
    assert all(slot.local_start.date() == day for slot in slots)
    stretches = open_stretches(open_all, day)
    assert all(any(a <= slot.starts_at and slot.ends_at <= b for a, b in stretches) for slot in slots)


@settings(max_examples=200, deadline=None)
@given(zone=ZONES, wall=st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31)))
def test_to_utc_never_runs_backwards(zone, wall):
    first = to_utc(wall, zone=ZoneInfo(zone))
    later = to_utc((wall + timedelta(minutes=7)).replace(fold=1), zone=ZoneInfo(zone))

    assert first <= later
