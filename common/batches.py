"""A long list, a part at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_batches(rows: Sequence[T], *, size: int) -> Iterator[list[T]]:
    """Yield the rows in their order, `size` at a time; the last batch may be shorter, none is empty."""
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])
