"""Rows on their way from files to tables, in temporary tables of this connection.

There they can be sorted by natural key, whatever the order of files and lines, without being held in memory;
nobody else sees them, they cost no write-ahead log, and they vanish with the connection.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Self, TypeVar

import orjson
from django.db import connection

from customers.logic.imports.fields import Part
from customers.logic.imports.rows import CustomerRow, Placed, VehicleRow, VisitRow
from customers.services.imports.ahead import prepared_ahead

StagedRow = CustomerRow | VehicleRow | VisitRow
_Ready = TypeVar("_Ready")
# As it lies in the table: file, line, payload.
_Packed = tuple[int, int, str]

_ROW_OF_PART: dict[Part, type[StagedRow]] = {
    Part.CUSTOMER: CustomerRow,
    Part.VEHICLE: VehicleRow,
    Part.VISIT: VisitRow,
}
_NUMBER_OF_PART = {Part.CUSTOMER: 1, Part.VEHICLE: 2, Part.VISIT: 3}
_DATES = {
    part: [index for index, name in enumerate(row._fields) if name.endswith("_on")]
    for part, row in _ROW_OF_PART.items()
}
# What COPY's text format gives a meaning to.
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_BUFFER = 10_000
_PAGE = 5_000
# Files of all-in-one rows repeat a customer and vehicle in each line of a repair order; what was staged just
# before need not be staged again.
_REMEMBERED = 20_000
# Rows of one repair order that stand together are staged as one, up to so many.
_ROWS_TOGETHER = 100

_CREATE = """
CREATE TEMPORARY TABLE import_stage (
    part smallint NOT NULL, key text COLLATE "C" NOT NULL, sort integer NOT NULL,
    file integer NOT NULL, line integer NOT NULL, number integer NOT NULL, payload text NOT NULL
);
CREATE TEMPORARY TABLE import_touched (
    vehicle_id bigint PRIMARY KEY, stated_customer_id bigint, stated_on date
);
CREATE TEMPORARY TABLE import_touched_customer (customer_id bigint PRIMARY KEY)
"""


class Stage:
    """The staging tables of one run."""

    def __init__(self) -> None:
        self._buffer: list[str] = []
        self._number = 0
        self._recent: dict[tuple[Part, str], int] = {}
        self._order: tuple[str, int] = ("", 0)
        self._order_rows: list[tuple[int, tuple[Any, ...]]] = []

    def __enter__(self) -> Self:
        self.drop()
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)
            # A crash of PostgreSQL may cost the last batches, which a repeat brings in. The import is only called
            # done by a commit after this, which is waited for, and with it all before.
            cursor.execute("SET synchronous_commit = off")
        return self

    def __exit__(self, *_: object) -> None:
        if (
            connection.connection is not None
            and not connection.connection.broken
            and not connection.needs_rollback
        ):
            self.drop()

    def drop(self) -> None:
        """Remove the tables, also those an earlier run on this connection left behind."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS import_stage, import_touched, import_touched_customer")
            cursor.execute("RESET synchronous_commit")

    def put(
        self,
        part: Part,
        key: str,
        row: StagedRow,
        *,
        file: int,
        line: int,
        sort: date | None = None,
    ) -> None:
        """Stage a customer or vehicle under its natural key. `sort` orders the rows of a key before file and line do."""
        payload = _packed(tuple(row))
        if not self._was_just_staged(part, key, payload):
            self._add(part, key, payload, place=(sort.toordinal() if sort else 0, file, line))

    def put_visit(self, row: VisitRow, *, file: int, line: int) -> None:
        """Stage a row of a repair order; it joins the row before where that is of the same."""
        if self._order != (row.ro_number, file) or len(self._order_rows) >= _ROWS_TOGETHER:
            self._close_order()
            self._order = (row.ro_number, file)
        self._order_rows.append((line, tuple(row)))

    def flush(self) -> None:
        """Write what was put to the table."""
        self._close_order()
        self._write()

    def finish(self) -> None:
        """Make the staged rows ready to be read in the order of their keys."""
        self.flush()
        self._recent.clear()
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX ON import_stage (part, key, sort, file, line, number)")
            cursor.execute("ANALYZE import_stage")

    def count(self, part: Part) -> int:
        """Return how many rows of a part are staged; of repair orders rather than of their rows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM import_stage WHERE part = %s", [_NUMBER_OF_PART[part]])
            return int(cursor.fetchone()[0])

    def batches(
        self, part: Part, *, size: int, prepare: Callable[[list[Placed]], _Ready]
    ) -> Iterator[list[_Ready]]:
        """Yield what `prepare` makes of the rows of each key, `size` keys at a time, in the order of keys.

        It is called in a thread, a batch ahead of the caller: see prepared_ahead.
        """
        return prepared_ahead(
            self._packed_batches(part, size=size),
            lambda batch: [prepare(_unpacked(part, rows)) for rows in batch],
        )

    def touch_vehicles(self, vehicle_ids: Sequence[int]) -> None:
        """Remember vehicles whose ownership, flags and forecasts must be looked at when all rows are in."""
        self._remember("import_touched (vehicle_id)", [vehicle_ids])

    def state_owners(self, rows: Sequence[tuple[int, int, date]]) -> None:
        """Remember whose vehicles are by a vehicle file: vehicle, customer, since when."""
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO import_touched SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) "
                    "ON CONFLICT (vehicle_id) DO UPDATE SET stated_customer_id = excluded.stated_customer_id, "
                    "stated_on = excluded.stated_on",
                    [list(column) for column in zip(*rows, strict=True)],
                )

    def touch_customers(self, customer_ids: Sequence[int]) -> None:
        """Remember customers whose flags and search words must be looked at when all rows are in."""
        self._remember("import_touched_customer (customer_id)", [customer_ids])

    def touched_vehicles(self, *, size: int) -> Iterator[dict[int, tuple[int | None, date | None]]]:
        """Yield the touched vehicles in chunks, with the stated owner and since when."""
        after = 0
        while rows := self._page(
            "SELECT vehicle_id, stated_customer_id, stated_on FROM import_touched WHERE vehicle_id > %s ORDER BY 1 LIMIT %s",
            after,
            size,
        ):
            yield {vehicle: (customer, on) for vehicle, customer, on in rows}
            after = rows[-1][0]

    def touched_customers(self, *, size: int) -> Iterator[list[int]]:
        """Yield the touched customers in chunks."""
        after = 0
        while rows := self._page(
            "SELECT customer_id FROM import_touched_customer WHERE customer_id > %s ORDER BY 1 LIMIT %s",
            after,
            size,
        ):
            yield [row[0] for row in rows]
            after = rows[-1][0]

    def _packed_batches(self, part: Part, *, size: int) -> Iterator[list[list[_Packed]]]:
        batch: list[list[_Packed]] = []
        for _, rows in groupby(self._rows(part), key=lambda staged: staged[0]):
            batch.append([packed for _, packed in rows])
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch

    def _rows(self, part: Part) -> Iterator[tuple[str, _Packed]]:
        """Yield all rows of a part in order, a page at a time: no cursor stays open over the batches' commits."""
        last: tuple[Any, ...] = ("", -1, -1, -1, -1)
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT key, sort, file, line, number, payload FROM import_stage WHERE part = %s "
                    "AND (key, sort, file, line, number) > (%s, %s, %s, %s, %s) "
                    "ORDER BY key, sort, file, line, number LIMIT %s",
                    [_NUMBER_OF_PART[part], *last, _PAGE],
                )
                page = cursor.fetchall()
            for key, _, file, line, _, payload in page:
                yield key, (file, line, payload)
            if len(page) < _PAGE:
                return
            last = page[-1][:5]

    def _page(self, query: str, after: int, size: int) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, [after, size])
            return list(cursor.fetchall())

    def _remember(self, target: str, columns: Sequence[Sequence[int]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {target} SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [list(columns[0])]
            )

    def _close_order(self) -> None:
        if self._order_rows:
            key, file = self._order
            self._add(Part.VISIT, key, _packed(self._order_rows), place=(0, file, self._order_rows[0][0]))
            self._order_rows = []

    def _add(self, part: Part, key: str, payload: str, *, place: tuple[int, int, int]) -> None:
        self._number += 1
        sort, file, line = place
        self._buffer.append(
            f"{_NUMBER_OF_PART[part]}\t{key.translate(_ESCAPED)}\t{sort}\t{file}\t{line}\t{self._number}\t"
            + payload.replace("\\", r"\\")
            + "\n"
        )
        if len(self._buffer) >= _BUFFER:
            self._write()

    def _write(self) -> None:
        with connection.cursor() as cursor, cursor.copy("COPY import_stage FROM STDIN") as copy:
            copy.write("".join(self._buffer))
        self._buffer.clear()

    def _was_just_staged(self, part: Part, key: str, payload: str) -> bool:
        mark = hash(payload)
        if self._recent.get((part, key)) == mark:
            return True
        if len(self._recent) >= _REMEMBERED:
            self._recent.clear()
        self._recent[part, key] = mark
        return False


def _packed(value: object) -> str:
    return orjson.dumps(value).decode()


def _unpacked(part: Part, rows: list[_Packed]) -> list[Placed]:
    if part is Part.VISIT:
        return [
            Placed(file, line, _row(part, values))
            for file, _, payload in rows
            for line, values in orjson.loads(payload)
        ]
    return [Placed(file, line, _row(part, orjson.loads(payload))) for file, line, payload in rows]


def _row(part: Part, values: list[Any]) -> StagedRow:
    for index in _DATES[part]:
        if values[index]:
            values[index] = date.fromisoformat(values[index])
    return _ROW_OF_PART[part](*values)
