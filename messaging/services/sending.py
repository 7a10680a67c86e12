"""The sender: one async loop that claims, hands over with pooled connections, and records, all at the same time.

Database work runs in two threads of its own (one claims, one records), so that it overlaps the network. Whatever
kills the process, the ledger tells the truth: a message is `sending` from before its request could leave until its
outcome is written, and one that stays so is reconciled, never repeated by guess.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import structlog
import uvloop
from django.db import InterfaceError, OperationalError, connections

from common.doorbell import ring
from common.http import HttpClient
from messaging.enums import AttemptOutcome
from messaging.logic.outcomes import Outcome, Try, put_back, told_to_stop
from messaging.services.claiming import BATCH, Claim, Claimed, claim_batch
from messaging.services.handover import Lane, as_try, hand_over
from messaging.services.lanes import open_lanes
from messaging.services.patience import patiently
from messaging.services.recording import record
from messaging.services.slots import sender_slot
from messaging.services.stops import still_wanted

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

IN_HAND = 2000  # claimed and not yet recorded: keeps every connection busy while the next batch is claimed
RECORD_AT = 250  # outcomes that make a batch worth writing
RECORD_SECONDS = 0.2  # or the time after which a smaller one is written: a batch costs as much as 30 rows
STALE_SECONDS = 0.5  # a claim older than this is looked at once more before its request leaves
LOOK_SECONDS = 0.01  # such looks are gathered for so long into one query
CLAIM_SECONDS = 300.0  # a claim this old is not used: the sweep gives it up at ten minutes
RUN_SECONDS = 50.0  # one run; the doorbell or the next minute's sweep starts another
CONTENTION_PAUSE = 0.02
LANE_PAUSE = timedelta(seconds=60)


@dataclass(slots=True)
class Report:
    """What one run did."""

    accepted: int = 0
    not_accepted: int = 0
    put_back: int = 0
    held: int = 0
    is_cut_short: bool = False  # time was up: there may be more to do


def drain(*, now: Callable[[], datetime], run_seconds: float = RUN_SECONDS) -> Report:
    """Hand over everything that may go now, of all dealerships; return when nothing is left or time is up.

    Any number of processes may do so at once; all but a few return at once. Never raises for a provider. A database
    that stays away for longer than a minute ends the run with its error.
    """
    total = Report()
    while True:
        with sender_slot() as slot:
            if slot is None:
                return total
            report = _run(_Sender(now=now, run_seconds=run_seconds, may_call_others=slot == 0))
        for name in ("accepted", "not_accepted", "put_back", "held"):
            setattr(total, name, getattr(total, name) + getattr(report, name))
        total.is_cut_short = report.is_cut_short
        # Someone may have rung while the slot was still taken by us: look again before leaving.
        if report.is_cut_short or not (report.accepted or report.not_accepted or report.held):
            return total


def _run(sender: _Sender) -> Report:
    """Under uvloop, which needs a third less processor time a request than asyncio's own loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(sender.run())


@dataclass(slots=True)
class _Sender:
    now: Callable[[], datetime]
    run_seconds: float
    may_call_others: bool = False
    report: Report = field(default_factory=Report)
    lanes: dict[int, Lane] = field(default_factory=dict)
    outcomes: deque[Outcome] = field(default_factory=deque)
    looks: dict[int, asyncio.Future[bool | None]] = field(default_factory=dict)
    claimed: int = 0
    recorded: int = 0
    after_dealership_id: int = 0
    is_claiming: bool = True
    room: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    workers: set[asyncio.Task[None]] = field(default_factory=set)
    claimer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "claimer"))
    recorder: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "recorder"))
    base: tuple[datetime, float] | None = None

    async def run(self) -> Report:
        try:
            async with HttpClient() as client, asyncio.TaskGroup() as group:
                group.create_task(self._record_all())
                await self._claim_all(client)
                self.is_claiming = False
                self.news.set()
        finally:
            for pool in (self.claimer, self.recorder):
                pool.submit(connections.close_all).result()
                pool.shutdown()
        return self.report

    async def _claim_all(self, client: HttpClient) -> None:
        deadline = time.monotonic() + self.run_seconds
        while time.monotonic() < deadline:
            self.room.clear()  # before looking: room that comes up meanwhile must not be overlooked
            limit = min(BATCH, IN_HAND - (self.claimed - self.recorded))
            if limit < BATCH and self.claimed > self.recorded:
                await self.room.wait()
                continue
            claim = await self._claim(limit)
            for account_id in {message.account_id for message in claim.messages}:
                self._fill(self.lanes[account_id], client)
            if claim.is_contended:
                await asyncio.sleep(CONTENTION_PAUSE)
            elif not claim.found_any and self.claimed == self.recorded:
                return
            elif not claim.found_any:
                await self.room.wait()
        self.report.is_cut_short = True

    async def _claim(self, limit: int) -> Claim:
        started = time.time()
        self.base = (self.now(), time.monotonic())
        full = [account_id for account_id, lane in self.lanes.items() if lane.is_full or lane.is_paused]
        claim = await self._in(
            self.claimer, _claim_and_open, limit, self.after_dealership_id, full, self.lanes, self.base[0]
        )
        self.after_dealership_id = claim.last_dealership_id
        self.report.held += claim.held
        self.claimed += len(claim.messages)
        for message in claim.messages:
            self.lanes[message.account_id].add(message, started)
        if self.may_call_others and len(claim.messages) == BATCH:
            self.may_call_others = False
            await self._in(self.claimer, ring, "messaging.send")  # much to do: whoever is free may help
        return claim

    def _fill(self, lane: Lane, client: HttpClient) -> None:
        for _ in range(lane.places):
            lane.active += 1
            worker = asyncio.create_task(self._work(lane, client))
            self.workers.add(worker)
            worker.add_done_callback(self.workers.discard)

    async def _work(self, lane: Lane, client: HttpClient) -> None:
        while (taken := lane.take()) is not None:
            if lane.has_just_got_room:
                self.room.set()
            outcome = await self._one(*taken, lane, client)
            lane.learn(outcome)
            self._fill(
                lane, client
            )  # the first answers of a slow provider tell that more calls at once are needed
            self.outcomes.append(outcome)
            self.news.set()
            # Nothing to wait for: a batch is full, or these were the last in hand.
            if len(self.outcomes) >= RECORD_AT or self.recorded + len(self.outcomes) == self.claimed:
                self.enough.set()
        lane.active -= 1

    async def _one(self, message: Claimed, claimed_at: float, lane: Lane, client: HttpClient) -> Outcome:
        """By the wall clock, which goes on while a machine sleeps: a claim from before must not be used."""
        age = time.time() - claimed_at
        if age > CLAIM_SECONDS or lane.is_paused:
            wait = LANE_PAUSE if lane.is_paused else timedelta()
            return put_back(self._try(message), at=self._moment() + wait)
        wanted = await self._look(message.id) if age > STALE_SECONDS else True
        if wanted is None:  # nobody could be asked: neither sent nor given up
            return put_back(self._try(message), at=self._moment())
        if not wanted:
            return told_to_stop(self._try(message))
        return await hand_over(message, lane, client=client, moment=self._moment)

    def _try(self, message: Claimed) -> Try:
        moment = self._moment()
        return as_try(message, started=moment, finished=moment)

    def _moment(self) -> datetime:
        """The given clock, read once a claim and carried on from there (it may be slow to read)."""
        base, at = self.base or (self.now(), time.monotonic())
        return base + timedelta(seconds=time.monotonic() - at)

    async def _look(self, message_id: int) -> bool | None:
        if not self.looks:
            asyncio.get_running_loop().call_later(LOOK_SECONDS, self._start_look)
        future: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        self.looks[message_id] = future
        return await future

    def _start_look(self) -> None:
        looks, self.looks = self.looks, {}
        task = asyncio.create_task(self._answer_looks(looks))
        self.workers.add(task)
        task.add_done_callback(self.workers.discard)

    async def _answer_looks(self, looks: dict[int, asyncio.Future[bool | None]]) -> None:
        try:
            wanted: frozenset[int] | None = await self._in(self.claimer, still_wanted, list(looks))
        except (OperationalError, InterfaceError):
            wanted = None  # the database is away for longer than we wait for it
        for message_id, future in looks.items():
            future.set_result(None if wanted is None else message_id in wanted)

    async def _record_all(self) -> None:
        while self.is_claiming or self.claimed > self.recorded:
            await self.news.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.enough.wait(), RECORD_SECONDS if self.outcomes else 0)
            self.news.clear()
            self.enough.clear()
            batch, self.outcomes = list(self.outcomes), deque()
            if batch:
                await self._in(self.recorder, _record_or_isolate, batch, self._moment())
                self.recorded += len(batch)
                self._count(batch)
            self.room.set()

    def _count(self, batch: list[Outcome]) -> None:
        tried = [outcome for outcome in batch if outcome.attempt]
        accepted = sum(outcome.attempt == AttemptOutcome.ACCEPTED for outcome in tried)
        self.report.accepted += accepted
        self.report.not_accepted += len(tried) - accepted
        self.report.put_back += len(batch) - len(tried)

    async def _in(
        self, pool: ThreadPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            pool, lambda: patiently(function, *args, **kwargs)
        )


def _claim_and_open(
    limit: int, after_dealership_id: int, full: list[int], lanes: dict[int, Lane], now: datetime
) -> Claim:
    claim = claim_batch(limit=limit, after_dealership_id=after_dealership_id, full_account_ids=full, now=now)
    wanted = {message.account_id for message in claim.messages}
    # What is in the old lane goes out by the credentials it was claimed with; what comes now by the new ones.
    if stale := {each for each in wanted if each not in lanes or lanes[each].seen != claim.accounts[each]}:
        lanes.update(open_lanes(stale))
    return claim


def _record_or_isolate(batch: list[Outcome], now: datetime) -> None:
    """Write a batch; if something in it cannot be written, write the others and leave that one to the sweep."""
    try:
        record(batch, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # whatever a receiver raised for one of them must not lose the others' outcomes
        log.exception("recording.batch_failed", size=len(batch))
        for outcome in batch:
            _record_alone(outcome, now)


def _record_alone(outcome: Outcome, now: datetime) -> None:
    try:
        record([outcome], now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # as above; it stays `sending`, becomes unconfirmed and is reconciled
        log.exception("recording.failed", message=outcome.tried.message_id)
