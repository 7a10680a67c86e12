"""Ring a Celery task by name once the transaction is committed.

The database is the ledger and the queue only a doorbell: a ring that gets lost costs time, never a
message, because the sweep of the next minute finds the row. So a broker that is down is logged and
nothing more.
"""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError

log = structlog.get_logger(__name__)


def ring(task_name: str, **kwargs: Any) -> None:
    """Have the named task run soon after the open transaction commits (at once when none is open)."""
    transaction.on_commit(lambda: _send(task_name, kwargs))


def _send(task_name: str, kwargs: dict[str, Any]) -> None:
    try:
        current_app.send_task(task_name, kwargs=kwargs, retry=False)
    except (KombuError, OSError) as error:
        log.warning("doorbell_unanswered", task=task_name, error=type(error).__name__)
