from datetime import date, datetime, time

import pytest

from booking.logic import wording

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("moment", "english", "spanish"),
    [
        (time(0, 0), "12 AM", "12 am"),
        (time(0, 5), "12:05 AM", "12:05 am"),
        (time(9, 0), "9 AM", "9 am"),
        (time(11, 59), "11:59 AM", "11:59 am"),
        (time(12, 0), "12 PM", "12 pm"),
        (time(13, 30), "1:30 PM", "1:30 pm"),
        (time(23, 0), "11 PM", "11 pm"),
    ],
)
def test_say_time(moment, english, spanish):
    assert wording.say_time(moment, language="en") == english
    assert wording.say_time(moment, language="es") == spanish


def test_say_day():
    assert wording.say_day(date(2026, 11, 25), language="en") == "Wednesday, November 25"
    assert wording.say_day(date(2026, 11, 25), language="es") == "miércoles 25 de noviembre"
    assert wording.say_short_day(date(2026, 11, 25), language="en") == "Wed, Nov 25"
    assert wording.say_short_day(date(2026, 11, 25), language="es") == "mié 25 nov"


def test_say_moment():
    one = datetime(2026, 11, 24, 13, 15)

    assert wording.say_moment(one, language="en") == "Tuesday, November 24 at 1:15 PM"
    assert wording.say_moment(one, language="es") == "martes 24 de noviembre a la 1:15 pm"
    assert wording.say_short_moment(one.replace(hour=15), language="es") == "mar 24 nov a las 3:15 pm"


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("es-MX", "es"), ("ES", "es"), ("fr", "en"), ("", "en")]
)
def test_known_language(code, language):
    assert wording.known_language(code) == language
