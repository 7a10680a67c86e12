from datetime import timedelta

import pytest

from messaging.adapters.base import Account
from messaging.logic.outcomes import Try, accepted
from messaging.services.claiming import Claimed
from messaging.services.handover import ENOUGH_WAITING, USUAL_IN_FLIGHT, Lane
from tests.conftest import NOW

pytestmark = pytest.mark.logic


def message(number, *, priority=5):
    return Claimed(
        id=number,
        dealership_id=1,
        account_id=1,
        customer_id=None,
        key=f"touch:{number}",
        channel="sms",
        purpose="transactional",
        priority=priority,
        to_address="+15125550101",
        subject="",
        body_text="Your car is ready.",
        body_html="",
        attachments="[]",
        zone_names="[]",
        places="[]",
        letter=None,
        is_answer=False,
        confirms_stop=False,
        expires_at=None,
        attempt_count=1,
        claim="c",
    )


def lane_with(count):
    lane = Lane(Account(1, "a", {}), limit=400)
    for number in range(count):
        lane.add(message(number, priority=0 if number % 2 else 5), claimed_at=0.0)
    return lane


def answered(*, after):
    return accepted(Try(1, 1, "c", 1, NOW, NOW + after), provider_id="p")


def test_lane_asks_for_more_once_at_the_moment_it_is_no_longer_full():
    lane = lane_with(ENOUGH_WAITING + 2)
    seen = []

    while lane.take() is not None:
        seen.append((lane.is_full, lane.has_just_got_room))

    assert seen[:4] == [(True, False), (True, False), (False, True), (False, False)]
    assert seen.count((False, True)) == 1


def test_lane_that_never_was_full_asks_for_nothing():
    lane = lane_with(3)

    assert [lane.take() is not None and lane.has_just_got_room for _ in range(3)] == [False, False, False]


def test_first_answer_of_a_slow_provider_opens_more_places_at_once():
    lane = lane_with(450)
    lane.active = lane.places
    assert lane.active == USUAL_IN_FLIGHT

    lane.learn(answered(after=timedelta(milliseconds=50)))

    assert (lane.width, lane.places) == (300, 300 - USUAL_IN_FLIGHT)


def test_lane_has_no_more_places_than_messages_waiting_or_calls_allowed():
    few, allowed = lane_with(3), lane_with(450)
    allowed.learn(answered(after=timedelta(seconds=10)))

    assert (few.places, allowed.places) == (3, 400)
    allowed.active = 401
    assert allowed.places <= 0
