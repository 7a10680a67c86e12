"""Vehicle identification numbers: spelling and check digit."""

import re
from functools import lru_cache

_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
# 49 CFR 565.15(c)(4): value of each letter, weight of each position; 10 is written X.
_VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)),
        strict=True,
    )
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_REMAINDERS = "0123456789X"
_CHECK_POSITION = 8


@lru_cache(maxsize=4096)
def normalise_vin(text: str) -> str:
    """Return the VIN in capitals without blanks and dashes; nothing is corrected, as it is a natural key."""
    return re.sub(r"[\s\-*_.]", "", text).upper()


def has_vin_shape(vin: str) -> bool:
    """Whether a normalised VIN has 17 letters and digits without I, O, Q."""
    return _SHAPE.fullmatch(vin) is not None


def is_valid_vin(vin: str) -> bool:
    """Whether a normalised VIN has the right shape and check digit.

    Only North America demands the check digit: a European car's VIN may well fail and be right. So a wrong one
    is kept and flagged, never rejected.
    """
    if not has_vin_shape(vin):
        return False
    total = sum(_VALUES[character] * weight for character, weight in zip(vin, _WEIGHTS, strict=True))
    return vin[_CHECK_POSITION] == _REMAINDERS[total % 11]
