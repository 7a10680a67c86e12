"""Preparing the next batch while PostgreSQL works on this one."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Raw = TypeVar("_Raw")
_Ready = TypeVar("_Ready")


def prepared_ahead(raws: Iterable[_Raw], prepare: Callable[[_Raw], _Ready]) -> Iterator[_Ready]:
    """Yield what `prepare` makes of each, in order, one of them ahead of the caller in a thread of its own.

    Python works there while the caller waits for the database. `prepare` must be pure: the thread has no connection,
    no tenant's scope, and shares nothing. Two are held at a time. What it raises is raised here, in its turn.
    """
    ahead: Future[_Ready] | None = None
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import-ahead") as thread:
        for raw in raws:
            following = thread.submit(prepare, raw)
            if ahead is not None:
                yield ahead.result()
            ahead = following
        if ahead is not None:
            yield ahead.result()
