"""One embedded server shared by every process that wants it: the first starts it, the last stops it."""

from __future__ import annotations

import atexit
import fcntl
import os
import time

from anticipate.embedded import postmaster, provision
from anticipate.embedded.layout import Layout
from anticipate.embedded.locks import POLL_SECONDS, exclusive, open_lock, try_lock

# Longer than a first start (initdb) and a recovery after a crash together.
LOCK_WAIT_SECONDS = 200


class EmbeddedServer:
    """This process's share in the server of one VAR_DIR.

    Who uses the server holds a shared lock on `users.lock`. The kernel drops it however the process ends, so
    that a killed process neither keeps the server alive for ever nor takes it away from the others.
    """

    def __init__(self, layout: Layout, *, is_durable: bool) -> None:
        self.layout = layout
        self.is_durable = is_durable
        self._share: int | None = None
        self._joined_by_pid = 0

    @property
    def is_joined(self) -> bool:
        return self._share is not None

    def join(self) -> None:
        """Start the server if it does not run, and keep it running while this process lives.

        Cheap and harmless to call again; call it again after a lost connection, it restarts a crashed server.
        Forked children share their parent's part.

        raises: StartError
        """
        with exclusive(self.layout.start_lock, wait_seconds=LOCK_WAIT_SECONDS):
            if postmaster.ask(self.layout) is not postmaster.Answer.ACCEPTING:
                postmaster.start(self.layout, is_durable=self.is_durable)
                provision.ensure_role_and_database(self.layout)
            if self._share is None:
                self._share = open_lock(self.layout.users_lock)
                try_lock(self._share, how=fcntl.LOCK_SH)
                self._joined_by_pid = os.getpid()
                atexit.register(self.leave)

    def leave(self, *, patience: float = 0.0) -> None:
        """Give up this process's part; stops the server when nobody else holds one, or within `patience` seconds."""
        if self._share is None or self._joined_by_pid != os.getpid():
            return
        share, self._share = self._share, None
        os.close(share)
        self.stop_unused(patience=patience)

    def stop_unused(self, *, patience: float = 0.0) -> None:
        """Stop the server if it runs and no living process uses it; for what a killed process left behind.

        With `patience`, processes that are just ending are waited for so many seconds.
        """
        if not self.layout.home.exists():
            return
        deadline = time.monotonic() + patience
        while True:
            with exclusive(self.layout.start_lock, wait_seconds=LOCK_WAIT_SECONDS):
                if self._is_unused():
                    postmaster.stop(self.layout)
            if postmaster.postmaster_pid(self.layout.data_dir) is None or time.monotonic() >= deadline:
                return
            time.sleep(POLL_SECONDS)

    def _is_unused(self) -> bool:
        probe = open_lock(self.layout.users_lock)
        try:
            return try_lock(probe, how=fcntl.LOCK_EX)
        finally:
            os.close(probe)
