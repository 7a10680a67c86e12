"""The parts Anticipate runs as: said once, for `manage.py up`, `manage.py run` and the container image."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from anticipate.celery_setup import DEFAULT_QUEUE, URGENT_QUEUE


@dataclass(frozen=True)
class Sizes:
    """How much of each part runs on this host."""

    host: str
    port: int
    web_workers: int
    web_threads: int
    urgent_processes: int
    bulk_processes: int


def web(sizes: Sizes) -> list[str]:
    """Return the web server's command: granian in front of the WSGI application."""
    return [
        sys.executable, "-m", "granian", "anticipate.wsgi:application",
        "--interface", "wsgi",
        "--host", sizes.host,
        "--port", str(sizes.port),
        "--workers", str(sizes.web_workers),
        "--blocking-threads", str(sizes.web_threads),
        "--no-ws",
        "--no-access-log",  # RequestLogMiddleware logs by route, without the tokens in the paths
        "--log-level", "warning",
        "--respawn-failed-workers",
        # Told to stop while they still start, its workers miss the signal and would be waited for for ever.
        "--workers-kill-timeout", "10s",
    ]  # fmt: skip


def urgent_worker(sizes: Sizes) -> list[str]:
    """Return the command of the worker for what somebody waits for: replies, due touches, sending."""
    return _worker(URGENT_QUEUE, processes=sizes.urgent_processes)


def bulk_worker(sizes: Sizes) -> list[str]:
    """Return the command of the worker for what takes minutes: imports, forecasts, nightly planning.

    A worker of its own, so that an import never stands in the way of an opt-out.
    """
    return _worker(DEFAULT_QUEUE, processes=sizes.bulk_processes)


def _worker(queue: str, *, processes: int) -> list[str]:
    return [
        *_celery(), "worker",
        "--queues", queue,
        "--hostname", f"{queue}@%h",
        "--concurrency", str(processes),
        "--pool", "prefork",  # the only pool with time limits that hold, and imports keep a processor busy
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


def beat() -> list[str]:
    """Return the command of the clockwork; one process in the whole installation."""
    return [*_celery(), "beat"]


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "anticipate", "--quiet"]


def command(name: str, sizes: Sizes) -> list[str]:
    """Return the command of the part `name`, one of NAMES."""
    builders = {
        "web": lambda: web(sizes),
        "worker": lambda: urgent_worker(sizes),
        "bulk": lambda: bulk_worker(sizes),
        "beat": beat,
    }
    return builders[name]()


NAMES = ("web", "worker", "bulk", "beat")
