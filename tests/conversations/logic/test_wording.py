from datetime import UTC, datetime, timedelta

import pytest

from booking.logic.slots import FreeSlot
from conversations.logic import wording
from conversations.logic.dialogue import Farewell, Question
from conversations.logic.wording import Setting

pytestmark = pytest.mark.logic

TUESDAY_3PM = datetime(2026, 11, 24, 15, 0)
ENGLISH = Setting(
    "en", "sms", "Live Oak Motors", "100 Congress Ave, Austin", "+15125550100", "2019 Honda Civic"
)
SPANISH = Setting(
    "es", "sms", "Live Oak Motors", "100 Congress Ave, Austin", "+15125550100", "2019 Honda Civic"
)
CALL = Setting("en", "voice", "Live Oak Motors", vehicle="2019 Honda Civic")


def slot(day, hour, minute=0):
    local = datetime(2026, 11, day, hour, minute)
    return FreeSlot((local + timedelta(hours=6)).replace(tzinfo=UTC), local, 1)


THREE_DAYS = [slot(24, 9), slot(25, 10, 30), slot(28, 14)]
ONE_DAY = [slot(24, 9), slot(24, 10, 30), slot(24, 14)]


def test_write_booked():
    assert wording.write_booked(TUESDAY_3PM, setting=ENGLISH) == (
        "Booked: Tue, Nov 24 at 3 PM for your 2019 Honda Civic. Live Oak Motors, 100 Congress Ave, Austin. "
        "To change it, just reply."
    )
    assert wording.write_booked(TUESDAY_3PM, setting=SPANISH) == (
        "Reservado: mar 24 nov a las 3 pm para su 2019 Honda Civic. Live Oak Motors, 100 Congress Ave, Austin. "
        "Para cambiarla, responda aqui."
    )


def test_write_without_vehicle_address_and_phone_leaves_no_gaps():
    bare = Setting("en", "email", "Live Oak Motors")

    assert wording.write_booked(TUESDAY_3PM, setting=bare) == (
        "Booked: Tue, Nov 24 at 3 PM. Live Oak Motors. To change it, just reply."
    )
    assert wording.write_help(setting=bare) == (
        "Live Oak Motors service reminders, at most 4 a week. Msg & data rates may apply. "
        "Reply with a day and time to book. Reply STOP to opt out."
    )


def test_write_question_numbers_the_times_and_names_one_day_once():
    assert wording.write_question(Question.WHICH, ONE_DAY, setting=ENGLISH) == (
        "Live Oak Motors: we have Tue, Nov 24: 1) 9 AM 2) 10:30 AM 3) 2 PM. Reply 1, 2 or 3, or another day."
    )
    assert wording.write_question(Question.TAKEN, THREE_DAYS, setting=ENGLISH) == (
        "Live Oak Motors: that time is not free, but we have 1) Tue, Nov 24 at 9 AM 2) Wed, Nov 25 at 10:30 AM "
        "3) Sat, Nov 28 at 2 PM. Reply 1, 2 or 3, or another day."
    )


def test_write_question_of_one_time_asks_for_a_yes():
    assert wording.write_question(Question.WHICH, [slot(24, 9)], setting=ENGLISH) == (
        "Live Oak Motors: we have Tue, Nov 24 at 9 AM. Reply YES, or another day and time."
    )
    assert wording.write_question(Question.MOVE, [slot(24, 9)], setting=ENGLISH, booked=TUESDAY_3PM) == (
        "Live Oak Motors: you are booked for Tue, Nov 24 at 3 PM. Move it to Tue, Nov 24 at 9 AM? "
        "Reply YES, or another day and time."
    )


def test_write_question_in_a_call_names_keys():
    assert wording.write_question(Question.WHEN, ONE_DAY[:2], setting=CALL) == (
        "Live Oak Motors: for your 2019 Honda Civic we have 2 times. Press 1 for Tuesday, November 24 at 9 AM. "
        "Press 2 for Tuesday, November 24 at 10:30 AM. Press 9 for no more calls."
    )
    assert wording.write_question(Question.WHICH, ONE_DAY[:1], setting=CALL).endswith(
        "Press 1 for yes, or 9 for no more calls."
    )


@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("offered", [ONE_DAY, THREE_DAYS, ONE_DAY[:1]], ids=["one-day", "three-days", "one"])
@pytest.mark.parametrize("setting", [ENGLISH, SPANISH], ids=["en", "es"])
def test_questions_by_text_fit_one_segment_and_cost_no_unicode(question, offered, setting):
    text = wording.write_question(
        question, offered, setting=setting, booked=TUESDAY_3PM if question == "move" else None
    )

    if not (question == "move" and len(offered) > 1):  # a move is asked about one time
        assert len(text) <= 165
    assert wording.fit_text(text) == text


@pytest.mark.parametrize("setting", [ENGLISH, SPANISH, CALL], ids=["en", "es", "call"])
@pytest.mark.parametrize("farewell", Farewell)
def test_write_farewell_ends_with_who_we_are(setting, farewell):
    assert wording.write_farewell(farewell, setting=setting).endswith("Live Oak Motors")


def test_fit_text_keeps_what_the_network_knows_and_unaccents_the_rest():
    assert wording.fit_text("mañana a las tres, ¿sí? días, más, güero, é €") == (
        "mañana a las tres, ¿si? dias, mas, güero, é €"
    )
    assert wording.fit_text("日本") == "日本"


def test_letters_and_e_mails_keep_their_accents():
    assert "aquí" in wording.write_booked(TUESDAY_3PM, setting=Setting("es", "email", "Live Oak Motors"))


def test_subjects():
    assert wording.write_subject("booked", setting=ENGLISH, moment=TUESDAY_3PM) == (
        "Your appointment: Tuesday, November 24 at 3 PM"
    )
    assert wording.write_subject("cancelled", setting=SPANISH) == "Su cita está cancelada"


def test_an_unknown_language_is_english():
    assert wording.write_help(setting=Setting("fr", "sms", "Live Oak Motors")).startswith(
        "Live Oak Motors service"
    )


def test_braces_in_a_name_are_only_letters():
    strange = Setting("en", "sms", "{dealership} {0} %s", vehicle="{when}")

    assert wording.write_booked(TUESDAY_3PM, setting=strange) == (
        "Booked: Tue, Nov 24 at 3 PM for your {when}. {dealership} {0} %s. To change it, just reply."
    )
