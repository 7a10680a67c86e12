"""Django's PostgreSQL backend, which starts the embedded server at the first connection.

Not in the settings: importing those must have no effect (mypy, collectstatic and `check` import them too).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base, client

from anticipate.embedded.binaries import bin_dir
from anticipate.embedded.layout import Layout
from anticipate.embedded.server import EmbeddedServer
from anticipate.start_error import StartError


@cache
def server_for(var_dir: Path, *, is_durable: bool) -> EmbeddedServer:
    """Return this process's one share in the server under `var_dir`."""
    return EmbeddedServer(Layout.under(var_dir), is_durable=is_durable)


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the wheel's psql: the machine may have none."""

    def runshell(self, parameters: Iterable[str]) -> None:
        """Start the server first, and keep it running while the shell is open."""
        self.connection.ensure_connection()
        super().runshell(parameters)

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: Any, parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Return Django's command line with the program's whole path in it."""
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(bin_dir() / arguments[0]), *arguments[1:]], environment


class DatabaseWrapper(base.DatabaseWrapper):
    """The PostgreSQL backend plus `DATABASES[...]["EMBEDDED"] = {"var_dir": ..., "is_durable": ...}`."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Join the server, then connect; once more when the server died since."""
        server = self._server()
        if not server.is_joined:
            server.join()
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            self._restart(server)
            return super().get_new_connection(conn_params)

    @staticmethod
    def _restart(server: EmbeddedServer) -> None:
        """Join again; a server that is slow to come back is a database that is away, not a failed start."""
        try:
            server.join()
        except StartError as error:
            raise psycopg.OperationalError(str(error)) from error

    def leave_server(self, *, patience: float = 0.0) -> None:
        """Give up this process's part in the server; the last one to do so stops it.

        With `patience`, others that are just ending are waited for so many seconds.
        """
        self._server().leave(patience=patience)

    def stop_unused_server(self) -> None:
        """Stop the server if no living process uses it."""
        self._server().stop_unused()

    def _server(self) -> EmbeddedServer:
        options = self.settings_dict["EMBEDDED"]
        return server_for(Path(options["var_dir"]), is_durable=options["is_durable"])
