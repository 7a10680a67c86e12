"""What a reader of files gives to the import, whatever the file's format."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from customers.logic.imports.problems import Issue
from customers.logic.invisible import without_invisible


class UnusableFile(Exception):
    """The whole file cannot be imported; the message says why and what to do instead."""


class SourceRow(NamedTuple):
    """One row as written, but for what nobody sees: the line it begins on and its cells in the order of the headers."""

    line: int
    cells: tuple[str, ...]
    issues: tuple[Issue, ...] = ()


def visible_cells(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a row without invisible characters.

    Here, and not where a name is read: dates, numbers and addresses copied out of other programs carry them as well.
    """
    together = "".join(cells)
    if together.isascii() and together.isprintable():
        return cells
    return tuple([without_invisible(cell) for cell in cells])


class Source(Protocol):
    """A file that can be read from the start as often as needed, in constant memory."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Column names as written."""

    @property
    def fixed_mapping(self) -> dict[str, str] | None:
        """Column -> field where the format itself says so; None where names must be guessed and confirmed."""

    @property
    def format(self) -> str:
        """One of customers.enums.ImportFormat."""

    def rows(self) -> Iterator[SourceRow]:
        """All rows, from the start. A row that cannot be read comes with its issue and the cells there are."""
