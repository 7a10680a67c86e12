"""One measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A value with its unit, and where it is compared with something, the ratio and to what."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    ratio_of: str = ""
