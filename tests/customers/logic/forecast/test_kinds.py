import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.logic.forecast.kinds import likely_driving

pytestmark = pytest.mark.logic


def _rate(days: float, km: float, similar: float = 40.0) -> float:
    found = likely_driving(np.array([similar]), days=np.array([days]), km=np.array([km]))
    return float(found.km_per_day[0])


def test_likely_driving_of_a_vehicle_that_showed_nothing_is_that_of_similar_ones():
    assert _rate(0.0, 0.0) == pytest.approx(40.0)
    assert _rate(0.0, 0.0, similar=90.0) == pytest.approx(90.0)


def test_likely_driving_follows_what_was_shown_half_way():
    assert 20 < _rate(365.0, 365 * 12.0) < 30
    assert 80 < _rate(365.0, 365 * 140.0) < 125


def test_likely_driving_is_surer_the_more_was_shown():
    unknown, known = (
        likely_driving(np.array([40.0]), days=np.array([days]), km=np.array([days * 40.0]))
        for days in (0.0, 365.0)
    )

    assert known.sooner[0] < unknown.sooner[0]
    assert known.later[0] < unknown.later[0]
    assert unknown.sooner[0] == pytest.approx(0.63, abs=0.09)
    assert unknown.later[0] == pytest.approx(0.91, abs=0.13)


@given(st.floats(0, 2_000), st.floats(0, 500_000), st.floats(0, 1))
def test_likely_driving_never_falls_with_the_distance(days, km, share):
    assert _rate(days, share * km) <= _rate(days, km) + 1e-9
