"""The sizes of the parts, from the settings."""

from __future__ import annotations

from typing import Any

from anticipate.supervisor.parts import Sizes


def sizes_from(settings: Any) -> Sizes:
    """Return how much of each part the settings ask for."""
    return Sizes(
        host=settings.HOST,
        port=settings.PORT,
        web_workers=settings.WEB_WORKERS,
        web_threads=settings.WEB_THREADS,
        urgent_processes=settings.WORKER_PROCESSES,
        bulk_processes=settings.BULK_PROCESSES,
    )
