import json

import pytest

from conversations.interfaces.understand_lines import answer_line

NOW = "2026-11-20T10:00"


def answer(**row):
    return json.loads(answer_line(json.dumps({"id": 7, "now": NOW, **row}), number=3))


def test_a_line_is_answered_with_everything_that_was_understood():
    assert answer(text="yes tuesday at 3, I'd rather wait. it's at 48k now", timezone="America/Chicago") == {
        "id": 7,
        "intents": ["accept", "propose"],
        "date": "2026-11-24",
        "time": "15:00",
        "choice": None,
        "opt_out": False,
        "confidence": 0.643,
        "transport": ["wait"],
        "mileage": 48000,
        "facts": ["wait"],
    }


def test_now_with_an_offset_is_brought_to_the_zone():
    found = answer(text="tomorrow", now="2026-11-21T03:00:00+00:00", timezone="America/Chicago")

    assert found["date"] == "2026-11-21"


@pytest.mark.parametrize(
    "offered", [["2026-11-24T09:00", "2026-11-24T15:30"], ["Tue Nov 24 at 9 am", "Tue Nov 24 3:30 pm"]]
)
def test_offered_times_may_be_written_as_times_or_in_words(offered):
    assert answer(text="the second one", offered=offered)["choice"] == 2


@pytest.mark.parametrize(
    ("text", "prompt", "intents"),
    [
        ("STOP", None, ["opt_out"]),
        ("not now", "Would you like to book?", ["decline", "later"]),
        ("not now", None, ["later"]),
        ("that won't work", "How about Tuesday at 9?", ["decline", "other_time"]),
        ("make it 4 pm", "Please confirm: Tuesday at 3 pm?", ["decline", "reschedule", "propose"]),
        ("3 pm is right", "Please confirm: Tuesday at 3 pm?", ["propose"]),
        ("START", None, ["opt_in"]),
        ("why do you keep texting me", None, ["human", "question"]),
    ],
)
def test_intents_are_told_in_the_light_of_the_prompt(text, prompt, intents):
    assert answer(text=text, prompt=prompt)["intents"] == intents


@pytest.mark.parametrize(
    ("prompt", "time"), [("What time works?", "15:00"), ("How many miles are on it?", None), (None, "15:00")]
)
def test_a_lone_number_is_an_hour_unless_something_else_was_asked(prompt, time):
    assert answer(text="3", prompt=prompt)["time"] == time


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[1]", 'not an object: expected {"id", "text", "now", ...}'),
        ('{"id": 1, "now": "2026-11-20T10:00"}', '"text" is missing'),
        ('{"id": 1, "text": 5, "now": "2026-11-20T10:00"}', '"text" is 5, expected a string'),
        ('{"id": 1, "text": "hi"}', '"now" is missing'),
        (
            '{"id": 1, "text": "hi", "now": "noon"}',
            '"now" is \'noon\', expected a time such as "2026-11-20T10:00"',
        ),
        (
            '{"id": 1, "text": "hi", "now": "2026-11-20T10:00", "timezone": "Mars/Base"}',
            '"timezone" \'Mars/Base\' is unknown, expected a name such as "America/Chicago"',
        ),
        (
            '{"id": 1, "text": "hi", "now": "2026-11-20T10:00", "offered": "9"}',
            '"offered" is not a list of times',
        ),
        (
            '{"id": 1, "text": "hi", "now": "2026-11-20T10:00", "offered": ["x"]}',
            '"offered" is \'x\', expected a time such as "2026-11-20T10:00"',
        ),
    ],
)
def test_a_bad_line_says_what_is_wrong(line, error):
    found = json.loads(answer_line(line, number=3))

    assert (found["line"], found["error"]) == (3, error)


def test_nothing_that_is_json_raises():
    for value in (
        None,
        1,
        "x",
        [],
        {},
        {"text": None},
        {"text": "x", "now": NOW, "timezone": 3},
        {"text": "x", "now": NOW, "timezone": "../.."},
    ):
        assert "error" in json.loads(answer_line(json.dumps(value), number=1))
