from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dealerships.models import Membership
from insights.logic.moments import Near


@dataclass(frozen=True)
class Figures:
    """What a tile says: one number, a line below it, and whether somebody should look."""

    value: str
    hint: str
    is_urgent: bool = False
    is_empty: bool = False


@dataclass(frozen=True)
class Tile:
    """One number of Today and the list behind it.

    `load` and `rows` take the moment and read; their query budgets stand in tests/insights/tiles/.
    """

    key: str
    order: int
    label: str
    icon: str
    load: Callable[[Near], Figures]
    rows: Callable[[Near], Any]
    template: str
    is_shown: Callable[[Membership], bool] = lambda _membership: True
