"""Reads PostgreSQL's timestamps eight times as fast as Django has them read; a batch of reminders reads thousands.

Django takes psycopg's reader in Python for the sake of a time zone, which here is always UTC: 5.4 microseconds a
value. `datetime.fromisoformat` takes 0.7.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django.db.backends.signals import connection_created
from django.dispatch import receiver


class TimestampLoader(BaseTzLoader):  # type: ignore[misc]  # its stubs know no base class
    """Django's reader for what is not a plain moment in UTC (infinity, years before Christ), which it refuses."""

    timezone = UTC  # Django puts its own reader back where this is not the connection's zone

    def load(self, data: Any) -> datetime | None:
        try:
            at = datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            return self._as_django_does(data)
        return at if at.tzinfo is UTC else self._as_django_does(data)

    def _as_django_does(self, data: Any) -> datetime | None:
        found: datetime | None = super().load(data)
        return found


@receiver(connection_created, dispatch_uid="common.timestamps")
def _read_timestamps_fast(*, connection: Any, **_: Any) -> None:
    if connection.vendor == "postgresql":
        connection.connection.adapters.register_loader("timestamptz", TimestampLoader)
