"""Tells the product what became of its messages: signed, batched, late or doubled as told, tried again when refused."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import logging
import time
from collections import defaultdict
from typing import Any

import aiohttp

from common.batches import in_batches
from messaging.sandbox import keys

log = logging.getLogger(__name__)

TICK_SECONDS = 0.05
EVENTS_PER_CALL = 100
TRIES = 6  # then the event is lost, as with real providers
FIRST_RETRY_SECONDS = 1.0  # doubled on every further try

Due = tuple[float, int, str, int, dict[str, Any]]  # due at, order, account, tries so far, event


class Callbacks:
    """A heap of events by time, emptied by one task; delivery is best effort, like a real provider's."""

    def __init__(self, *, callback_base: str, master_secret: str) -> None:
        self._base = callback_base.rstrip("/")
        self._master_secret = master_secret
        self._due: list[Due] = []
        self._order = itertools.count()
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15))
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._session is not None:
            await self._session.close()

    def add(self, account: str, event: dict[str, Any], *, after: float, tries: int = 0) -> None:
        heapq.heappush(self._due, (time.monotonic() + after, next(self._order), account, tries, event))

    async def deliver_now(self, account: str, event: dict[str, Any]) -> int:
        """Deliver one event at once and say the HTTP status, 0 if nobody answered; it is tried again if not 2xx."""
        status = await self._post(account, [event])
        if not _is_taken(status):
            self.add(account, event, after=FIRST_RETRY_SECONDS, tries=1)
        return status

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await asyncio.gather(*(self._deliver(*each) for each in self._take_due()))

    def _take_due(self) -> list[tuple[str, list[tuple[int, dict[str, Any]]]]]:
        now, by_account = time.monotonic(), defaultdict(list)
        while self._due and self._due[0][0] <= now:
            _, _, account, tries, event = heapq.heappop(self._due)
            by_account[account].append((tries, event))
        return [
            (account, batch)
            for account, events in by_account.items()
            for batch in in_batches(events, size=EVENTS_PER_CALL)
        ]

    async def _deliver(self, account: str, events: list[tuple[int, dict[str, Any]]]) -> None:
        if _is_taken(await self._post(account, [event for _, event in events])):
            return
        for tries, event in events:
            if tries + 1 < TRIES:
                self.add(account, event, after=FIRST_RETRY_SECONDS * 2**tries, tries=tries + 1)

    async def _post(self, account: str, events: list[dict[str, Any]]) -> int:
        if self._session is None:
            raise RuntimeError("started first")
        body = json.dumps({"events": events}).encode()
        timestamp = str(int(time.time()))
        secret = keys.webhook_secret(self._master_secret, account)
        signature = keys.sign(secret, timestamp=timestamp, body=body)
        headers = {"Content-Type": "application/json", "Sandbox-Signature": f"t={timestamp},v1={signature}"}
        try:
            async with self._session.post(self._url(account), data=body, headers=headers) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("callback to %s failed: %s", account, type(error).__name__)
            return 0

    def _url(self, account: str) -> str:
        return f"{self._base}/hooks/sandbox/{account}/"


def _is_taken(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004 -- the 2xx range
