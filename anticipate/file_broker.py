"""The broker for one machine without Redis: kombu's file transport with its four gaps closed.

The original lets a reader take a message that is still being written, moves taken messages through /tmp
(a copy, not a rename, where that is another disk), empties a binding table before it
locks it, and remembers bindings per process where they belong to a folder.

source: docs/decisions/0002-file-broker.md
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

SCHEME = "files"
SUFFIX = ".msg"
PARTIAL_SUFFIX = ".partial"


class Channel(filesystem.Channel):
    """A folder of files, one a message, oldest first by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self._queue_folder, self.control_folder):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def _queue_folder(self) -> Path:
        return Path(self.data_folder_in)

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:  # type: ignore[override]  # kombu disagrees with itself
        name = f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}{SUFFIX}"
        partial = self._queue_folder / (name + PARTIAL_SUFFIX)
        partial.write_text(dumps(payload))
        partial.rename(self._queue_folder / name)  # whole or not there

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002 -- kombu's signature
        """Take the oldest message, or raise Empty; of several takers the one whose rename works has it."""
        ending = f".{queue}{SUFFIX}"
        for waiting in sorted(self._queue_folder.glob(f"*{ending}")):
            taken = waiting.with_name(f"{waiting.name}.taken-{os.getpid()}")
            try:
                waiting.rename(taken)
            except FileNotFoundError:
                continue
            text = taken.read_text()
            taken.unlink()
            message: dict[str, Any] = loads(text)
            return message
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        with self._alone():
            table: list[Any] = super().get_table(exchange)
            return table

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._alone():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self.control_folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # kombu keeps one memory of what is bound for all folders of a process; a second folder, or one made anew,
        # would then have no binding on disk and lose what is put into it.
        self.state = virtual.BrokerState()


def register() -> None:
    """Make `files://` known to kombu."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
