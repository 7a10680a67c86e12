"""What a child prints, line by line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

CHUNK_BYTES = 65_536
# A part that prints without ever ending the line must not fill the memory.
LONGEST_LINE_BYTES = 65_536


class OutputPipe:
    """A pipe whose lines go to `show` as they come.

    Not asyncio's own: that one hides a child's death for as long as one of its own children keeps the pipe open.
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._cutter = LineCutter()
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        asyncio.get_running_loop().add_reader(self._read_end, self._read)

    def _read(self) -> bool:
        try:
            chunk = os.read(self._read_end, CHUNK_BYTES)
        except BlockingIOError:
            return False
        for line in self._cutter.feed(chunk):
            self._show(line)
        return bool(chunk)

    def close(self) -> None:
        """Show what is still in the pipe, then close it; the child has ended."""
        os.close(self.write_end)
        while self._read():
            pass
        for line in self._cutter.close():
            self._show(line)
        asyncio.get_running_loop().remove_reader(self._read_end)
        os.close(self._read_end)


class LineCutter:
    """Turns the chunks a pipe delivers into lines, whatever the bytes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes; an overlong one is cut."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        while len(self._rest) > LONGEST_LINE_BYTES:
            whole.append(self._rest[:LONGEST_LINE_BYTES])
            self._rest = self._rest[LONGEST_LINE_BYTES:]
        return [_decode(line) for line in whole]

    def close(self) -> list[str]:
        """Return what was left without a line end."""
        rest, self._rest = self._rest, b""
        return [_decode(rest)] if rest else []


def _decode(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").rstrip("\r")
