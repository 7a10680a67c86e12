"""Forecast rows and reading verdicts as they are written: a few statements a chunk, whatever its size.

Plain SQL, because 10,000 rows as model instances take several times as long as the forecasts themselves.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from common.tenancy import current_dealership
from customers.enums import ReadingQuality
from customers.logic.forecast.facts import ForecastRow, NewVerdict
from customers.logic.forecast.vehicles import RULE_VERSION
from customers.models import Forecast, OdometerReading

_READING = OdometerReading._meta.db_table
_FORECAST = Forecast._meta.db_table

_STORE_VERDICTS = f"""
    UPDATE {_READING} AS reading
       SET quality_reason = new.reason, quality = CASE WHEN new.reason = '' THEN %s ELSE %s END
      FROM unnest(%s::bigint[], %s::text[]) AS new (id, reason)
     WHERE reading.id = new.id AND reading.dealership_id = %s
"""  # noqa: S608 -- table names of our own models

# Before the new next ones are written: a vehicle has one at a time (forecast_one_next).
_CLEAR_NEXT = f"""
    UPDATE {_FORECAST} SET is_next = FALSE
     WHERE dealership_id = %s AND vehicle_id = ANY(%s) AND is_next
       AND (vehicle_id, service_id) NOT IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""  # noqa: S608 -- table names of our own models

_DELETE_STALE = f"""
    DELETE FROM {_FORECAST}
     WHERE dealership_id = %s AND vehicle_id = ANY(%s)
       AND (vehicle_id, service_id) NOT IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""  # noqa: S608 -- table names of our own models

_STORE = f"""
    INSERT INTO {_FORECAST} (
        dealership_id, forecast_on, rule_version, vehicle_id, service_id, low_on, due_on, high_on,
        probability_30d, "limit", basis, cycle_started_on, is_next
    )
    SELECT %s, %s, %s, * FROM unnest(
        %s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::date[],
        %s::float8[], %s::text[], %s::text[], %s::date[], %s::boolean[]
    )
    ON CONFLICT (dealership_id, vehicle_id, service_id) DO UPDATE SET
        forecast_on = excluded.forecast_on, rule_version = excluded.rule_version,
        low_on = excluded.low_on, due_on = excluded.due_on, high_on = excluded.high_on,
        probability_30d = excluded.probability_30d, "limit" = excluded."limit", basis = excluded.basis,
        cycle_started_on = excluded.cycle_started_on, is_next = excluded.is_next
"""  # noqa: S608 -- table names of our own models


def store_verdicts(verdicts: Sequence[NewVerdict]) -> None:
    """Write the changed verdicts: why a reading is set aside, or that it is good again."""
    if not verdicts:
        return
    ids, reasons = [v.reading_id for v in verdicts], [v.reason for v in verdicts]
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE_VERDICTS,
            [ReadingQuality.GOOD, ReadingQuality.QUARANTINED, ids, reasons, current_dealership().pk],
        )


def replace_forecasts(vehicle_ids: Sequence[int], rows: Sequence[ForecastRow], *, today: date) -> None:
    """Make `rows` the forecasts of the vehicles; those of other services are deleted."""
    dealership_id, vehicles = current_dealership().pk, list(vehicle_ids)
    nexts = [row for row in rows if row.is_next]
    with connection.cursor() as cursor:
        cursor.execute(_DELETE_STALE, [dealership_id, vehicles, *_keys(rows)])
        cursor.execute(_CLEAR_NEXT, [dealership_id, vehicles, *_keys(nexts)])
        if rows:
            cursor.execute(_STORE, [dealership_id, today, RULE_VERSION, *_columns(rows)])


def _keys(rows: Sequence[ForecastRow]) -> list[list[int]]:
    return [[row.vehicle_id for row in rows], [row.service_id for row in rows]]


def _columns(rows: Sequence[ForecastRow]) -> list[list[object]]:
    """Return the rows as one list a column, in the order of the statement."""
    as_tuples = (
        (
            row.vehicle_id, row.service_id, row.low_on, row.due_on, row.high_on,
            row.probability_30d, str(row.limit), row.basis, row.cycle_started_on, row.is_next,
        )
        for row in rows
    )  # fmt: skip
    return [list(column) for column in zip(*as_tuples, strict=True)]
