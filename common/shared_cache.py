"""The cache all processes share: what is counted in one (wrong passwords, wrong links) must count in the others.

It holds nothing that cannot be lost. Where the store fails, nobody is kept from signing in or from stopping messages:
it then answers as if it were empty, and says so in the log.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

FAILURES = (RedisError, OSError)
_T = TypeVar("_T")


def _unless_it_fails(do: Callable[[], _T], *, otherwise: _T) -> _T:
    try:
        return do()
    except FAILURES as error:
        log.warning("cache_unavailable", error=type(error).__name__)
        return otherwise


class FailsOpen:
    """Makes a cache that fails look like an empty one that takes everything."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _unless_it_fails(
            lambda: super(FailsOpen, self).get(key, default, version),  # type: ignore[misc]
            otherwise=default,
        )

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return _unless_it_fails(
            lambda: bool(super(FailsOpen, self).add(key, value, *args, **kwargs)),  # type: ignore[misc]
            otherwise=True,
        )

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        _unless_it_fails(
            lambda: super(FailsOpen, self).set(key, value, *args, **kwargs),  # type: ignore[misc]
            otherwise=None,
        )

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return _unless_it_fails(
            lambda: int(super(FailsOpen, self).incr(key, delta, version)),  # type: ignore[misc]
            otherwise=delta,
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _unless_it_fails(
            lambda: bool(super(FailsOpen, self).delete(key, version)),  # type: ignore[misc]
            otherwise=False,
        )


class SharedRedis(FailsOpen, RedisCache):
    """For any number of hosts: the Redis that also is Celery's broker."""


class SharedFiles(FailsOpen, FileBasedCache):
    """For one host without Redis: files under VAR_DIR."""

    def _createdir(self) -> None:
        """Make the folder where that is possible; where it is not, each use of it fails open."""
        _unless_it_fails(lambda: super(SharedFiles, self)._createdir(), otherwise=None)  # type: ignore[misc]
