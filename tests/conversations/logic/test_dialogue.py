from datetime import UTC, date, datetime, time, timedelta

import pytest

from booking.logic.slots import FreeSlot
from conversations.enums import Intent, WaitingReason
from conversations.logic.dialogue import (
    Ask,
    Book,
    CancelBooking,
    Close,
    Farewell,
    HandOver,
    Ignore,
    Question,
    SayHelp,
    State,
    decide,
    search_end,
    spread,
)
from conversations.logic.understanding import Context, Hours, Understanding, understand

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 10, 0)  # a Friday
HOURS = (*(Hours(day, time(8), time(17)) for day in range(5)), Hours(5, time(8), time(12)))
BOOKED = datetime(2026, 11, 24, 15, 0)


def slot(day, hour, minute=0, month=11):
    local = datetime(2026, month, day, hour, minute)
    return FreeSlot((local + timedelta(hours=6)).replace(tzinfo=UTC), local, 1)


def day_slots(day, *, without=()):
    return [slot(day, hour) for hour in range(8, 17) if hour not in without]


FREE = [*day_slots(23), *day_slots(24, without=[10, 15]), *day_slots(25), *day_slots(27)]


def answer(text, *, offered=(), booked=None, free=FREE, asked=0):
    """Understand a text and decide, as the service does."""
    topic = booked or (offered[0].local_start if len(offered) == 1 else None)
    context = Context(NOW, HOURS, tuple(s.local_start for s in offered), topic)
    state = State(NOW, date(2027, 1, 19), tuple(offered), booked, asked)
    return decide(understand(text, context=context), state=state, free=free)


THREE = (slot(23, 9), slot(24, 9), slot(25, 9))


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("tuesday at 9", Book(slot(24, 9))),
        ("can you do mon 8am", Book(slot(23, 8))),
        ("monday around 2", Book(slot(23, 14))),
        ("wednesday at 4, my brakes squeak too", Book(slot(25, 16))),
        # taken, or no such time
        ("tuesday at 3", Ask(Question.TAKEN, (slot(24, 13), slot(24, 14), slot(24, 16)))),
        ("tuesday at 9:15", Ask(Question.TAKEN, (slot(24, 8), slot(24, 9), slot(24, 11)))),
        ("tuesday at 7pm", Ask(Question.TAKEN, (slot(24, 13), slot(24, 14), slot(24, 16)))),
        ("tuesday around 10", Ask(Question.WHICH, (slot(24, 9), slot(24, 11)))),
        ("sunday", Ask(Question.TAKEN, (slot(23, 8), slot(23, 9), slot(23, 10)))),
        # several fit
        ("tuesday", Ask(Question.WHICH, (slot(24, 8), slot(24, 12), slot(24, 16)))),
        ("tuesday morning", Ask(Question.WHICH, (slot(24, 8), slot(24, 9), slot(24, 11)))),
        ("next week", Ask(Question.WHICH, (slot(23, 8), slot(24, 11), slot(25, 14)))),
        ("monday or tuesday at 9", Ask(Question.WHICH, (slot(23, 9), slot(24, 9)))),
        ("at 2", Ask(Question.WHICH, (slot(23, 14), slot(24, 14), slot(25, 14)))),
        ("friday at 2", Ask(Question.WHICH, (slot(27, 14),))),
        ("friday or monday at 9", Ask(Question.WHICH, (slot(23, 9), slot(27, 9)))),
        ("not monday", Ask(Question.WHEN, (slot(24, 8), slot(25, 11), slot(27, 14)))),
        ("in about a week at 10", Ask(Question.WHICH, (slot(27, 10),))),
        # no time named
        ("yes", Ask(Question.WHEN, (slot(23, 8), slot(24, 11), slot(25, 14)))),
        ("asap please", Ask(Question.WHEN, (slot(23, 8), slot(24, 11), slot(25, 14)))),
        # goodbye
        ("no thanks", Close(Farewell.DECLINED)),
        ("not now", Close(Farewell.LATER)),
        ("cancel that", Close(Farewell.DECLINED)),
        ("thanks!", Ignore()),
        ("help", SayHelp()),
        # a person
        ("how much is it", HandOver(WaitingReason.ASKED_QUESTION)),
        ("can I come tuesday at 9 and how much is it?", HandOver(WaitingReason.ASKED_QUESTION)),
        ("call me", HandOver(WaitingReason.ASKED_FOR_PERSON)),
        ("you people are terrible, tuesday at 9", HandOver(WaitingReason.ASKED_FOR_PERSON)),
        ("I sold the car", HandOver(WaitingReason.FACTS_CHANGED)),
        ("wrong number", HandOver(WaitingReason.FACTS_CHANGED)),
        ("already done last tuesday", HandOver(WaitingReason.FACTS_CHANGED)),
        ("my wife was there on tuesday at 9", HandOver(WaitingReason.NOT_UNDERSTOOD)),
        ("blue", HandOver(WaitingReason.NOT_UNDERSTOOD)),
        ("june 5th at 9", HandOver(WaitingReason.NO_FREE_SLOT)),
    ],
)
def test_decide_without_an_offer_or_appointment(text, move):
    assert answer(text) == move


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("2", Book(THREE[1])),
        ("the last one", Book(THREE[2])),
        ("tuesday", Book(THREE[1])),
        ("wednesday at 9 works", Book(THREE[2])),
        ("yes", Ask(Question.WHICH, THREE)),
        ("tuesday at 2", Book(slot(24, 14))),
        ("none of those", Ask(Question.WHEN, (slot(23, 8), slot(24, 12), slot(25, 14)))),
        ("no", Close(Farewell.DECLINED)),
        ("no, wednesday afternoon", Ask(Question.WHICH, (slot(25, 12), slot(25, 14), slot(25, 16)))),
    ],
)
def test_decide_with_three_offered(text, move):
    assert answer(text, offered=THREE) == move


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("yes", Book(THREE[0])),
        ("1", Book(THREE[0])),
        ("sounds good", Book(THREE[0])),
        ("make it 11", Book(slot(23, 11))),
        ("tuesday instead", Ask(Question.WHICH, (slot(24, 8), slot(24, 12), slot(24, 16)))),
        ("no", Close(Farewell.DECLINED)),
    ],
)
def test_decide_with_one_offered(text, move):
    assert answer(text, offered=THREE[:1]) == move


WITH_BOOKED = sorted([*FREE, slot(24, 15)], key=lambda free: free.starts_at)


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("can we make it 4 instead", Book(slot(24, 16))),
        ("reschedule to wednesday at 9", Book(slot(25, 9))),
        ("wednesday at 9", Ask(Question.MOVE, (slot(25, 9),))),
        ("tuesday at 3 right?", Book(slot(24, 15))),
        ("I need to reschedule", Ask(Question.WHEN, (slot(23, 8), slot(24, 11), slot(25, 14)))),
        ("I have to cancel", CancelBooking()),
        ("cancel my tuesday appointment", CancelBooking()),
        ("ok thanks", Ignore()),
        ("yes", Ignore()),
        ("no", HandOver(WaitingReason.NOT_UNDERSTOOD)),
    ],
)
def test_decide_with_an_appointment(text, move):
    assert answer(text, booked=BOOKED, free=WITH_BOOKED) == move


def test_decide_after_three_questions_leaves_it_to_a_person():
    assert answer("tuesday", asked=2) == Ask(Question.WHICH, (slot(24, 8), slot(24, 12), slot(24, 16)))
    assert answer("tuesday", asked=3) == HandOver(WaitingReason.MANY_QUESTIONS)
    assert answer("tuesday at 9", asked=3) == Book(slot(24, 9))


def test_decide_without_any_free_slot_leaves_it_to_a_person():
    assert answer("tuesday at 9", free=[]) == HandOver(WaitingReason.NO_FREE_SLOT)
    assert answer("yes", free=[]) == HandOver(WaitingReason.NO_FREE_SLOT)


def test_decide_below_the_threshold_is_never_acted_on():
    unsure = Understanding((Intent.ACCEPT,), choice=0, confidence=0.69)
    state = State(NOW, date(2027, 1, 19), THREE)

    assert decide(unsure, state=state, free=FREE) == HandOver(WaitingReason.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    "text", ["tuesday at 9", "friday", "7", "yes", "next week", "monday or tuesday", "2 or 3pm"]
)
def test_decide_never_books_what_has_two_readings(text):
    """With both halves of the day and both fridays open, only one day with one time is booked."""
    long_hours = tuple(Hours(day, time(6), time(22)) for day in range(7))
    context = Context(NOW, long_hours)
    understanding = understand(text, context=context)
    free = [slot(day, hour) for day in (20, 23, 24, 27) for hour in range(6, 22) if (day, hour) > (20, 11)]

    move = decide(understanding, state=State(NOW, date(2027, 1, 19)), free=free)

    assert isinstance(move, Ask)


def test_search_end_reaches_past_the_wished_day():
    state = State(NOW, date(2027, 1, 19))
    wished = understand("december 28 at 9", context=Context(NOW, HOURS))
    nothing = understand("yes", context=Context(NOW, HOURS))

    assert search_end(wished, state=state) == datetime(2027, 1, 5, 10, 0)
    assert search_end(nothing, state=state) == datetime(2026, 12, 11, 10, 0)


def test_spread_prefers_different_days_then_the_whole_day():
    assert spread(FREE) == [slot(23, 8), slot(24, 11), slot(25, 14)]
    assert spread(day_slots(23)) == [slot(23, 8), slot(23, 12), slot(23, 16)]
    assert spread(day_slots(23)[:2]) == day_slots(23)[:2]
    assert spread([]) == []
