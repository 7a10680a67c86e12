"""What customers tells the apps above it. All are sent inside the tenant's scope and transaction."""

from dataclasses import dataclass, field
from typing import Any

from django.dispatch import Signal

visits_recorded = Signal()
"""Visits were recorded or changed: `dealership_id: int`, `visit_ids: list[int]`."""

contact_points_recorded = Signal()
"""Contact points were added: `dealership_id: int`, `contact_point_ids: list[int]`, `import_id: int | None`."""

contact_refused = Signal()
"""A source says that customers must not be contacted: `dealership_id: int`, `refusals: list[Refusal]`."""

forecasts_refreshed = Signal()
"""Forecasts were computed anew: `dealership_id: int`, `vehicle_ids: list[int]`."""

vehicle_status_changed = Signal()
"""Vehicles were sold, scrapped, excluded or came back: `dealership_id: int`, `vehicle_ids: list[int]`."""


@dataclass(frozen=True)
class Refusal:
    """A refusal found in a source, e.g. `BlockAutoMsg=Y`: no channel means all, no purpose means all.

    `is_customer_new`: they came in with it, so that nothing can be running that would have to be stopped.
    """

    customer_id: int
    source: str
    channel: str | None = None
    purpose: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    is_customer_new: bool = False
