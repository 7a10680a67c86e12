"""The embedded server as Django's settings name it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anticipate.embedded.layout import Layout

ROLE = "anticipate"
DATABASE = "anticipate"
PORT = "5432"  # only part of the socket's name: nothing listens on the network


def embedded_database(var_dir: Path, *, is_durable: bool) -> dict[str, Any]:
    """Return the entry of DATABASES; nothing is started before the first connection."""
    return {
        "ENGINE": "anticipate.embedded.backend",
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(Layout.under(var_dir).socket_dir),
        "PORT": PORT,
        "EMBEDDED": {"var_dir": var_dir, "is_durable": is_durable},
    }
