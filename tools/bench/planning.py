"""Planning 100,000 vehicles end to end against one bare INSERT ... SELECT of the same rows, and touches dispatched a second.

Runs in a database of its own, made and dropped here. The planner reads forecasts, people and everything that
speaks against a reminder, decides, and writes enrolments, items and touches. What it is compared with:

(a) the same rows, from tables that hold them ready, by one INSERT ... SELECT a table, into the same tables with
    their keys, indexes and row security: what PostgreSQL needs for these rows whoever sends them;
(b) the same into tables with no key, index or policy at all: how fast rows can be written, promises aside.
"""

import os
import time
from datetime import UTC, date, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 -- after the settings

from campaigns.models import Touch  # noqa: E402
from campaigns.services import dispatch, enrolments  # noqa: E402
from common.tenancy import tenant_scope  # noqa: E402
from dealerships.models import Dealership  # noqa: E402
from dealerships.services import dealerships  # noqa: E402
from tools.bench.figure import Figure  # noqa: E402
from tools.bench.own_database import own_database  # noqa: E402

VEHICLES = int(os.environ.get("BENCH_VEHICLES", "100000"))
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
MOST_DISPATCHED = 20_000
PLANNED = ("campaigns_enrolment", "campaigns_enrolmentitem", "campaigns_touch")

# One car a customer, two in ten people share a household; each car has one service due within the next month or in
# the last one, and a second due next year; everybody has a phone, a mailbox and an address and agreed to messages.
SEED = (
    """INSERT INTO customers_customer (dealership_id, external_id, kind, first_name, last_name, company_name, display_name,
           language, household_key, is_internal, is_fleet, created_at)
       SELECT %(tenant)s, 'C' || n, 'person', 'Pat', 'Doe' || n, '', 'Pat Doe' || n, 'en',
           CASE WHEN n %% 10 < 2 THEN 'home' || n / 10 ELSE '' END, false, false, now()
       FROM generate_series(1, %(count)s) AS n""",
    """INSERT INTO customers_vehicle (dealership_id, customer_id, vin, vin_is_valid, external_id, year, make, model, plate,
           distance_unit, status, is_internal, created_at)
       SELECT dealership_id, id, 'V' || external_id, false, '', 2019, 'Honda', 'Civic', '', 'mi', 'active', false, now()
       FROM customers_customer""",
    """INSERT INTO customers_contactpoint (dealership_id, customer_id, kind, value, street, city, region, postal_code, country,
           validity, textability, rank)
       SELECT dealership_id, id, point, CASE point WHEN 'phone' THEN '+1512' || 2000000 + id %% 7000000
               WHEN 'email' THEN external_id || '@example.com' ELSE '1 Main St, Austin, TX 78701' END,
           '1 Main St', 'Austin', 'TX', '78701', 'US', 'valid', 'textable', 0
       FROM customers_customer CROSS JOIN unnest(ARRAY['phone', 'email', 'postal']) AS point""",
    """INSERT INTO messaging_consentevent (dealership_id, customer_id, channel, purpose, action, source, wording, evidence, at)
       SELECT dealership_id, id, '', '', 'granted', 'dms_attestation', '', '{}', now() FROM customers_customer""",
    """INSERT INTO customers_forecast (dealership_id, vehicle_id, service_id, low_on, due_on, high_on, probability_30d, "limit",
           basis, cycle_started_on, is_next, forecast_on, rule_version)
       SELECT v.dealership_id, v.id, s.id, due.due_on - 10, due.due_on, due.due_on + 12, 0.6, 'distance',
           'about 980 mi a month over 6 visits', %(today)s::date - 180, s.turn = 1, %(today)s, 1
       FROM customers_vehicle v
       CROSS JOIN (SELECT id, row_number() OVER (ORDER BY rank, id) AS turn FROM customers_service) s
       CROSS JOIN LATERAL (SELECT %(today)s::date + (v.id %% 45)::int - 30 + (s.turn - 1)::int * 400 AS due_on) due
       WHERE s.turn <= 2""",
)


def run() -> list[Figure]:
    """Return the figures of planning and dispatch."""
    with own_database(), tenant_scope(_seed()):
        planning_seconds = _timed_planning()
        rows = {table: _count(table) for table in PLANNED}
        same_tables, bare_tables = _time_inserts()
        dispatch_seconds, sent = _timed_dispatch()
    total = sum(rows.values())
    return [
        Figure("rows planned (enrolments, items, touches)", total, "rows"),
        Figure("INSERT ... SELECT, the same tables", same_tables, "s"),
        Figure("INSERT ... SELECT, tables without keys", bare_tables, "s"),
        Figure(
            f"planning {VEHICLES:,} vehicles", planning_seconds, "s", planning_seconds / same_tables, "x (a)"
        ),
        Figure("  the same", planning_seconds, "s", planning_seconds / bare_tables, "x (b)"),
        Figure("  rows planned a second", total / planning_seconds, "rows/s"),
        Figure(f"dispatch of {sent:,} touches to queued messages", sent / dispatch_seconds, "touches/s"),
    ]


def _seed() -> Dealership:
    dealership = dealerships.create(
        dealerships.NewDealership(
            name="Bench Motors",
            slug="bench",
            time_zone="America/Chicago",
            phone="+15125550100",
            email="service@bench.example.com",
            street="1 Main St",
            city="Austin",
            region="TX",
            postal_code="78701",
        )
    )
    facts: dict[str, int | date] = {"tenant": dealership.pk, "count": VEHICLES, "today": TODAY}
    with tenant_scope(dealership), connection.cursor() as cursor:
        for statement in SEED:
            cursor.execute(statement, facts)
        cursor.execute("ANALYZE")
    return dealership


def _timed_planning() -> float:
    began = time.perf_counter()
    enrolments.enrol_due(now=NOW)
    return time.perf_counter() - began


def _time_inserts() -> tuple[float, float]:
    """Return the seconds for the planned rows again: into the same tables, and into bare ones."""
    with connection.cursor() as cursor:
        for table in PLANNED:
            cursor.execute(f"CREATE TABLE bench_{table} AS SELECT * FROM {table}")  # noqa: S608 -- our own names
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
        cursor.execute("TRUNCATE campaigns_enrolment CASCADE")
        cursor.execute("ANALYZE")
        same_tables = _timed_copies("")
        bare_tables = _timed_copies("bare_")
    return same_tables, bare_tables


def _timed_copies(prefix: str) -> float:
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in PLANNED:
            cursor.execute(f"INSERT INTO {prefix}{table} SELECT * FROM bench_{table}")  # noqa: S608 -- our own names
    return time.perf_counter() - began


def _timed_dispatch() -> tuple[float, int]:
    """Return the seconds for deciding what the first days bring and queueing it, and how many that was."""
    later = NOW + timedelta(days=1, hours=2)
    Touch.objects.filter(state="planned", next_try_at__lte=later).update(due_at=later, next_try_at=later)
    began = time.perf_counter()
    sent = 0
    while (done := dispatch.dispatch_batch(now=later)).total and sent < MOST_DISPATCHED:
        sent += done.sent
    return time.perf_counter() - began, sent


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- our own names
        return int(cursor.fetchone()[0])
