"""The normal distribution, vectorised: numpy has no cumulative function and the project needs no scipy."""

from statistics import NormalDist
from typing import Final

import numpy as np

from customers.logic.forecast.arrays import Floats

# Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: error below 1.5e-7.
_A: Final = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
_P: Final = 0.3275911


def normal_quantile(probability: float) -> float:
    """Return how many standard deviations above the median the given share lies below."""
    return NormalDist().inv_cdf(probability)


def normal_probability(z: Floats) -> Floats:
    """Return the share of a standard normal distribution below each z."""
    return 0.5 + 0.5 * error_function(z / np.sqrt(2.0))


def error_function(x: Floats) -> Floats:
    """Return the error function of each x, to seven digits."""
    size = np.abs(x)
    t = 1.0 / (1.0 + _P * size)
    polynomial = t * (_A[0] + t * (_A[1] + t * (_A[2] + t * (_A[3] + t * _A[4]))))
    signed: Floats = np.copysign(1.0 - polynomial * np.exp(-size * size), x)
    return signed
