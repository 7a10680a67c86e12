"""What a reader of files gives to the import, whatever the file's format."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from customers.logic.imports.problems import Issue


class UnusableFile(Exception):
    """The whole file cannot be imported; the message says why and what to do instead."""


class SourceRow(NamedTuple):
    """One row as written: the line it begins on and its cells in the order of the headers."""

    line: int
    cells: tuple[str, ...]
    issues: tuple[Issue, ...] = ()


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
