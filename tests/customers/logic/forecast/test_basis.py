from datetime import date

import pytest

from customers.logic.forecast.basis import DrivingFacts, ServiceFacts, driving_words, service_words

pytestmark = pytest.mark.logic

TODAY = date(2026, 11, 20)
OIL = ServiceFacts("Oil and filter change", 5_000, "mi", 6)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (DrivingFacts(51.8, 6, 0, "mi"), "about 980 mi a month over 6 visits"),
        (DrivingFacts(51.8, 6, 1, "mi"), "about 980 mi a month over 6 visits (1 reading set aside)"),
        (DrivingFacts(51.8, 2, 3, "km"), "about 1,580 km a month over 2 visits (3 readings set aside)"),
        (DrivingFacts(51.8, 1, 0, "mi"), "one reading so far, similar cars drive about 980 mi a month"),
        (
            DrivingFacts(51.8, 0, 1, "mi"),
            "no usable reading yet (1 reading set aside), similar cars drive about 980 mi a month",
        ),
        (DrivingFacts(0.01, 9, 0, "mi"), "about 10 mi a month over 9 visits"),
    ],
)
def test_driving_words(facts, words):
    assert driving_words(facts) == words


@pytest.mark.parametrize(
    ("service", "last_done", "words"),
    [
        (OIL, date(2026, 3, 14), "oil and filter change every 5,000 mi or 6 months, last done 14 March"),
        (OIL, date(2025, 3, 14), "oil and filter change every 5,000 mi or 6 months, last done 14 March 2025"),
        (
            ServiceFacts("Brake service", 40_000, "mi", None),
            date(2026, 1, 1),
            "brake service every 40,000 mi, last done 1 January",
        ),
        (OIL, None, "oil and filter change every 5,000 mi or 6 months, not on record, last seen 2 May"),
        (
            ServiceFacts("State inspection", None, "mi", 12),
            date(2026, 1, 1),
            "state inspection every 12 months, last done 1 January",
        ),
        (
            ServiceFacts("DPF cleaning", 90_000, "km", 1),
            date(2026, 1, 1),
            "DPF cleaning every 90,000 km or 1 month, last done 1 January",
        ),
    ],
)
def test_service_words(service, last_done, words):
    assert service_words(service, last_done=last_done, since=date(2026, 5, 2), today=TODAY) == words
