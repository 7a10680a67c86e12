from datetime import date

import pytest

from booking.logic.public_holidays import public_holidays

pytestmark = pytest.mark.logic


def test_holidays_of_a_country_and_region_in_order():
    found = public_holidays("CA", region="QC", from_on=date(2026, 6, 24), days=8)

    assert found == [(date(2026, 6, 24), "Saint John the Baptist Day"), (date(2026, 7, 1), "Canada Day")]


def test_a_region_that_is_not_known_leaves_the_country():
    assert public_holidays("US", region="Narnia", from_on=date(2026, 12, 25), days=1) == [
        (date(2026, 12, 25), "Christmas Day")
    ]


def test_a_turn_of_the_year_is_crossed():
    found = public_holidays("US", region="", from_on=date(2026, 12, 25), days=8)

    assert [on for on, _ in found] == [date(2026, 12, 25), date(2027, 1, 1)]


def test_an_unknown_country_has_none():
    assert public_holidays("ZZ", region="", from_on=date(2026, 1, 1), days=365) == []
