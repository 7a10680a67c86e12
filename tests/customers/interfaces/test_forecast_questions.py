import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.interfaces.forecast_questions import answer_lines

pytestmark = pytest.mark.logic

GOOD = {
    "id": 7,
    "unit": "mi",
    "readings": [["2024-03-01", 41230.0], ["2023-03-01", 31230]],
    "odometer": 46000.0,
}


def _reply(question: object) -> dict:
    (line,) = answer_lines([json.dumps(question).encode()])
    return json.loads(line)


def test_answer_lines_gives_iso_dates_in_order():
    reply = _reply(GOOD)

    assert list(reply) == ["id", "low", "median", "high"]
    assert reply["id"] == 7
    assert "2024-03-01" < reply["low"] < reply["median"] < reply["high"] < "2026"


def test_answer_lines_miles_and_kilometres_mean_the_same():
    in_km = [[day, value * 1.609344] for day, value in GOOD["readings"]]

    reply = _reply({"id": 7, "unit": "km", "readings": in_km, "odometer": GOOD["odometer"] * 1.609344})

    assert reply == _reply(GOOD)


def test_answer_lines_answers_every_line_in_order_with_its_own_id():
    lines = [json.dumps({**GOOD, "id": "a"}).encode(), b"{", json.dumps({**GOOD, "id": None}).encode(), b"[]"]

    replies = [json.loads(line) for line in answer_lines(lines)]

    assert [reply["id"] for reply in replies] == ["a", None, None, None]
    assert ["error" in reply for reply in replies] == [False, True, False, True]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"unit": None}, 'unit: give "mi" or "km"'),
        ({"unit": "miles"}, 'unit: give "mi" or "km"'),
        ({"unit": ["mi"]}, 'unit: give "mi" or "km"'),
        ({"readings": None}, "readings: give at least one [date, odometer]"),
        ({"readings": []}, "readings: give at least one [date, odometer]"),
        ({"readings": {"2024-03-01": 1}}, "readings: give at least one [date, odometer]"),
        ({"readings": [["2024-03-01"]]}, "reading 1: give [date, odometer]"),
        ({"readings": ["2024-03-01"]}, "reading 1: give [date, odometer]"),
        ({"readings": [["2024-03-01", 5], ["2023-02-29", 5]]}, "reading 2: not a date as YYYY-MM-DD"),
        ({"readings": [["20240301", 5]]}, "reading 1: not a date as YYYY-MM-DD"),
        ({"readings": [["2024-W01-1", 5]]}, "reading 1: not a date as YYYY-MM-DD"),
        ({"readings": [[20240301, 5]]}, "reading 1: not a date as YYYY-MM-DD"),
        ({"readings": [["0001-01-01", 5]]}, "reading 1: a date outside the years 1900 to 2199"),
        ({"readings": [["9999-12-31", 5]]}, "reading 1: a date outside the years 1900 to 2199"),
        ({"readings": [["2024-03-01", "41,230"]]}, "reading 1: not a number"),
        ({"readings": [["2024-03-01", True]]}, "reading 1: not a number"),
        ({"readings": [["2024-03-01", None]]}, "reading 1: not a number"),
        ({"readings": [["2024-03-01", -1]]}, "readings: none of them is possible"),
        ({"readings": [["2024-03-01", 10**400]]}, "reading 1: not a finite number"),
        ({"odometer": None}, "odometer: not a number"),
        ({"odometer": -1}, "odometer: below zero"),
        ({"odometer": 10**400}, "odometer: not a finite number"),
    ],
)
def test_answer_lines_says_what_is_wrong(change, error):
    assert _reply({**GOOD, **change}) == {"id": 7, "error": error}


def test_answer_lines_without_an_id():
    assert _reply({"unit": "mi"}) == {"id": None, "error": "id: missing"}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": 1' + b"0" * 5_000 + b"}",
        b'{"id": 1} {"id": 2}',
    ],
)
def test_answer_lines_that_are_no_json_object(line):
    assert [json.loads(reply) for reply in answer_lines([line])] == [
        {"id": None, "error": "not a JSON object"}
    ]


@pytest.mark.parametrize(
    ("field", "error"),
    [("odometer", "odometer: not a finite number"), ("readings", "reading 1: not a finite number")],
)
@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_answer_lines_a_number_that_is_none_is_named_with_the_id(field, error, value):
    bad = {"odometer": value, "readings": [["2024-03-01", value]]}[field]

    assert _reply({**GOOD, field: bad}) == {"id": 7, "error": error}


def test_answer_lines_id_json_cannot_say_becomes_null():
    line = json.dumps(GOOD).replace('"id": 7', '"id": 1e999').encode()

    assert json.loads(answer_lines([line])[0])["id"] is None


def test_answer_lines_dates_at_the_ends_of_the_calendar():
    for day in ("1900-01-01", "2199-12-31"):
        reply = _reply({**GOOD, "readings": [[day, 100_000]], "odometer": 1e300})
        assert reply["low"] >= day

        assert "low" in _reply({**GOOD, "readings": [[day, 100_000]], "odometer": 0})


json_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = json_scalars | st.lists(json_scalars | st.lists(json_scalars, max_size=3), max_size=3)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, json_values)), st.sampled_from(sorted(GOOD)))
def test_answer_lines_never_raises(question, key):
    for asked in (question, {**GOOD, key: question.get(key)}):
        (line,) = answer_lines([json.dumps(asked).encode()])
        assert isinstance(json.loads(line), dict)


@given(st.binary())
def test_answer_lines_never_raises_for_bytes(line):
    (reply,) = answer_lines([line])
    assert set(json.loads(reply)) == {"id", "error"}
