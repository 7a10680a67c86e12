from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.enums import ChannelRule, TouchState
from campaigns.logic.cadence import (
    CATCH_UP_GAP,
    PlannedTouch,
    Reach,
    StepRule,
    find_faults,
    lead_days,
    plan_touches,
)
from campaigns.logic.sending_times import PRINT_DAYS, SendingTimes
from common import wall_time
from common.enums import Channel
from messaging.enums import Reason
from messaging.logic.law import Law
from messaging.logic.sending_windows import next_allowed
from tests.law import LAW

pytestmark = pytest.mark.logic

EMAIL, SMS, VOICE, LETTER = Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER
EVERYTHING = Reach(frozenset({EMAIL, SMS, VOICE, LETTER}))
ZONES = [
    "America/Chicago",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",
    "UTC",
]


def a_step(number, offset_days, channel=EMAIL, rule=ChannelRule.NEXT_WORKING, send_time=time(10)):
    return StepRule(number, offset_days, rule, channel, send_time)


SERVICE_DUE = (
    a_step(1, -14, EMAIL),
    a_step(2, -7, SMS),
    a_step(3, 0, VOICE),
    a_step(4, 10, LETTER, ChannelRule.FIXED),
    a_step(5, 30, SMS),
)


def plan(*, anchor_on, now, reach=EVERYTHING, zone_name="America/Chicago", steps=SERVICE_DUE):
    return plan_touches(steps, anchor_on=anchor_on, times=SendingTimes(zone_name, LAW), reach=reach, now=now)


def test_plan_touches_in_time_dates_every_step_in_local_time_through_the_change():
    touches = plan(anchor_on=date(2026, 3, 16), now=datetime(2026, 2, 20, 9, tzinfo=UTC))

    assert [(touch.step_number, touch.channel, touch.local_due_at, touch.due_at) for touch in touches] == [
        (1, EMAIL, datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 16, tzinfo=UTC)),
        (2, SMS, datetime(2026, 3, 9, 10), datetime(2026, 3, 9, 15, tzinfo=UTC)),
        (3, VOICE, datetime(2026, 3, 16, 10), datetime(2026, 3, 16, 15, tzinfo=UTC)),
        (4, LETTER, datetime(2026, 3, 26, 10), datetime(2026, 3, 26, 15, tzinfo=UTC)),
        (5, SMS, datetime(2026, 4, 15, 10), datetime(2026, 4, 15, 15, tzinfo=UTC)),
    ]
    assert {touch.state for touch in touches} == {TouchState.PLANNED}


@pytest.mark.parametrize(
    ("channel", "day", "placed"),
    [
        (SMS, date(2026, 11, 20), datetime(2026, 11, 20, 12)),  # a Friday
        (SMS, date(2026, 11, 22), datetime(2026, 11, 23, 12)),  # Sunday: at its own hour
        (VOICE, date(2026, 11, 21), datetime(2026, 11, 23, 12)),
        (EMAIL, date(2026, 11, 22), datetime(2026, 11, 22, 12)),  # nobody minds an e-mail on Sunday
        (LETTER, date(2026, 11, 22), datetime(2026, 11, 23, 12)),  # nobody prints on Sunday
        (SMS, date(2026, 11, 26), datetime(2026, 11, 27, 12)),  # Thanksgiving
        (LETTER, date(2026, 12, 25), datetime(2026, 12, 28, 12)),  # Christmas, and the weekend after it
        (SMS, date(2027, 7, 5), datetime(2027, 7, 6, 12)),  # Independence Day, observed on Monday
    ],
)
def test_plan_touches_on_a_day_of_rest_come_on_the_next_working_day(channel, day, placed):
    (touch,) = plan(
        steps=(a_step(1, 0, channel, send_time=time(12)),),
        anchor_on=day,
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )

    assert (touch.local_due_at, touch.state) == (placed, TouchState.PLANNED)
    assert touch.due_at == wall_time.to_utc(placed, zone_name="America/Chicago")


@pytest.mark.parametrize(
    ("zones", "placed"),
    [
        (("America/Chicago",), datetime(2026, 11, 20, 12)),
        (("America/Los_Angeles",), datetime(2026, 11, 20, 12)),  # ten there, the first hour allowed
        (("Pacific/Honolulu",), datetime(2026, 11, 20, 14)),  # eight there: waits for ten
        (("America/New_York", "Pacific/Honolulu"), datetime(2026, 11, 20, 14)),
        (("America/New_York", "Pacific/Guam"), datetime(2026, 11, 20, 12)),  # no hour in common: as meant
        (("Asia/Kolkata",), datetime(2026, 11, 22, 22, 30)),  # Monday ten in the morning there
    ],
)
def test_plan_touches_keeps_the_hours_of_the_customers_zones(zones, placed):
    (touch,) = plan(
        steps=(a_step(1, 0, SMS, send_time=time(12)),),
        anchor_on=date(2026, 11, 20),
        now=datetime(2026, 11, 1, tzinfo=UTC),
        reach=Reach(frozenset({SMS}), zones=((SMS, zones),)),
    )

    assert touch.local_due_at == placed


def test_plan_touches_hour_outside_the_window_comes_when_it_opens():
    (touch,) = plan(
        steps=(a_step(1, 0, SMS, send_time=time(18)),),
        anchor_on=date(2026, 11, 20),  # a Friday evening
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )

    assert touch.local_due_at == datetime(2026, 11, 23, 10)


def test_plan_touches_of_a_weekend_make_room_for_each_other():
    steps = tuple(a_step(n, n, SMS, send_time=time(12)) for n in range(5))
    touches = plan(steps=steps, anchor_on=date(2026, 11, 20), now=datetime(2026, 11, 1, tzinfo=UTC))

    days = [touch.local_due_at.date().day for touch in touches]
    assert days == [20, 23, 24, 25, 27]  # the 26th is Thanksgiving


def test_plan_touches_put_off_to_monday_is_not_late_on_sunday():
    touches = plan(
        steps=(a_step(1, 0, SMS, send_time=time(12)),),
        anchor_on=date(2026, 11, 21),
        now=datetime(2026, 11, 22, 20, tzinfo=UTC),
    )

    assert [(touch.local_due_at, touch.state) for touch in touches] == [
        (datetime(2026, 11, 23, 12), TouchState.PLANNED)
    ]


def test_plan_touches_around_leap_day_counts_it():
    touches = plan(anchor_on=date(2028, 3, 7), now=datetime(2028, 2, 1, tzinfo=UTC))

    assert [touch.local_due_at.date() for touch in touches[:2]] == [date(2028, 2, 22), date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("days_late", "started"),
    [
        (-15, []),  # in time
        (-13, [(1, date(2026, 5, 19))]),  # the e-mail a day late, the text still a week off
        (-8, []),  # the text comes in two days anyway
        (-6, []),  # Memorial Day put the text off to this morning
        (-5, [(2, date(2026, 5, 27))]),
        (1, [(3, date(2026, 6, 2))]),
        (8, []),
        (15, [(4, date(2026, 6, 16))]),
        (45, [(5, date(2026, 7, 16))]),  # everything has passed: one last contact, not five
    ],
)
def test_plan_touches_late_starts_with_the_one_step_that_fits(days_late, started):
    anchor_on = date(2026, 6, 1)
    now = datetime.combine(anchor_on + timedelta(days=days_late), time(14), tzinfo=UTC)  # 09:00 in Chicago

    touches = plan(anchor_on=anchor_on, now=now)

    in_time = plan(anchor_on=anchor_on, now=now - timedelta(days=100))
    caught_up = [
        (touch.step_number, touch.local_due_at.date())
        for touch, own in zip(touches, in_time, strict=True)
        if touch.state == TouchState.PLANNED and touch.due_at != own.due_at
    ]
    assert caught_up == started
    assert all(
        touch.reason == Reason.STEP_PASSED and touch.due_at < now
        for touch in touches
        if touch.state == TouchState.SKIPPED
    )


def test_plan_touches_late_after_the_hour_starts_tomorrow():
    touches = plan(anchor_on=date(2026, 6, 1), now=datetime(2026, 6, 2, 15, 0, 1, tzinfo=UTC))

    assert touches[2] == PlannedTouch(
        3, VOICE, datetime(2026, 6, 3, 10), datetime(2026, 6, 3, 15, tzinfo=UTC), TouchState.PLANNED
    )


def test_plan_touches_late_passes_over_a_step_that_cannot_be_delivered():
    reach = Reach(frozenset({EMAIL, SMS}))
    touches = plan(anchor_on=date(2026, 6, 1), now=datetime(2026, 6, 16, 9, tzinfo=UTC), reach=reach)

    assert [touch.state for touch in touches] == ["skipped", "skipped", "planned", "skipped", "planned"]
    assert touches[2].channel == SMS  # the call's place, taken by a text


@pytest.mark.parametrize(
    ("usable", "preferred", "rule", "planned"),
    [
        ({EMAIL, SMS}, "", ChannelRule.FIXED, VOICE),
        ({EMAIL, SMS}, "", ChannelRule.NEXT_WORKING, SMS),
        ({EMAIL}, "", ChannelRule.NEXT_WORKING, EMAIL),
        ({EMAIL, VOICE}, EMAIL, ChannelRule.NEXT_WORKING, VOICE),
        ({EMAIL, VOICE}, EMAIL, ChannelRule.PREFERRED, EMAIL),
        ({VOICE}, EMAIL, ChannelRule.PREFERRED, VOICE),
        ({EMAIL, VOICE}, "", ChannelRule.PREFERRED, VOICE),
        ({LETTER}, "", ChannelRule.NEXT_WORKING, VOICE),  # nothing works: planned as meant, decided when due
        (set(), "", ChannelRule.PREFERRED, VOICE),
    ],
)
def test_plan_touches_chooses_the_channel_by_rule(usable, preferred, rule, planned):
    (touch,) = plan(
        steps=(a_step(1, 0, VOICE, rule),),
        anchor_on=date(2026, 6, 1),
        now=datetime(2026, 5, 1, tzinfo=UTC),
        reach=Reach(frozenset(usable), preferred),
    )

    assert (touch.channel, touch.state) == (planned, TouchState.PLANNED)


STEPS = st.lists(
    st.tuples(st.integers(-60, 60), st.sampled_from([EMAIL, SMS, VOICE, LETTER]), st.integers(8, 20)),
    min_size=1,
    max_size=8,
    unique_by=lambda step: step[0],
).map(
    lambda steps: tuple(
        a_step(n, off, ch, send_time=time(h)) for n, (off, ch, h) in enumerate(sorted(steps), 1)
    )
)


def a_reach(usable, zones):
    theirs = tuple(sorted(zones))
    return Reach(frozenset(usable), zones=tuple((channel, theirs) for channel in (EMAIL, SMS, VOICE)))


REACHES = st.builds(
    a_reach,
    st.sets(st.sampled_from([EMAIL, SMS, VOICE, LETTER])),
    st.sets(st.sampled_from(["America/New_York", "America/Los_Angeles", "Asia/Kolkata"])),
)


@given(
    steps=STEPS,
    anchor_on=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    late_by=st.timedeltas(timedelta(days=-90), timedelta(days=90)),
    zone_name=st.sampled_from(ZONES),
    reach=REACHES,
)
def test_plan_touches_any_cadence_never_bursts_and_keeps_its_hours(
    steps, anchor_on, late_by, zone_name, reach
):
    now = datetime.combine(anchor_on, time(12), tzinfo=UTC) + late_by
    touches = plan(steps=steps, anchor_on=anchor_on, now=now, zone_name=zone_name, reach=reach)
    in_time = plan(
        steps=steps, anchor_on=anchor_on, now=now - timedelta(days=400), zone_name=zone_name, reach=reach
    )
    planned = [touch for touch in touches if touch.state == TouchState.PLANNED]
    days = [touch.local_due_at.date() for touch in planned]

    assert [touch.step_number for touch in touches] == [step.number for step in steps]
    assert days == sorted(set(days))  # in order, and never two on one day
    assert all(touch.due_at >= now for touch in planned)
    for touch in planned:
        zones = reach.zone_names(touch.channel) or (zone_name,)
        law = Law([PRINT_DAYS]) if touch.channel == LETTER else LAW
        hours = law.hours(channel=touch.channel, purpose="marketing", places=("US",))
        assert next_allowed(touch.due_at, hours=hours, zone_names=zones) in {touch.due_at, None}
        assert wall_time.to_local(touch.due_at, zone_name=zone_name) == touch.local_due_at
    # Never earlier than the step says, and only the one that starts late is not where it would be in time.
    moved = [touch for touch in planned if touch.due_at != in_time[touch.step_number - 1].due_at]
    assert moved == planned[: len(moved)]
    assert len(moved) <= 1
    if moved and len(days) > 1:
        assert days[1] - days[0] >= CATCH_UP_GAP
    for touch, step in zip(in_time, steps, strict=True):
        assert touch.local_due_at >= datetime.combine(
            anchor_on + timedelta(days=step.offset_days), step.send_time
        )


def test_find_faults_of_the_built_in_steps_finds_none():
    assert find_faults(SERVICE_DUE) == []


def test_find_faults_names_what_is_wrong():
    steps = (
        a_step(1, -7),
        a_step(2, -7),
        a_step(3, -9, send_time=time(7, 59)),
        a_step(4, 0, send_time=time(20, 1)),
    )

    assert find_faults(steps) == [
        "Step 2 must come at least a day after step 1.",
        "Step 3 must come at least a day after step 2.",
        "Step 3 is sent at 07:59: choose a time from 08:00 to 20:00.",
        "Step 4 is sent at 20:01: choose a time from 08:00 to 20:00.",
    ]
    assert find_faults(()) == ["A cadence needs at least one step."]


@pytest.mark.parametrize(("offsets", "days"), [((-14, -7, 30), 14), ((3, 9), 0), ((0,), 0)])
def test_lead_days_is_how_early_the_first_step_comes(offsets, days):
    assert lead_days(tuple(a_step(n, offset) for n, offset in enumerate(offsets, 1))) == days
