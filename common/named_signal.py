"""A signal whose receivers can be told one by one, so that what failed for one is repeated for that one only."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

from django.dispatch import Signal


class NamedSignal(Signal):
    """Each receiver is known by the `dispatch_uid` it was connected with, which outlives the process."""

    def names(self) -> list[str]:
        """Return the names of all receivers, in the order in which they were connected."""
        return [name for name, _ in self._connected()]

    def send_to(self, name: str, *, sender: object, **facts: Any) -> None:
        """Tell one receiver and let its error through; one that a release took away has nothing to be told."""
        for known, receiver in self._connected():
            if known == name:
                receiver(signal=self, sender=sender, **facts)

    def _connected(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        for key, held, *_ in list(self.receivers):
            receiver = held() if isinstance(held, weakref.ReferenceType) else held
            if receiver is not None:
                yield str(key[0]), receiver
