"""The sandbox's own memory: SQLite, written in groups by one thread, so that an accepted message is on disk."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
USUAL_ROWS = 200
MOST_ROWS = 50_000

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, account TEXT, reference TEXT, channel TEXT,
    recipient TEXT, sender TEXT, accepted_at REAL, content TEXT);
CREATE INDEX IF NOT EXISTS messages_reference ON messages (account, reference);
CREATE INDEX IF NOT EXISTS messages_recipient ON messages (account, recipient, seq);
CREATE TABLE IF NOT EXISTS inbound (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, account TEXT, channel TEXT,
    sender TEXT, received_at REAL, content TEXT);
CREATE INDEX IF NOT EXISTS inbound_sender ON inbound (account, sender, seq);
CREATE TABLE IF NOT EXISTS behaviours (account TEXT PRIMARY KEY, content TEXT);
"""
ADD_MESSAGE = (
    "INSERT INTO messages (id, account, reference, channel, recipient, sender, accepted_at, content)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
ADD_INBOUND = (
    "INSERT INTO inbound (id, account, channel, sender, received_at, content) VALUES (?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message the sandbox accepted; `content` is what it was given, whole."""

    id: str
    account: str
    reference: str
    channel: str
    recipient: str
    sender: str
    accepted_at: float
    content: str  # JSON as it came

    def row(self) -> tuple[object, ...]:
        return (
            self.id,
            self.account,
            self.reference,
            self.channel,
            self.recipient,
            self.sender,
            self.accepted_at,
            self.content,
        )


class Store:
    """Writes of the same moment share one commit; reads use the same thread, so they see all that was answered."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox-store")
        self._pending: list[tuple[object, ...]] = []
        self._round: asyncio.Future[None] | None = None
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, message: Kept) -> None:
        """Return once the message is committed."""
        self._pending.append(message.row())
        if self._round is None:
            self._round = asyncio.get_running_loop().create_future()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_rounds())
        await self._round

    async def _write_rounds(self) -> None:
        while self._pending and self._round is not None:
            rows, self._pending = self._pending, []
            waiting, self._round = self._round, None
            try:
                await self._run(self._insert, rows)
            except sqlite3.Error as error:
                waiting.set_exception(error)
            else:
                if not waiting.done():
                    waiting.set_result(None)
        self._writer = None

    def _insert(self, rows: list[tuple[object, ...]]) -> None:
        with self._db:
            self._db.executemany(ADD_MESSAGE, rows)

    async def _run(self, function: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)

    async def find(self, account: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Messages by `reference`, `to` and `after` (a seq), oldest first; at most `limit` (200 unless told)."""
        where, values = ["account = ?"], [account]
        for key, column in (("reference", "reference ="), ("to", "recipient ="), ("after", "seq >")):
            if query.get(key):
                where.append(f"{column} ?")
                values.append(query[key])
        sql = f"SELECT * FROM messages WHERE {' AND '.join(where)} ORDER BY seq LIMIT ?"  # noqa: S608 -- fixed words
        return await self._run(self._rows, sql, (*values, _limit(query)))

    async def get(self, account: str, message_id: str) -> dict[str, Any] | None:
        found = await self._run(
            self._rows, "SELECT * FROM messages WHERE account = ? AND id = ?", (account, message_id)
        )
        return found[0] if found else None

    async def counts(self, account: str) -> dict[str, int]:
        """How many messages came, and under how many references: unequal means something was sent twice."""
        sql = "SELECT count(*) AS messages, count(DISTINCT reference) AS refs FROM messages WHERE account = ?"
        row = (await self._run(self._rows, sql, (account,)))[0]
        return {"messages": row["messages"], "references": row["refs"]}

    async def keep_inbound(self, row: tuple[object, ...]) -> None:
        await self._run(self._write_one, ADD_INBOUND, row)

    async def inbound(self, account: str, sender: str) -> list[dict[str, Any]]:
        sql = "SELECT * FROM inbound WHERE account = ? AND sender = ? ORDER BY seq DESC LIMIT 200"
        return await self._run(self._rows, sql, (account, sender))

    async def keep_behaviour(self, account: str, content: str) -> None:
        await self._run(self._write_one, "REPLACE INTO behaviours VALUES (?, ?)", (account, content))

    async def behaviours(self) -> dict[str, str]:
        rows = await self._run(self._rows, "SELECT account, content FROM behaviours", ())
        return {row["account"]: row["content"] for row in rows}

    def _write_one(self, sql: str, values: tuple[object, ...]) -> None:
        with self._db:
            self._db.execute(sql, values)

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
        cursor = self._db.execute(sql, values)
        names = [each[0] for each in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in rows:
            if isinstance(row.get("content"), str) and "seq" in row:
                row["content"] = json.loads(row["content"])
        return rows

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer
        self._thread.shutdown()
        self._db.close()


def _limit(query: Mapping[str, str]) -> int:
    asked = query.get("limit", "")
    return min(int(asked), MOST_ROWS) if asked.isdigit() else USUAL_ROWS
