"""Queues, limits and the clockwork of Celery: the doorbell and the sweeps, never the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery.schedules import crontab

# What somebody waits for, or what must stop at once: receipts, replies, due touches, sending.
URGENT_QUEUE = "urgent"
# What takes minutes and may wait: imports, forecasts, nightly planning.
DEFAULT_QUEUE = "default"

TASK_ROUTES = {
    "messaging.*": {"queue": URGENT_QUEUE},
    "conversations.*": {"queue": URGENT_QUEUE},
    "booking.*": {"queue": URGENT_QUEUE},
    "campaigns.dispatch": {"queue": URGENT_QUEUE},
}

# The longest honest task is a dealership's first import; a task that needs longer hangs.
SOFT_TIME_LIMIT_SECONDS = 55 * 60
TIME_LIMIT_SECONDS = 60 * 60
# Redis hands an unacknowledged task out again after this time: longer than any task may run.
VISIBILITY_TIMEOUT_SECONDS = 2 * TIME_LIMIT_SECONDS
# How long a task put into the file broker waits at most to be seen; shorter costs idle CPU.
POLLING_SECONDS = 0.25


def _each_minute(task: str) -> dict[str, Any]:
    # A sweep nobody took up within its minute is out of date: the next one does the same work.
    return {"task": task, "schedule": crontab(), "options": {"expires": 55}}


BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "campaigns.dispatch": _each_minute("campaigns.dispatch"),
    "messaging.send": _each_minute("messaging.send"),
    "messaging.sweep": _each_minute("messaging.sweep"),
    "messaging.process_receipts": _each_minute("messaging.process_receipts"),
    "messaging.reconcile": {
        "task": "messaging.reconcile",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    # Each hour, for the dealerships where the night has come: local 02:00 differs by dealership.
    "campaigns.nightly": {
        "task": "campaigns.nightly",
        "schedule": crontab(minute=7),
        "options": {"expires": 3_500},
    },
}


def redis_options() -> dict[str, Any]:
    """Return the broker's transport options for Redis."""
    return {"visibility_timeout": VISIBILITY_TIMEOUT_SECONDS, "socket_keepalive": True}


def filesystem_options(folder: Path) -> dict[str, Any]:
    """Return the transport options of the broker that keeps its messages as files under `folder`.."""
    return {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
        "polling_interval": POLLING_SECONDS,
    }
