"""What replies mean, said at 10:00 on Friday 20 November 2026 to a dealership open 7:30-18:00, Saturdays 8-14."""

import time as stopwatch
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.enums import Intent
from conversations.logic.understanding import Context, Hours, TimeWish, Wish, understand

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 10, 0)
HOURS = (*(Hours(day, time(7, 30), time(18)) for day in range(5)), Hours(5, time(8), time(14)))
OFFERED = (datetime(2026, 11, 24, 9, 0), datetime(2026, 11, 24, 15, 30), datetime(2026, 11, 25, 10, 0))
DAY_END = time(23, 59)


def read(text, *, now=NOW, hours=HOURS, offered=(), topic=None, is_day_first=False):
    return understand(text, context=Context(now, hours, offered, topic, is_day_first))


def nov(*days):
    return tuple(date(2026, 11, day) for day in days)


def dec(*days):
    return tuple(date(2026, 12, day) for day in days)


def at(hour, minute=0):
    moment = time(hour, minute)
    return TimeWish(moment, moment, moment)


def about(hour, minute=0):
    return TimeWish(time(hour - 1, minute), time(hour + 1, minute), time(hour, minute))


MORNING = TimeWish(time(0), time(11, 59))
AFTERNOON = TimeWish(time(12), time(17, 59))
NEXT_WEEK = nov(23, 24, 25, 26, 27, 28, 29)


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        # the phrases the product is sold with
        ("tuesday at 3 works", nov(24), [at(15)]),
        ("tuesday at 3", nov(24), [at(15)]),
        ("tomorrow morning", nov(21), [MORNING]),
        ("the 5th around noon", dec(5), [about(12)]),
        ("can you do thurs 8:30", nov(26), [at(8, 30)]),
        ("Thurs. 8:30?", nov(26), [at(8, 30)]),
        ("tues after 3", nov(24), [TimeWish(time(15), DAY_END)]),
        ("tomorow @ 230", nov(21), [at(14, 30)]),
        ("el martes por la tarde", nov(24), [AFTERNOON]),
        # weekdays
        ("monday or wed", nov(23, 25), []),
        ("Tuesday", nov(24), []),
        ("teusday works for me", nov(24), []),
        ("saterday morning", nov(21), [MORNING]),
        ("this coming monday", nov(23), []),
        ("next week tuesday", nov(24), []),
        ("tuesday next week", nov(24), []),
        ("a week from tuesday", dec(1), []),
        ("monday the 23rd", nov(23), []),
        ("next friday at 9", nov(27), [at(9)]),
        # dates
        ("11/24 at 4pm", nov(24), [at(16)]),
        ("11/24/2026", nov(24), []),
        ("2026-11-24", nov(24), []),
        ("nov 24", nov(24), []),
        ("24 november 2 pm", nov(24), [at(14)]),
        ("the 24th of this month", nov(24), []),
        ("the 24th", nov(24), []),
        ("on the 24 at 8", nov(24), [at(8)]),
        ("december 1st at 9 am", dec(1), [at(9)]),
        ("tuesday december 1", dec(1), []),
        ("the twenty fourth", nov(24), []),
        ("today at 3", nov(20), [at(15)]),
        ("tonight", nov(20), [TimeWish(time(17), DAY_END)]),
        ("this afternoon?", nov(20), [AFTERNOON]),
        ("day after tomorrow at noon", nov(22), [at(12)]),
        ("in 3 days", nov(23), []),
        # a date that is over rolls forward
        ("the 5th", dec(5), []),
        ("the 31st", dec(31), []),
        ("nov 3", (date(2027, 11, 3),), []),
        ("feb 29", (date(2028, 2, 29),), []),
        # times
        ("monday 10-ish", nov(23), [about(10)]),
        ("monday half past 3", nov(23), [at(15, 30)]),
        ("monday quarter to 9", nov(23), [at(8, 45)]),
        ("monday at quarter past ten in the morning", nov(23), [at(10, 15)]),
        ("monday 3 o'clock", nov(23), [at(15)]),
        ("monday at eight thirty", nov(23), [at(8, 30)]),
        ("tomorrow 8 30", nov(21), [at(8, 30)]),
        ("monday 1530", nov(23), [at(15, 30)]),
        ("monday at 1530", nov(23), [at(15, 30)]),
        ("monday 15:30", nov(23), [at(15, 30)]),
        ("monday 8a", nov(23), [at(8)]),
        ("monday at 5 in the evening", nov(23), [at(17)]),
        ("2 or 3pm monday", nov(23), [at(14), at(15)]),
        ("between 2 and 4 on tuesday", nov(24), [TimeWish(time(14), time(16))]),
        ("tuesday 11-2", nov(24), [TimeWish(time(11), time(14))]),
        ("tuesday 9 to 11am", nov(24), [TimeWish(time(9), time(11))]),
        ("monday before 10", nov(23), [TimeWish(time(0), time(10))]),
        ("monday, not before 10", nov(23), [TimeWish(time(10), DAY_END)]),
        ("monday 2 or later", nov(23), [TimeWish(time(14), DAY_END)]),
        ("monday first thing", nov(23), [TimeWish(time(0), time(9, 29))]),
        ("monday late afternoon", nov(23), [TimeWish(time(15), time(18))]),
        ("monday, not in the morning", nov(23), [TimeWish(time(12), DAY_END)]),
        ("monday at lunch time", nov(23), [TimeWish(time(11, 30), time(13, 30))]),
        # what was said last counts
        ("tuesday at 3, no wait, wednesday", nov(25), [at(15)]),
        ("tuesday at 3, actually make it 4", nov(24), [at(16)]),
        # Spanish
        ("mañana por la mañana", nov(21), [MORNING]),
        ("pasado mañana a las 9", nov(22), [at(9)]),
        ("sí, el lunes a las 9", nov(23), [at(9)]),
        ("el 5 de diciembre a las 3 y media", dec(5), [at(15, 30)]),
        ("el próximo viernes a la una", nov(27), [at(13)]),
        ("hoy a las dos", nov(20), [at(14)]),
        ("el martes después de las 3", nov(24), [TimeWish(time(15), DAY_END)]),
        ("lunes o martes temprano", nov(23, 24), [TimeWish(time(0), time(9, 29))]),
        ("el miércoles a las diez menos cuarto", nov(25), [at(9, 45)]),
    ],
)
def test_understand_days_and_times(text, days, times):
    understanding = read(text)

    assert understanding.wishes == (Wish(days, tuple(times)),)
    assert Intent.PROPOSE in understanding.intents
    assert understanding.confidence > 0.9


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        ("next week sometime", NEXT_WEEK, []),
        ("any morning next week", NEXT_WEEK, [MORNING]),
        ("early next week", nov(23, 24), []),
        ("end of next week", nov(26, 27, 28), []),
        ("later this week", nov(21, 22), []),
        ("this weekend", nov(21, 22), []),
        ("in 2 weeks", dec(4), []),
        ("in a couple of weeks", dec(4), []),
        ("after tuesday", nov(25, 26, 27, 28, 29, 30) + dec(*range(1, 9)), []),
        ("before tuesday", nov(20, 21, 22, 23), []),
        ("la próxima semana", NEXT_WEEK, []),
        ("el fin de semana", nov(21, 22), []),
    ],
)
def test_understand_what_names_no_day_is_loose(text, days, times):
    assert read(text).wishes == (Wish(days, tuple(times), is_loose=True),)


@pytest.mark.parametrize(
    ("text", "days", "times"),
    [
        pytest.param("friday", nov(20, 27), [], id="said-on-a-friday"),
        pytest.param("friday at 2", nov(20, 27), [at(14)], id="said-on-a-friday-with-a-time-to-come"),
        pytest.param("friday at 8", nov(27), [at(8)], id="said-on-a-friday-with-a-time-gone-by"),
        pytest.param(
            "friday the 5th", (date(2026, 11, 20), date(2026, 12, 5)), [], id="date-and-day-disagree"
        ),
    ],
)
def test_understand_an_ambiguous_day_keeps_both(text, days, times):
    assert read(text).wishes[0].days == days
    assert read(text).wishes[0].times == tuple(times)


def test_understand_next_tuesday_said_on_a_monday_may_be_either():
    assert read("next tuesday", now=datetime(2026, 11, 23, 10)).wishes[0].days == (*nov(24), *dec(1))


def test_understand_a_weekday_after_closing_is_next_weeks():
    assert read("friday", now=datetime(2026, 11, 20, 18, 30)).wishes[0].days == nov(27)


@pytest.mark.parametrize(
    ("hours", "text", "times"),
    [
        ((Hours(1, time(7, 30), time(18)),), "tuesday at 7:30", [at(7, 30)]),
        ((Hours(1, time(7), time(20)),), "tuesday at 7", [at(7), at(19)]),
        ((Hours(1, time(7), time(20)),), "tuesday at 7pm", [at(19)]),
        ((Hours(1, time(8), time(18)),), "tuesday at 6", [at(18)]),
        ((Hours(1, time(8), time(18)),), "tuesday at 7", [at(7)]),
        ((Hours(1, time(10), time(22)),), "tuesday at 9", [at(21)]),
        ((Hours(1, time(8), time(18)),), "tuesday at 12", [at(12)]),
        ((Hours(2, time(18), time(22)), Hours(1, time(8), time(17))), "tuesday at 9", [at(9)]),
        ((), "tuesday at 3", [at(15)]),
        ((), "tuesday at 8", [at(8)]),
    ],
    ids=[
        "open",
        "open-twice",
        "said",
        "at-closing",
        "before-opening",
        "evening",
        "noon",
        "that-day",
        "none-pm",
        "none-am",
    ],
)
def test_understand_am_or_pm_by_opening_hours(hours, text, times):
    assert read(text, hours=hours).wishes[0].times == tuple(times)


def test_understand_two_days_with_a_time_each():
    assert read("Tuesday at 3 or Wednesday at 4").wishes == (
        Wish(nov(24), (at(15),)),
        Wish(nov(25), (at(16),)),
    )


@pytest.mark.parametrize(
    ("text", "excluded", "days"),
    [
        ("not tuesday", nov(24), ()),
        ("tuesday doesn't work", nov(24), ()),
        ("anything but monday", nov(23), ()),
        ("not monday or tuesday", nov(23, 24), ()),
        ("can't do monday, tuesday at 10 works", nov(23), nov(24)),
        ("next week but not tuesday", nov(24), nov(23, 25, 26, 27, 28, 29)),
        ("el jueves no puedo", nov(26), ()),
    ],
)
def test_understand_a_ruled_out_day(text, excluded, days):
    understanding = read(text)

    assert understanding.excluded_days == frozenset(excluded)
    assert tuple(day for wish in understanding.wishes for day in wish.days) == days
    assert understanding.confidence > 0.9


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("2", 1),
        ("2.", 1),
        ("#2", 1),
        ("2 please", 1),
        ("option 2", 1),
        ("number two", 1),
        ("the second one", 1),
        ("Second one works", 1),
        ("2nd", 1),
        ("first works", 0),
        ("the first one please", 0),
        ("yes 3", 2),
        ("the last one", 2),
        ("either is fine", 0),
        ("the earliest one", 0),
        ("la segunda", 1),
        ("el 2", 1),
        # by what was offered
        ("the 3:30 one", 1),
        ("9", 0),
        ("9am works", 0),
        ("10 is good", 2),
        ("wednesday works", 2),
        ("tuesday afternoon", 1),
        ("tuesday at 9", 0),
        # something else
        ("yes", None),
        ("tuesday", None),
        ("friday", None),
        ("4", None),
        ("tuesday at 10", None),
        ("that one works", None),
    ],
)
def test_understand_the_choice_of_an_offered_time(text, choice):
    assert read(text, offered=OFFERED).choice == choice


def test_understand_a_digit_that_is_a_number_and_an_hour_of_another_offer_is_neither():
    offered = (datetime(2026, 11, 24, 14), datetime(2026, 11, 24, 15), datetime(2026, 11, 24, 16))

    assert (read("2", offered=offered).choice, read("2", offered=offered).wishes) == (None, ())
    assert read("2pm", offered=offered).choice == 0
    assert read("option 2", offered=offered).choice == 1


def test_understand_a_digit_without_an_offer_is_an_hour():
    assert read("3").wishes == (Wish((), (at(15),)),)


def test_understand_a_time_alone_is_on_the_day_talked_about():
    topic = datetime(2026, 11, 24, 15)

    assert read("make it 4 instead", topic=topic).wishes == (Wish(nov(24), (at(16),)),)
    assert read("4pm", topic=topic).wishes == (Wish(nov(24), (at(16),)),)


def test_understand_day_first_dates_by_country():
    assert read("5/12").wishes[0].days == (date(2027, 5, 12),)
    assert read("5/12", is_day_first=True).wishes[0].days == dec(5)
    assert read("24/12").wishes[0].days == dec(24)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes", Intent.ACCEPT),
        ("Yes!", Intent.ACCEPT),
        ("y", Intent.ACCEPT),
        ("ok sounds good", Intent.ACCEPT),
        ("👍", Intent.ACCEPT),
        ("that works", Intent.ACCEPT),
        ("sí", Intent.ACCEPT),
        ("claro que si", Intent.ACCEPT),
        ("no problem", Intent.ACCEPT),
        ("no", Intent.DECLINE),
        ("nope", Intent.DECLINE),
        ("no thanks", Intent.DECLINE),
        ("not interested", Intent.DECLINE),
        ("no gracias", Intent.DECLINE),
        ("not now", Intent.LATER),
        ("maybe later", Intent.LATER),
        ("i'll get back to you", Intent.LATER),
        ("none of those work", Intent.OTHER_TIME),
        ("anything later?", Intent.OTHER_TIME),
        ("that doesn't work", Intent.OTHER_TIME),
        ("can we reschedule", Intent.RESCHEDULE),
        ("I need to cancel my appointment", Intent.CANCEL),
        ("how much is it?", Intent.QUESTION),
        ("do you have loaners", Intent.QUESTION),
        ("cuanto cuesta", Intent.QUESTION),
        ("call me", Intent.HUMAN),
        ("I want to speak to a person", Intent.HUMAN),
        ("this is ridiculous", Intent.COMPLAINT),
        ("wrong number", Intent.WRONG_PERSON),
        ("who is this", Intent.WRONG_PERSON),
        ("I sold the car", Intent.SOLD_VEHICLE),
        ("already had it done", Intent.ALREADY_DONE),
        ("thanks", Intent.THANKS),
        ("help", Intent.HELP),
        ("asap", Intent.PROPOSE),
        ("when is your next available appointment", Intent.PROPOSE),
        ("qwertz", Intent.OTHER),
    ],
)
def test_understand_intents(text, intent):
    assert intent in read(text).intents


@pytest.mark.parametrize(
    "text", ["no", "sure, but not now", "that is not good", "no, that doesn't work", "not ok"]
)
def test_understand_what_is_no_yes(text):
    assert Intent.ACCEPT not in read(text).intents


@pytest.mark.parametrize(
    "text",
    [
        "I was in on tuesday at 3 and nobody called me",
        "my husband took it to you last friday",
        "I already had it done on the 5th",
        "I just got the oil changed monday",
        "the guy told me 9 am and then it was 4 pm, terrible service",
        "call me tomorrow at 3",
        "so " * 30 + "tuesday at 3 " + "and " * 15,
    ],
)
def test_understand_a_day_that_is_no_wish_is_doubtful(text):
    assert read(text).confidence < 0.7


@pytest.mark.parametrize(
    "text",
    [
        "my f-150 is at 48k miles", "it's a 2019 civic", "is it $89.95?", "24/7", "call 555-0100", "5 people", "I have 2 cars",
        "mazda 3", "the oil light is on", "may I ask something", "1234567890", "10%", "20 minutes", "take a second",
    ],
)  # fmt: skip
def test_understand_finds_no_day_or_time_where_there_is_none(text):
    assert read(text).wishes == ()


@pytest.mark.parametrize("text", ["", "   ", "\x00", "🚗🚗🚗", "!!!", "…", "\n\n", "\u200b"])
def test_understand_nothing_is_other_without_confidence(text):
    understanding = read(text)

    assert understanding.intents == (Intent.OTHER,)
    assert understanding.confidence == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "9" * 5000,
        "tuesday " * 3000,
        "between " * 2000 + "2 and 3",
        "not " * 4000,
        "1/" * 3000,
        "(" * 5000,
        "at " * 2000 + "3",
        "12:" * 2000,
        "ﷺ" * 2000,
        "a" * 10**6,
        "the 99th of february at 77:99 in 999 days 31/31/31",
        "<script>alert(1)</script>; DROP TABLE appointment; --",
        "{{ 7*7 }} %s %d {0}",
        "tuesday\u202e at 3\u2066",
        "١٢/٣ at ٣",
        "in 999 months",
        "at 0",
        "0/0 0:00",
        "february 30",
        "in 0 days",
    ],
)
def test_understand_hostile_texts_quickly_and_without_raising(text):
    started = stopwatch.perf_counter()

    understanding = read(text, offered=OFFERED)

    assert stopwatch.perf_counter() - started < 0.5
    assert 0 <= understanding.confidence <= 1


WORDS = st.sampled_from(
    [
        "tuesday",
        "at",
        "3",
        "or",
        "not",
        "next",
        "week",
        "the",
        "5th",
        "yes",
        "no",
        "2",
        "morning",
        "after",
        "before",
        "between",
        "and",
        "10:30",
        "pm",
        "tomorrow",
        "el",
        "martes",
        "las",
        "de",
        "la",
        "31/12",
        "noon",
        "actually",
        "cancel",
        "in",
        "weeks",
        "days",
        "29",
        "feb",
        "friday",
        "half",
        "past",
        "quarter",
        "to",
        "12",
        "this",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    text=st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join)),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31)),
)
def test_understand_never_raises_nor_wishes_the_past(text, now):
    offered = (now + timedelta(days=1), now + timedelta(days=2))

    understanding = read(text, now=now, offered=offered)

    assert all(day >= now.date() for wish in understanding.wishes for day in wish.days)
    assert understanding.choice in {None, 0, 1}
    assert all(wished.earliest <= wished.latest for wish in understanding.wishes for wished in wish.times)
    assert not understanding.excluded_days & {day for wish in understanding.wishes for day in wish.days}
