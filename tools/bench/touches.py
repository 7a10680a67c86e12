"""Due touches decided, written and queued a second, by one process; and how long ten wait beside half a million.

Runs in a database of its own, made and dropped here, on planned enrolments of people who can be reached on every
channel; nobody hands the queued messages over.

- speed: BENCH_TOUCHES touches (20,000) of one dealership, by the sweep itself (`dispatch.dispatch_due`), in a process that
  has frozen what its start made, as a worker has
- fairness: BENCH_CROWD touches (500,000) of one dealership are due and being sent when ten of another fall due; how long
  until the ten are queued, three times; the sweep is rung for again whenever it rings
"""

import gc
import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

from django.db import connection  # noqa: E402 -- after the settings

from campaigns.models import Touch  # noqa: E402
from campaigns.services import dispatch, enrolments  # noqa: E402
from common.tenancy import tenant_scope  # noqa: E402
from dealerships.models import Dealership  # noqa: E402
from tools.bench.figure import Figure  # noqa: E402
from tools.bench.own_database import own_database  # noqa: E402
from tools.bench.reminder_world import NOW, seed  # noqa: E402

TOUCHES = int(os.environ.get("BENCH_TOUCHES", "20000"))
CROWD = int(os.environ.get("BENCH_CROWD", "500000"))
FEW = 10
ROUNDS = 3
SECONDS_BETWEEN = 7.0  # of the crowd's sending alone, before each ten
LATER = NOW + timedelta(days=1, hours=2)

# The crowd's enrolments as the planner writes them, by multiplying out one it wrote: planning half a million takes minutes.
MULTIPLY = (
    """CREATE TEMP TABLE crowd AS
       SELECT nextval(pg_get_serial_sequence('campaigns_enrolment', 'id')) AS id, vehicle.customer_id, vehicle.id AS vehicle_id
       FROM customers_vehicle vehicle
       WHERE NOT EXISTS (SELECT FROM campaigns_enrolment e WHERE e.customer_id = vehicle.customer_id)""",
    """INSERT INTO campaigns_enrolment (id, dealership_id, customer_id, version_id, state, end_reason, anchor_on, started_at)
       SELECT crowd.id, e.dealership_id, crowd.customer_id, e.version_id, e.state, '', e.anchor_on, e.started_at
       FROM crowd CROSS JOIN (SELECT * FROM campaigns_enrolment ORDER BY id LIMIT 1) e""",
    """INSERT INTO campaigns_enrolmentitem
           (dealership_id, enrolment_id, vehicle_id, service_id, cycle_started_on, due_on, end_reason)
       SELECT f.dealership_id, crowd.id, crowd.vehicle_id, f.service_id, f.cycle_started_on, f.due_on, ''
       FROM crowd JOIN customers_forecast f ON f.vehicle_id = crowd.vehicle_id AND f.is_next""",
    """INSERT INTO campaigns_touch (dealership_id, enrolment_id, step_number, fallback_number, channel, due_at, local_on,
           local_time, zone_name, next_try_at, state, reason)
       SELECT t.dealership_id, crowd.id, t.step_number, 0, t.channel, t.due_at, t.local_on, t.local_time, t.zone_name,
           t.next_try_at, t.state, ''
       FROM crowd CROSS JOIN (SELECT * FROM campaigns_touch WHERE enrolment_id = (SELECT min(enrolment_id) FROM campaigns_touch)) t""",
    "DROP TABLE crowd",
    "ANALYZE",
)


def run() -> list[Figure]:
    """Return the figures of dispatch: speed and fairness."""
    gc.freeze()
    with own_database():
        rate = _rate(_due(seed(vehicles=TOUCHES * 3 // 2), at_most=TOUCHES))
        waits = _waits()
    return [
        Figure(f"dispatch of {TOUCHES:,} due touches, one process", rate, "touches/s"),
        Figure(f"{FEW} touches beside {CROWD:,} of another dealership: longest wait", max(waits), "s"),
        Figure("  median wait", statistics.median(waits), "s"),
    ]


def _due(dealership: Dealership, *, at_most: int) -> Dealership:
    """Plan everybody, and have the next touch of `at_most` enrolments fall due at once."""
    with tenant_scope(dealership):
        enrolments.enrol_due(now=NOW)
        first = Touch.objects.filter(state="planned").order_by("enrolment_id", "step_number")
        ids = list(first.distinct("enrolment_id").values_list("pk", flat=True)[:at_most])
        Touch.objects.filter(pk__any_of=ids).update(due_at=LATER, next_try_at=LATER)
        much_later = LATER + timedelta(days=9)
        Touch.objects.filter(state="planned").exclude(pk__any_of=ids).update(
            due_at=much_later, next_try_at=much_later
        )
    return dealership


def _rate(dealership: Dealership) -> float:
    with tenant_scope(dealership), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE campaigns_touch")
        dispatch.dispatch_batch(now=LATER)  # warms up
    began, done = time.perf_counter(), 0
    while total := dispatch.dispatch_due(now=LATER).total:
        done += total
    return done / (time.perf_counter() - began)


def _waits() -> list[float]:
    crowd, few = _crowd(), _due(seed(vehicles=FEW * ROUNDS * 3, slug="bench-few"), at_most=0)
    with _sweeping(threading.Event()):
        waits = []
        for _ in range(ROUNDS):
            time.sleep(SECONDS_BETWEEN)
            waits.append(_wait_of_few(few))
    with tenant_scope(crowd):
        if not Touch.objects.filter(state="planned", next_try_at__lte=LATER).exists():
            raise RuntimeError("the crowd was done before the ten were measured: set BENCH_CROWD higher")
    return waits


def _crowd() -> Dealership:
    """Return a dealership with as many touches due as people."""
    dealership = seed(vehicles=CROWD, slug="bench-crowd")
    with tenant_scope(dealership), connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM customers_vehicle")
        enrolments.enrol_due(vehicle_ids=[cursor.fetchone()[0]], now=NOW)
        much_later = LATER + timedelta(days=9)
        Touch.objects.update(due_at=much_later, next_try_at=much_later)
        Touch.objects.filter(step_number=1).update(due_at=LATER, next_try_at=LATER)
        for statement in MULTIPLY:
            cursor.execute(statement)
    return dealership


@contextmanager
def _sweeping(stop: threading.Event) -> Iterator[None]:
    """Run sweep after sweep beside us, as a worker does that rings for the next one."""

    def sweep() -> None:
        try:
            while not stop.is_set():
                dispatch.dispatch_due(now=LATER)
        finally:
            connection.close()

    worker = threading.Thread(target=sweep)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _wait_of_few(few: Dealership) -> float:
    """Have the first touches of ten enrolments fall due and return how long they are not decided."""
    with tenant_scope(few):
        fresh = Touch.objects.filter(state="planned").exclude(enrolment__touches__state="sent")
        first = fresh.order_by("enrolment_id", "step_number").distinct("enrolment_id")
        ten = Touch.objects.filter(pk__any_of=list(first.values_list("pk", flat=True)[:FEW]))
        ten.update(due_at=LATER, next_try_at=LATER)
        began = time.perf_counter()
        while ten.filter(state="planned", next_try_at__lte=LATER).exists():
            time.sleep(0.02)
        waited = time.perf_counter() - began
        if ten.filter(state="sent").count() != FEW:
            raise RuntimeError("the ten were not sent")
        return waited
