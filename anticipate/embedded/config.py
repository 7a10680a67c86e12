"""The configuration file of the embedded server, written anew before every start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# Web, workers, beat and a few pytest processes, each with a small pool.
MAX_CONNECTIONS = 200

_ALWAYS: dict[str, str] = {
    "listen_addresses": "",  # the socket only: nobody on the network can reach it, and no port can be taken
    "unix_socket_permissions": "0700",
    "max_connections": str(MAX_CONNECTIONS),
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",  # queries here are short; compiling them costs more than it saves
    "random_page_cost": "1.1",  # laptops have SSDs
}
# A test database is thrown away: losing it in a power cut costs nothing, waiting for the disk costs minutes.
_THROWN_AWAY: dict[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def settings_for(socket_dir: Path, *, is_durable: bool) -> dict[str, str]:
    """Return the server's settings by name; `is_durable` False gives up crash safety for speed."""
    # Quoted inside: PostgreSQL reads a list here, and the folder may hold spaces.
    quoted = '"' + str(socket_dir).replace('"', '""') + '"'
    settings = {**_ALWAYS, "unix_socket_directories": quoted}
    return settings if is_durable else settings | _THROWN_AWAY


def as_file(settings: Mapping[str, str]) -> str:
    """Return the text of postgresql.conf."""
    head = "# Written by Anticipate before each start; changes here are lost.\n"
    return head + "".join(f"{name} = '{_escape(value)}'\n" for name, value in settings.items())


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
