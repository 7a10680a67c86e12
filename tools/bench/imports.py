"""Importing an export of 100,000 repair orders (two lines each on average): seconds, and memory beside 10,000.

In a database of its own, made and dropped here. Each size runs in a process of its own, so that its peak of
memory is its own; what PostgreSQL uses is not in it. Forecasts, which follow an import, are another benchmark.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools.bench.figure import Figure
from tools.bench.make_export import make_export

SIZES = (10_000, 100_000)
TARGET_SECONDS = 60
_BYTES_A_KB = 1 if sys.platform == "darwin" else 1024
_MB = 1 << 20


@dataclass(frozen=True)
class _Measured:
    seconds: float
    own_seconds: float
    peak_mb: float


def run() -> list[Figure]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
    import django  # noqa: PLC0415 -- needs the settings variable

    django.setup()
    from django.db import connection  # noqa: PLC0415 -- needs the setup

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            small, big = (_measure(Path(folder) / str(size), size) for size in SIZES)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    return [
        Figure(
            "import of 100,000 repair orders", big.seconds, "s", TARGET_SECONDS / big.seconds, "of target"
        ),
        Figure("of which this process, the rest PostgreSQL and waiting", big.own_seconds, "s"),
        Figure("repair orders a second", SIZES[1] / big.seconds, "a second"),
        Figure("peak memory", big.peak_mb, "MB", big.peak_mb / small.peak_mb, "of that for 10,000"),
    ]


def _measure(folder: Path, size: int) -> _Measured:
    """Import an export of one size in a forked process."""
    make_export(folder, repair_orders=size)
    from django.db import connections  # noqa: PLC0415 -- as above

    connections.close_all()
    report = folder / "seconds.json"
    child = os.fork()
    if child == 0:
        try:
            _import(folder, report, slug=f"bench-{size}")
        finally:
            os._exit(0)
    _, _, usage = os.wait4(child, 0)
    seconds, own_seconds = json.loads(report.read_text())
    return _Measured(seconds, own_seconds, usage.ru_maxrss * _BYTES_A_KB / _MB)


def _import(folder: Path, report: Path, *, slug: str) -> None:
    from django.conf import settings  # noqa: PLC0415 -- as above

    from common import clock  # noqa: PLC0415 -- as above
    from common.tenancy import tenant_scope  # noqa: PLC0415 -- as above
    from customers.services.imports import intake, running  # noqa: PLC0415 -- as above
    from dealerships.services import dealerships  # noqa: PLC0415 -- as above

    settings.MEDIA_ROOT = folder / "media"
    settings.CELERY_BROKER_URL = "memory://"
    dealership = dealerships.create(
        dealerships.NewDealership(name="Bench Motors", slug=slug, time_zone="America/Chicago")
    )
    with tenant_scope(dealership):
        visit_import = intake.create_from_paths(sorted(folder.glob("*.csv")))
        started, cpu = time.perf_counter(), time.process_time()
        running.run(visit_import.pk, now=clock.now())
        report.write_text(json.dumps([time.perf_counter() - started, time.process_time() - cpu]))
