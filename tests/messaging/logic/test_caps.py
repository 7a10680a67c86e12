from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.logic.caps import Sent, cap_lifts_at
from tests.law import LAW

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
CHICAGO = ("America/Chicago",)


def lifts(*sent, channel="sms", purpose="marketing", zones=CHICAGO, now=NOW):
    lift = lift_of(sent, channel=channel, purpose=purpose, zones=zones, now=now)
    return lift and lift.at


def lift_of(sent, *, channel="sms", purpose="marketing", zones=CHICAGO, now=NOW, law=LAW):
    return cap_lifts_at(
        now, channel=channel, purpose=purpose, sent=sent, zone_names=zones, law=law, places=("US",)
    )


def ago(hours, channel="sms"):
    return Sent(channel, NOW - timedelta(hours=hours))


def test_nothing_sent_holds_nothing():
    assert lifts() is None


def test_one_text_a_day_lifts_at_midnight_there():
    assert lifts(ago(1)) == datetime(2026, 11, 21, 6, tzinfo=UTC)


def test_text_of_yesterday_evening_holds_nothing():
    assert lifts(ago(12)) is None  # 22:30 of the day before


def test_zone_where_it_is_still_the_same_day_holds():
    assert lifts(ago(12), zones=("America/Chicago", "Pacific/Honolulu")) is None
    assert lifts(ago(6), zones=("America/Chicago", "Pacific/Honolulu")) == datetime(
        2026, 11, 21, 10, tzinfo=UTC
    )


def test_other_channel_does_not_use_up_the_day():
    assert lifts(ago(1, "email")) is None


def test_three_in_24_hours_over_all_channels_hold_until_the_first_is_a_day_old():
    sent = (ago(20, "email"), ago(15, "letter"), ago(2, "voice"))

    assert lifts(*sent) == NOW + timedelta(hours=4)


def test_transactional_is_never_held():
    assert lifts(ago(1), ago(1), ago(1), purpose="transactional") is None


MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 20), timezones=st.just(UTC))


@given(
    asked=st.lists(st.tuples(MOMENTS, st.sampled_from(["sms", "email", "voice"])), max_size=40),
    zone=st.sampled_from(["America/Chicago", "America/St_Johns", "Pacific/Honolulu"]),
)
def test_whatever_is_asked_for_no_person_gets_more_than_the_caps_allow(asked, zone):
    sent: list[Sent] = []
    for at, channel in sorted(asked):
        if lift_of(sent, channel=channel, zones=[zone], now=at) is None:
            sent.append(Sent(channel, at))

    days = [(each.channel, each.at.astimezone(ZoneInfo(zone)).date()) for each in sent]
    assert len(days) == len(set(days))
    for each in sent:
        window = [other for other in sent if each.at - timedelta(hours=24) < other.at <= each.at]
        assert len(window) <= 3
        week = [other for other in sent if each.at - timedelta(days=7) < other.at <= each.at]
        assert len(week) <= 4


@given(
    moments=st.lists(MOMENTS, min_size=1, max_size=10), channel=st.sampled_from(["sms", "email"]), now=MOMENTS
)
def test_cap_has_lifted_at_the_moment_it_names(moments, channel, now):
    sent = [Sent(channel, at) for at in moments if at <= now]
    lift = lifts(*sent, channel=channel, now=now)

    if lift is not None:
        assert lift > now
        later = lifts(*sent, channel=channel, now=lift)
        assert later is None or later > lift
