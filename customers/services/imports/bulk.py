"""Many rows in one statement: arrays go in, ids come out.

The ORM's bulk_create costs several times as much per row, and COPY is refused on tables under row-level security
(PostgreSQL: "COPY FROM not supported with row-level security").
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg import Cursor, sql

from common.tenancy import current_dealership

Row = tuple[Any, ...]


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    constants: Mapping[str, Any] | None = None,
    returning: Sequence[str] = ("id",),
) -> list[Row]:
    """Insert rows of the dealership in scope and return the wanted columns of those that were new.

    A row whose natural key exists is left out, silently: callers look first, so that happens only where
    somebody else was faster. Columns given nowhere get their field's default.

    shapes: columns are attribute names ("vehicle_id"); rows in their order; constants are the same for all
    """
    if not rows:
        return []
    fixed = {"dealership_id": current_dealership().pk, **(constants or {})}
    fixed |= {name: default for name, default in _defaults(model).items() if name not in {*fixed, *columns}}
    fields = {field.attname: field for field in model._meta.concrete_fields}
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS given ({given}) "
        "ON CONFLICT DO NOTHING RETURNING {returning}"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        names=_names([fields[name].column or "" for name in (*fixed, *columns)]),
        values=sql.SQL(", ").join(
            [*(sql.Placeholder() for _ in fixed), *(_given(fields[name]) for name in columns)]
        ),
        arrays=sql.SQL(", ").join(_array(fields[name]) for name in columns),
        given=_names([fields[name].column or "" for name in columns]),
        returning=_names([fields[name].column or "" for name in returning]),
    )
    constants_in = [_plain(fields[name], value) for name, value in fixed.items()]
    return _execute(statement, [*constants_in, *_arrays(fields, columns, rows)])


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> int:
    """Set the columns of rows of the dealership in scope; each row begins with its id. Returns how many were."""
    if not rows:
        return 0
    fields = {field.attname: field for field in model._meta.concrete_fields}
    statement = sql.SQL(
        "UPDATE {table} AS target SET {assignments} FROM unnest({arrays}) AS given ({given}) "
        "WHERE target.dealership_id = {dealership} AND target.id = given.id RETURNING target.id"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        assignments=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(fields[name].column or ""), _given(fields[name]))
            for name in columns
        ),
        arrays=sql.SQL(", ").join(_array(fields[name]) for name in ("id", *columns)),
        given=_names([fields[name].column or "" for name in ("id", *columns)]),
        dealership=sql.Placeholder(),
    )
    return len(_execute(statement, [*_arrays(fields, ("id", *columns), rows), current_dealership().pk]))


def find(
    model: type[models.Model], key: str, values: Collection[Any], columns: Sequence[str]
) -> dict[Any, Row]:
    """Return the rows of the dealership in scope whose `key` is one of the values: key -> the wanted columns.

    What `filter(key__in=values)` does, with one array in place of thousands of parameters.
    """
    if not values:
        return {}
    fields = {field.attname: field for field in model._meta.concrete_fields}
    statement = sql.SQL(
        "SELECT {key}, {columns} FROM {table} WHERE dealership_id = {dealership} AND {key} = ANY({array})"
    ).format(
        key=sql.Identifier(fields[key].column or ""),
        columns=_names([fields[name].column or "" for name in columns]),
        table=sql.Identifier(model._meta.db_table),
        dealership=sql.Placeholder(),
        array=_array(fields[key]),
    )
    found = _execute(statement, [current_dealership().pk, _array_text(fields[key], list(values))])
    return {row[0]: row[1:] for row in found}


def _execute(statement: sql.Composed, parameters: list[Any]) -> list[Row]:
    # A cursor of psycopg's own, which sends arrays beside the statement: Django's writes them into its text.
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if not field.primary_key and (field.has_default() or field.null or field.empty_strings_allowed)
    }


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)


def _array(field: "models.Field[Any, Any]") -> sql.Composed:
    """Return the placeholder of one column's array; text without its length, so that a long value fails loudly."""
    return sql.SQL("{}::{}[]").format(sql.Placeholder(), sql.SQL(_type(field)))


def _given(field: "models.Field[Any, Any]") -> sql.Composed:
    column = sql.Identifier("given", field.column or "")
    return sql.SQL("{}::jsonb").format(column) if _is_json(field) else sql.SQL("{}").format(column)


def _type(field: "models.Field[Any, Any]") -> str:
    kind = (
        field.rel_db_type(connection) if field.is_relation or field.primary_key else field.db_type(connection)
    )
    kind = kind or "text"
    return "text" if _is_json(field) or kind.startswith("varchar") else kind


def _is_json(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.JSONField)


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    return json.dumps(value, default=str) if _is_json(field) else value


def _arrays(
    fields: Mapping[str, "models.Field[Any, Any]"], columns: Sequence[str], rows: Sequence[Row]
) -> list[str]:
    """Return each column as PostgreSQL writes an array. psycopg would look at each value twice to find its type."""
    return [
        _array_text(fields[name], values)
        for name, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]


def _array_text(field: "models.Field[Any, Any]", values: Sequence[Any]) -> str:
    if _is_json(field):
        values = [json.dumps(value, default=str) for value in values]
    if None in values:
        return "{" + ",".join(["NULL" if value is None else _quoted(str(value)) for value in values]) + "}"
    texts = [str(value) for value in values]
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        return "{" + ",".join([_quoted(text) for text in texts]) + "}"
    return '{"' + joined + '"}' if texts else "{}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
