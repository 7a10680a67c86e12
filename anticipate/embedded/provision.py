"""The role and the database inside the embedded server."""

from __future__ import annotations

import psycopg
from psycopg import sql

from anticipate.embedded.database import DATABASE, PORT, ROLE
from anticipate.embedded.layout import Layout
from anticipate.embedded.postmaster import SUPERUSER

# Row-level security binds neither superusers nor BYPASSRLS roles; CREATEDB is for the test database.
ATTRIBUTES = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION CREATEDB")


def ensure_role_and_database(layout: Layout) -> None:
    """Make the role that owns the data, and its database, or correct the role when it gained too much."""
    with psycopg.connect(
        host=str(layout.socket_dir), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(sql.SQL("{} ROLE {} {}").format(verb, role, ATTRIBUTES))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
