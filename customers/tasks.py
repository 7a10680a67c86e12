"""What the customers app does in the background."""

from collections.abc import Sequence
from typing import Any

from celery import Task, shared_task

from common import clock
from common.tenancy import TenantTask, current_dealership
from customers.services import forecasts
from customers.services.imports import running
from customers.services.imports.locking import ImportRunning

# One import of a dealership at a time: the next one waits this long, this often.
WAIT_SECONDS = 20
WAITS = 180


@shared_task(base=TenantTask, name="customers.refresh_forecasts", acks_late=True, ignore_result=True)
def refresh_forecasts(*, dealership_id: int, vehicle_ids: Sequence[int] | None = None) -> None:  # noqa: ARG001 -- opens the scope
    forecasts.refresh(vehicle_ids=vehicle_ids, today=clock.today(current_dealership().time_zone))


@shared_task(
    base=TenantTask,
    bind=True,
    name="customers.preview_import",
    acks_late=True,
    ignore_result=True,
    max_retries=WAITS,
)
def preview_import(self: Task[Any, None], *, dealership_id: int, import_id: int) -> None:  # noqa: ARG001 -- opens the scope
    try:
        running.dry_run(import_id, now=clock.now())
    except ImportRunning as busy:
        raise self.retry(exc=busy, countdown=WAIT_SECONDS) from busy


@shared_task(
    base=TenantTask,
    bind=True,
    name="customers.run_import",
    acks_late=True,
    ignore_result=True,
    max_retries=WAITS,
)
def run_import(self: Task[Any, None], *, dealership_id: int, import_id: int) -> None:  # noqa: ARG001 -- opens the scope
    try:
        running.run(import_id, now=clock.now())
    except ImportRunning as busy:
        raise self.retry(exc=busy, countdown=WAIT_SECONDS) from busy
