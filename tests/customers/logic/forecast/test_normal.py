from statistics import NormalDist

import numpy as np
import pytest

from customers.logic.forecast.normal import normal_probability, normal_quantile

pytestmark = pytest.mark.logic


def test_normal_probability_agrees_with_the_standard_library():
    z = np.linspace(-6, 6, 101)

    exact = [NormalDist().cdf(value) for value in z]

    np.testing.assert_allclose(normal_probability(z), exact, atol=2e-7)


def test_normal_quantile_is_symmetric():
    assert normal_quantile(0.9) == pytest.approx(1.2815515655)
    assert normal_quantile(0.1) == pytest.approx(-1.2815515655)
