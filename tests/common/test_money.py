import pytest

from common.money import amount

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("cents", "country", "words"),
    [
        (7995, "US", "$79.95"),
        (123_450_000, "CA", "$1,234,500.00"),
        (-50, "GB", "-£0.50"),
        (0, "DE", "€0.00"),
        (7995, "XX", "79.95"),
    ],
)
def test_amount(cents, country, words):
    assert amount(cents, country=country) == words
