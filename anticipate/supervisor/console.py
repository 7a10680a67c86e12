"""What the person at the terminal sees: every line with the name of the part that printed it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

RESET = "\x1b[0m"
# cyan, green, yellow, magenta, blue, bright cyan: readable on dark and on light
COLOURS = ("\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[35m", "\x1b[34m", "\x1b[96m")


class Console:
    """Writes whole lines, prefixed; calls `on_closed` when nobody reads them any more."""

    def __init__(self, stream: TextIO, *, names: list[str]) -> None:
        self._stream = stream
        self._width = max(map(len, names), default=0)
        self._colours = dict(zip(names, COLOURS * len(names), strict=False)) if _wants_colour(stream) else {}
        self.is_closed = False
        self.on_closed: Callable[[], None] = lambda: None

    def line(self, name: str, text: str) -> None:
        """Write one line of the part `name`."""
        label = f"{name:<{self._width}} |"
        colour = self._colours.get(name)
        self.say(f"{colour}{label}{RESET} {text}" if colour else f"{label} {text}")

    def say(self, text: str) -> None:
        """Write text of the supervisor's own."""
        if self.is_closed:
            return
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (BrokenPipeError, OSError):  # the terminal is gone, or `make up | head` has seen enough
            self.is_closed = True
            self.on_closed()


def _wants_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
