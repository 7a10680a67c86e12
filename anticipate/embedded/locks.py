"""File locks that the kernel drops with their holder, so that none is ever stale."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anticipate.start_error import StartError

POLL_SECONDS = 0.05


def open_lock(path: Path) -> int:
    """Return a descriptor on the lock file, made when missing; it does not survive an exec."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StartError(
            f"Cannot write the lock file: {error.strerror}.",
            where=str(path),
            next_step="make this folder writable for the user who runs Anticipate, or set VAR_DIR to one that is",
        ) from error


def try_lock(descriptor: int, *, how: int) -> bool:
    """Take the lock (`fcntl.LOCK_EX` or `LOCK_SH`) if it is free; say whether it was."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold `path` alone while the block runs.

    raises: StartError when another process keeps it longer than `wait_seconds`
    """
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + wait_seconds
        while not try_lock(descriptor, how=fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise StartError(
                    f"Another process has been starting or stopping the embedded PostgreSQL for {wait_seconds:.0f} s.",
                    where=str(path),
                    next_step="look for a hanging manage.py or pytest and end it, then try again",
                )
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)
