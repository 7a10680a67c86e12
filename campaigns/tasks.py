"""Doorbells and sweeps of campaigns; each finds its work in the database, so that ringing twice costs only time."""

from celery import shared_task

from campaigns.services import dispatch, enrolments, nightly
from common import clock
from common.tenancy import TenantTask


@shared_task(
    name="campaigns.dispatch", ignore_result=True, acks_late=True, soft_time_limit=150, time_limit=180
)
def dispatch_due() -> None:
    dispatch.dispatch_due(now=clock.now())


@shared_task(base=TenantTask, name="campaigns.enrol", ignore_result=True, acks_late=True)
def enrol(*, dealership_id: int, vehicle_ids: list[int]) -> None:  # noqa: ARG001 -- opens the scope
    enrolments.enrol_due(vehicle_ids=vehicle_ids, now=clock.now())


@shared_task(name="campaigns.nightly", ignore_result=True, acks_late=True)
def run_nightly() -> None:
    nightly.run_where_night_has_come(now=clock.now())
