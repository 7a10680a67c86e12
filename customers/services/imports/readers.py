"""The way from this service to the readers of file formats, which stand above it.

A reader is an interface: services must not import it. The app's configuration hands it in at the start.
"""

from collections.abc import Callable
from pathlib import Path

from customers.logic.imports.source import Source

Opener = Callable[[Path], Source]

_openers: list[Opener] = []


def use(opener: Opener) -> None:
    """Have all imports open their files with this."""
    _openers[:] = [opener]


def open_file(path: Path) -> Source:
    """Open a file with the reader its content needs.

    raises: UnusableFile, with words for the person who imports
    """
    return _openers[0](path)
