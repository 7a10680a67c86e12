from datetime import UTC, datetime

import pytest
from django.db import DataError, connection

from common.timestamps import TimestampLoader

pytestmark = pytest.mark.django_db


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("literal", "moment"),
    [
        ("2026-11-22 10:00:00.123456+00", datetime(2026, 11, 22, 10, 0, 0, 123456, UTC)),
        ("2026-11-22 10:00:00.1+00", datetime(2026, 11, 22, 10, 0, 0, 100000, UTC)),
        ("2026-03-08 02:30:00-06", datetime(2026, 3, 8, 8, 30, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)),
    ],
)
def test_timestamps_are_read_to_the_microsecond(literal, moment):
    found = asked(f"timestamptz '{literal}'")

    assert (found, found.tzinfo) == (moment, UTC)
    assert asked("NULL::timestamptz") is None


def test_the_fast_reader_is_in_use():
    asked("1")
    assert connection.connection.adapters.get_loader(1184, 0) is TimestampLoader


@pytest.mark.parametrize("literal", ["infinity", "-infinity", "0044-03-15 BC"])
def test_what_is_no_moment_is_refused_as_before(literal):
    with pytest.raises(DataError):
        asked(f"timestamptz '{literal}'")
