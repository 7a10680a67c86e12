from datetime import date

import pytest

from insights.logic.cursor import Place, parse_place

pytestmark = pytest.mark.logic


def test_parse_place_of_a_written_place_returns_it():
    place = Place(date(2026, 3, 14), 98765)

    assert parse_place(str(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "20260314",
        "20260314-",
        "-7",
        "2026-03-14",
        "20261399-1",
        "20260314-x",
        "20260314-" + "9" * 30,
        "٢٠٢٦٠٣١٤-1x",
    ],
)
def test_parse_place_of_nonsense_is_none(text):
    assert parse_place(text) is None
