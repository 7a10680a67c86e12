"""Waits of the whole decision: whatever the hour, it is never sent outside the windows or twice in a day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.logic.dispatch import LATEST_BY, ItemFacts, Send, TouchFacts, decide, decide_in_order
from common import wall_time
from common.enums import Channel, Purpose
from messaging.logic.consent import Said
from messaging.logic.gate import Skip, Wait
from messaging.logic.person import PersonFacts, Point
from tests.law import LAW

pytestmark = pytest.mark.logic

ZONES = ["America/Chicago", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe"]
GRANT = Said("", "", "granted", "reply", datetime(2020, 1, 1, tzinfo=UTC))


def a_person(zone_name):
    return PersonFacts(
        customer_id=1,
        dealership_zone=zone_name,
        law=LAW,
        country="XX",
        points=(
            Point(1, "phone", "+10000000000"),
            Point(2, "email", "a@example.com"),
            Point(3, "postal", "x"),
        ),
        said=(GRANT,),
        provided=frozenset(Channel.values),
    )


def a_touch(number, *, due_at, channel, zone_name, enrolment_id=1):
    return TouchFacts(
        touch_id=number,
        enrolment_id=enrolment_id,
        enrolment_state="active",
        customer_id=1,
        purpose=Purpose.MARKETING,
        options=(channel,),
        due_at=due_at,
        local_due_at=wall_time.to_local(due_at, zone_name=zone_name),
        zone_name=zone_name,
        items=(ItemFacts(1, 1, due_at.date()),),
    )


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
CHANNELS = st.sampled_from([Channel.SMS, Channel.EMAIL, Channel.VOICE, Channel.LETTER])


@given(due_at=MOMENTS, channel=CHANNELS, zone_name=st.sampled_from(ZONES))
@settings(max_examples=150, deadline=None)
def test_decide_followed_to_its_end_sends_inside_the_window(due_at, channel, zone_name):
    touch, now = a_touch(1, due_at=due_at, channel=channel, zone_name=zone_name), due_at
    for _ in range(10):
        verdict = decide(touch, person=a_person(zone_name), now=now)
        if not isinstance(verdict, Wait):
            break
        assert verdict.until > now
        now = verdict.until

    assert now - due_at < LATEST_BY
    if isinstance(verdict, Send) and channel in {Channel.SMS, Channel.VOICE}:
        for name in a_person(zone_name).zone_names(channel):
            local = now.astimezone(ZoneInfo(name))
            assert time(10) <= local.time() < time(17)
            assert local.weekday() < 5


@given(
    due=st.lists(st.tuples(st.integers(0, 96), CHANNELS, st.integers(1, 3)), min_size=1, max_size=9),
    start=MOMENTS,
    zone_name=st.sampled_from(ZONES),
)
@settings(max_examples=60, deadline=None)
def test_decide_in_order_keeps_caps_and_one_a_day_whatever_is_due(due, start, zone_name):
    touches = [
        a_touch(
            n,
            due_at=start + timedelta(hours=hours),
            channel=channel,
            zone_name=zone_name,
            enrolment_id=enrolment,
        )
        for n, (hours, channel, enrolment) in enumerate(due)
    ]
    persons, sent = {1: a_person(zone_name)}, []
    waiting = sorted((touch.due_at, touch.touch_id, touch) for touch in touches)
    spoke: dict[int, date] = {}
    while waiting:
        now, _, touch = waiting.pop(0)
        heard = TouchFacts(
            **{name: getattr(touch, name) for name in touch.__slots__}
            | {"sent_on": spoke.get(touch.enrolment_id)}
        )
        (verdict,) = decide_in_order([heard], persons=persons, now=now)
        if isinstance(verdict, Wait):
            waiting = sorted([*waiting, (verdict.until, touch.touch_id, touch)])
        elif isinstance(verdict, Send):
            day = wall_time.to_local(now, zone_name=zone_name).date()
            spoke[touch.enrolment_id] = day
            sent.append((now, day, verdict.channel, touch.enrolment_id))
        else:
            assert isinstance(verdict, Skip)

    assert len({(day, enrolment) for _, day, _, enrolment in sent}) == len(sent)
    assert len({(day, channel) for _, day, channel, _ in sent}) == len(sent)
    for at, *_ in sent:
        assert sum(at - timedelta(hours=24) < other <= at for other, *_ in sent) <= 3
