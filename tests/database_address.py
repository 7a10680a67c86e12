"""How another process reaches the database of the running test."""

from urllib.parse import quote, urlencode

from django.db import connection


def database_url() -> str:
    """Return the test's own database as DATABASE_URL, also where it is the embedded one behind a socket."""
    database = connection.settings_dict
    host, port = database["HOST"] or "127.0.0.1", database["PORT"] or "5432"
    user = quote(database["USER"], safe="")
    if host.startswith("/"):
        return f"postgres://{user}@/{database['NAME']}?{urlencode({'host': host, 'port': port})}"
    password = quote(database["PASSWORD"], safe="")
    return f"postgres://{user}:{password}@{host}:{port}/{database['NAME']}"
