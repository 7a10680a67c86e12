"""Doorbells of messaging; each finds its work in the database, so that ringing twice or never costs only time."""

from celery import shared_task

from common import clock
from common.doorbell import ring
from messaging.services import account_health, receipts_processing, reconciling, sending, sweeping

SOFT_SECONDS, HARD_SECONDS = 150, 180


@shared_task(name="messaging.send", ignore_result=True, soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS)
def send() -> None:
    if sending.drain(now=clock.now).is_cut_short:
        ring("messaging.send")


@shared_task(
    name="messaging.sweep", ignore_result=True, soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS
)
def sweep() -> None:
    sweeping.give_up_lost_claims(now=clock.now())


@shared_task(
    name="messaging.reconcile", ignore_result=True, soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS
)
def reconcile() -> None:
    if reconciling.reconcile(now=clock.now()).requeued:
        ring("messaging.send")


@shared_task(
    name="messaging.process_receipts",
    ignore_result=True,
    soft_time_limit=SOFT_SECONDS,
    time_limit=HARD_SECONDS,
)
def process_receipts() -> None:
    receipts_processing.process(now=clock.now())


@shared_task(
    name="messaging.release", ignore_result=True, soft_time_limit=SOFT_SECONDS, time_limit=HARD_SECONDS
)
def release(*, channel: str, dealership_id: int | None = None) -> None:
    if account_health.release(channel, dealership_id=dealership_id, now=clock.now()):
        ring("messaging.send")
