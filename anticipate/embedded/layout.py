"""The files of one embedded server, all derived from VAR_DIR so that every process finds the same ones."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

SOCKET_NAME = ".s.PGSQL.5432"
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_MAX_BYTES = 103


@dataclass(frozen=True)
class Layout:
    """Paths of the server whose home is `var_dir/postgres`."""

    home: Path

    @classmethod
    def under(cls, var_dir: Path) -> Layout:
        """Return the layout of the server under `var_dir` (which need not exist yet)."""
        return cls(home=var_dir.resolve() / "postgres")

    @property
    def data_dir(self) -> Path:
        return self.home / "data"

    @property
    def log_file(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def start_lock(self) -> Path:
        return self.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.home / "users.lock"

    @property
    def socket_dir(self) -> Path:
        """Return the folder of the unix socket, outside VAR_DIR when a socket could not be opened there.

        Two things forbid the place beside the data: a path longer than a socket address holds, and a
        comma, which libpq reads as the end of one host name.
        """
        beside = self.home / "run"
        is_short = len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES
        if is_short and "," not in str(beside):
            return beside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        # Not tempfile.gettempdir(): it follows TMPDIR, which two processes may see differently.
        return Path("/tmp") / f"anticipate-{digest}"  # noqa: S108 -- made 0700, its owner checked (owner.py)
