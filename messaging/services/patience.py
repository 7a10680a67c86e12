"""Waiting for a database that went away: restarted, failed over, or its connections cut."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.05  # a connection that was cut while it lay idle only needs a new one
LONGEST_PAUSE_SECONDS = 0.5


def patiently(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call again, on a new connection, while the database is away; after a minute its error is raised.

    Only for what may be repeated, and outside a transaction: the connection of the calling thread is closed.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return function(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if time.monotonic() > deadline:
                raise
            log.warning("database.away", error=type(error).__name__)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
