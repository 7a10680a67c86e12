from datetime import time

import pytest

from messaging.enums import Part
from messaging.logic.rule_words import say_place, say_rule
from messaging.logic.rules import BadTerms, Cap, Hours, Parts, Span, read_terms, write_terms
from tests.law import LAW, rule

pytestmark = pytest.mark.logic

DAYS = ["09:00-20:30"] * 5 + ["10:00-24:00", ""]


def test_every_rule_is_stored_and_read_back_as_it_is():
    for each in LAW.rules:
        assert read_terms(each.kind, write_terms(each.terms)) == each.terms


def test_hours_are_read_by_day():
    found = read_terms("hours", {"week": DAYS, "holidays": "closed"})

    assert found == Hours(
        (*[Span(time(9), time(20, 30))] * 5, Span(time(10), time(0)), None), keeps_holidays=True
    )


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("hours", {}, "seven days"),
        ("hours", {"week": ["9-17"] * 6}, "seven days"),
        ("hours", {"week": [""] * 7}, "At least one day"),
        ("hours", {"week": ["17:00-09:00"] + [""] * 6}, "Monday: the hours must end after"),
        ("hours", {"week": ["", "09:00-09:00"] + [""] * 5}, "Tuesday: the hours must end after"),
        ("hours", {"week": ["", "", "nine to five"] + [""] * 4}, "Wednesday: write hours as"),
        ("hours", {"week": ["", "", "09:00-25:00"] + [""] * 4}, "Wednesday: write hours as"),
        ("hours", {"week": ["", "", "09:00"] + [""] * 4}, "Wednesday: write hours as"),
        ("hours", {"week": DAYS, "holidays": "maybe"}, "Holidays"),
        ("cap", {"most": 0, "hours": 24}, "at least one"),
        ("cap", {"most": 1}, "either over hours or over calendar days"),
        ("cap", {"most": 1, "hours": 24, "days": 1}, "either over hours or over calendar days"),
        ("cap", {"most": 1, "days": 8}, "7 days at most"),
        ("cap", {"most": "3", "hours": 24}, "whole number"),
        ("cap", {"most": True, "hours": 24}, "whole number"),
        ("parts", {"parts": []}, "at least one part"),
        ("parts", {"parts": ["fax"]}, "no part “fax”"),
        ("taxes", {}, "no kind"),
    ],
)
def test_terms_that_cannot_be_understood_are_refused_in_words(kind, data, words):
    with pytest.raises(BadTerms, match=words):
        read_terms(kind, data)


@pytest.mark.parametrize(
    ("terms", "fields", "words"),
    [
        (
            read_terms("hours", {"week": DAYS, "holidays": "closed"}),
            {"jurisdiction": "US-NY"},
            "New York: Monday to Friday 09:00 to 20:30, Saturday 10:00 to 24:00, not on holidays. a test",
        ),
        (read_terms("hours", {"week": ["00:00-24:00"] * 7}), {}, "every day all day. a test"),
        (
            Cap(3, hours=24),
            {"jurisdiction": "US"},
            "United States: At most 3 in 24 hours over its channels together. a test",
        ),
        (Cap(4, hours=168), {}, "At most 4 in 7 days over its channels together. a test"),
        (Cap(1, days=1, on_each_channel=True), {}, "At most 1 a day on a channel. a test"),
        (Cap(2, days=3), {}, "At most 2 in 3 calendar days over its channels together. a test"),
        (
            Parts(frozenset({Part.WAY_OUT, Part.POSTAL_ADDRESS, Part.DEALERSHIP_NAME})),
            {},
            "It must say the dealership's name, the way out and the dealership's postal address. a test",
        ),
        (None, {}, "Ended. a test"),
    ],
)
def test_rules_are_said_in_words(terms, fields, words):
    assert say_rule(rule(terms, **fields)) == words


@pytest.mark.parametrize(
    ("jurisdiction", "words"),
    [
        ("*", "everywhere"),
        ("US", "United States"),
        ("MX", "MX"),
        ("US-DC", "District of Columbia"),
        ("US-ZZ", "Zz"),
        ("CA-NL", "Newfoundland and Labrador"),
    ],
)
def test_places_are_said_in_words(jurisdiction, words):
    assert say_place(jurisdiction) == words
