"""Several rows about one customer or vehicle put together: the newest rules, what it leaves empty an older one says."""

from collections.abc import Sequence

from customers.logic.imports.rows import CustomerRow, VehicleRow


def merge_customers(rows: Sequence[CustomerRow]) -> CustomerRow:
    """Return one customer out of rows given oldest first; contacts and refusals of all rows count, the newest first.

    A refusal is never outlived by a later row without it: that is a person's to take back, not a file's.
    """
    newest = rows[-1]
    if len(rows) == 1:
        return newest
    with_address = next((row for row in reversed(rows) if row.street), newest)
    return newest._replace(
        language=next((row.language for row in reversed(rows) if row.language), ""),
        household_key=with_address.household_key,
        phones=_union([row.phones for row in reversed(rows)]),
        emails=_union([row.emails for row in reversed(rows)]),
        street=with_address.street,
        city=with_address.city,
        region=with_address.region,
        postal_code=with_address.postal_code,
        country=with_address.country,
        refusals=list(
            dict.fromkeys((channel, column, value) for row in rows for channel, column, value in row.refusals)
        ),
    )


def merge_vehicles(rows: Sequence[VehicleRow]) -> VehicleRow:
    """Return one vehicle out of rows given oldest first; a stated owner goes before one who only brought the car."""
    merged = rows[-1]
    for row in reversed(rows[:-1]):
        empty = {name: value for name, value in row._asdict().items() if not getattr(merged, name) and value}
        merged = merged._replace(**empty) if empty else merged
    stated = [row for row in rows if row.is_owner_stated]
    if stated:
        merged = merged._replace(
            customer_key=stated[-1].customer_key,
            owned_since_on=stated[-1].owned_since_on,
            is_owner_stated=True,
        )
    return merged


def _union(lists: Sequence[list[str]]) -> list[str]:
    return list(dict.fromkeys(value for values in lists for value in values))
