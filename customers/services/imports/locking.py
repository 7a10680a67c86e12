"""One import at a time for each dealership."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from dealerships.models import Dealership

_CLASS = 0x1397  # any number, so that other uses of advisory locks do not meet this one


class ImportRunning(Exception):
    """Another import of the same dealership is running."""


@contextmanager
def only_import(dealership: Dealership) -> Iterator[None]:
    """Hold the dealership's import lock; it falls with the connection, so a killed run leaves none behind.

    raises: ImportRunning where another run holds it
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_CLASS, dealership.pk])
        if not cursor.fetchone()[0]:
            raise ImportRunning(f"Another import of {dealership.name} is running. Try again when it is done.")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_CLASS, dealership.pk])


def is_held(dealership: Dealership) -> bool:
    """Return whether an import of the dealership is running now; one that says so and is not was interrupted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s "
            "AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [_CLASS, dealership.pk],
        )
        return bool(cursor.fetchone()[0])
