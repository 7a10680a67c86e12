"""What .ci/run needs of the machine's PostgreSQL and Redis, where they run.

    python tools/ci_services.py create   a role and a database of our own; prints the settings, and why not after a #
    python tools/ci_services.py drop     takes the database away again

CI_POSTGRES_URL may name a superuser's connection, CI_REDIS_URL a Redis database that may be emptied.
"""

from __future__ import annotations

import os
import secrets
import sys
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql

ROLE = "anticipate_ci"
DATABASE = "anticipate_ci"
POSTGRES = os.environ.get("CI_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
# The last of Redis' sixteen usual databases: the tests empty it.
REDIS = os.environ.get("CI_REDIS_URL", "redis://127.0.0.1:6379/15")
CONNECT_SECONDS = 3


def create() -> None:
    """Print the settings for the tests, one line for each service that answers."""
    try:
        print(f"DATABASE_URL={make_database()}")
    except psycopg.Error as error:
        print(f"# PostgreSQL: {str(error).strip().splitlines()[0]}")
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=CONNECT_SECONDS).ping()
    except redis.RedisError as error:
        print(f"# Redis: {error}")
    else:
        print(f"REDIS_URL={REDIS}")


def make_database() -> str:
    """Return the address of an empty database owned by a role that row-level security binds."""
    password = secrets.token_hex(16)
    drop()
    with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
        role = sql.Identifier(ROLE)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB PASSWORD {}").format(
                sql.SQL("ALTER" if known else "CREATE"), role, sql.Literal(password)
            )
        )
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role))
        host, port = quote(connection.info.host, safe=""), connection.info.port
    return f"postgres://{ROLE}:{password}@{host}:{port}/{DATABASE}"


def drop() -> None:
    """Take the database away; the role stays, it owns nothing."""
    with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
        )


if __name__ == "__main__":
    {"create": create, "drop": drop}[sys.argv[1]]()
