"""Planning 100,000 vehicles end to end against one bare INSERT ... SELECT of the same rows.

Runs in a database of its own, made and dropped here. The planner reads forecasts, people and everything that
speaks against a reminder, decides, and writes enrolments, items and touches. What it is compared with:

(a) the same rows, from tables that hold them ready, by one INSERT ... SELECT a table, into the same tables with
    their keys, indexes and row security: what PostgreSQL needs for these rows whoever sends them;
(b) the same into tables with no key, index or policy at all: how fast rows can be written, promises aside.
"""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 -- after the settings

from campaigns.services import enrolments  # noqa: E402
from common.tenancy import tenant_scope  # noqa: E402
from tools.bench.figure import Figure  # noqa: E402
from tools.bench.own_database import own_database  # noqa: E402
from tools.bench.reminder_world import NOW, seed  # noqa: E402

VEHICLES = int(os.environ.get("BENCH_VEHICLES", "100000"))
PLANNED = ("campaigns_enrolment", "campaigns_enrolmentitem", "campaigns_touch")


def run() -> list[Figure]:
    """Return the figures of planning."""
    with own_database(), tenant_scope(seed(vehicles=VEHICLES)):
        planning_seconds = _timed_planning()
        rows = {table: _count(table) for table in PLANNED}
        same_tables, bare_tables = _time_inserts()
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
    ]


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


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- our own names
        return int(cursor.fetchone()[0])
