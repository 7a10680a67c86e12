import pytest

from messaging.logic.quotes import own_subject, own_words

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("Tuesday at 3 works", "Tuesday at 3 works"),
        (
            "Yes\n\nOn Tue, Nov 17, 2026 at 9:00 AM Live Oak <s@x.example> wrote:\n> Friday at 8?\n> Reply",
            "Yes",
        ),
        (
            "Yes\r\n\r\nOn Tue, Nov 17, 2026 at 9:00 AM Live Oak\r\n<s@x.example> wrote:\r\n\r\n> Friday",
            "Yes",
        ),
        ("No gracias\n\nEl mar, 17 nov 2026 a las 9:00, Live Oak escribió:\n> ¿Viernes?", "No gracias"),
        ("Monday\n\n-----Original Message-----\nFrom: Live Oak\nFriday at 8?", "Monday"),
        ("Monday\n\n________________________________\nFrom: Live Oak <s@x.example>\nFriday", "Monday"),
        ("Monday\n\nFrom: Live Oak <s@x.example>\nSent: Friday\nFriday at 8?", "Monday"),
        ("Monday 9\n-- \nMarisol\nTel 555 0100", "Monday 9"),
        ("Monday 9\n\nSent from my iPhone", "Monday 9"),
        ("> Friday at 8?\nNo, monday\n> or call us", "No, monday"),
        ("> only quoted", ""),
        ("\n\nOn Tue, Nov 17, 2026 at 9:00 AM Live Oak <s@x.example> wrote:\n> Tuesday at 3 is enough", ""),
        ("Monday\n\nFrom: Live Oak\nSent: Friday\nNo more reminders: x", "Monday"),
        ("Lundi\n\nLe mar. 17 nov. 2026 à 09:00, Live Oak <s@x.example> a écrit :\n> vendredi", "Lundi"),
        ("", ""),
        ("I wrote: monday at 3", "I wrote: monday at 3"),
        ("On monday at 3 please", "On monday at 3 please"),
    ],
)
def test_own_words(body, own):
    assert own_words(body) == own


def test_own_words_of_a_huge_hostile_body_is_quick():
    assert own_words("On " * 200_000)[:3] == "On "
    assert own_words(">" * 10**6 + "\n") == ""
    assert own_words("From: a\n" * 5_000) != ""


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("Unsubscribe ", "Unsubscribe"),
        ("Re: Your Civic", ""),
        ("RE[2]: x", ""),
        ("fwd: x", ""),
        ("Regarding", "Regarding"),
    ],
)
def test_own_subject(subject, own):
    assert own_subject(subject) == own
