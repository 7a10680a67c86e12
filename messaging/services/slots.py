"""How many senders run at once over all worker processes; more would only contend and keep other tasks waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from messaging.services.patience import patiently

LOCK_CLASS = 0x534C4F54  # "SLOT"


@contextmanager
def sender_slot() -> Iterator[int | None]:
    """Hold one of the slots, or None when all are taken; PostgreSQL gives it back if we die.

    The lock belongs to the connection of the calling thread.
    """
    slot = patiently(_first_free)  # a connection cut while it lay idle shows it here, at its next use
    try:
        yield slot
    finally:
        if slot is not None:
            _give_back(slot)


def _first_free() -> int | None:
    return next((number for number in range(settings.SENDERS) if _call("pg_try_advisory_lock", number)), None)


def _give_back(slot: int) -> None:
    """A connection that broke meanwhile has given the slot back by breaking."""
    try:
        _call("pg_advisory_unlock", slot)
    except (OperationalError, InterfaceError):
        connection.close()


def _call(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s::int, %s::int)", [LOCK_CLASS, number])
        return bool(cursor.fetchone()[0])
