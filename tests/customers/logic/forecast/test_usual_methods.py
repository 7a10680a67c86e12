import pytest

from common.distance import KM_PER_MILE
from customers.logic.forecast.usual_methods import NATIONAL_DEFAULT, USUAL_METHODS

pytestmark = pytest.mark.logic

YEARS = [(0, 0.0), (100, 1_000.0), (200, 4_000.0), (300, 6_000.0)]


@pytest.mark.parametrize(
    ("method", "history", "km_per_day"),
    [
        ("National default", YEARS, NATIONAL_DEFAULT),
        ("Last two", YEARS, 20.0),
        ("Mean", YEARS, 20.0),
        ("Mean", YEARS[:3], 20.0),
        ("Theil-Sen", YEARS, 20.0),
        ("Theil-Sen", [*YEARS[:3], (300, 600_000.0)], 1_015.0),
        ("Bucketed", YEARS, 10 * KM_PER_MILE),
        ("Bucketed", [(0, 0.0), (100, 100 * 27.17 * KM_PER_MILE)], 33 * KM_PER_MILE),
        ("Bucketed", [(0, 0.0), (1, 500.0)], 75 * KM_PER_MILE),
    ],
)
def test_usual_methods(method, history, km_per_day):
    assert USUAL_METHODS[method](history) == pytest.approx(km_per_day)


@pytest.mark.parametrize("method", ["Last two", "Mean", "Theil-Sen"])
@pytest.mark.parametrize(
    "history", [[(0, 5.0)], [(0, 5.0), (0, 5.0)], [(0, 9.0), (10, 5.0)], [(0, 5.0), (10, 5.0)]]
)
def test_usual_methods_fall_back_to_the_default(method, history):
    assert USUAL_METHODS[method](history) == NATIONAL_DEFAULT
