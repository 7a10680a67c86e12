"""The sandbox's HTTP interface: what a real provider would offer, and the means to make it misbehave.

POST /accounts/<account>/messages    hand over a message; 201 {"id", "status", "segments", "cost_cents"}
GET  /accounts/<account>/messages    ?reference= &to= &after= &limit=
GET  /accounts/<account>/counts      messages and distinct references
PUT  /accounts/<account>/behaviour   see `behaviour.py`
POST /accounts/<account>/inbound     a customer answers: {"channel", "from", "to", "text" | "digits", "subject"}
GET  /accounts/<account>/inbound     ?from=
Every call needs `Authorization: Bearer <token of the account>`. The reference is kept, but does NOT make a hand-over
idempotent (as with Twilio), so that a second copy is seen.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from messaging.logic.segments import count_segments
from messaging.sandbox import keys
from messaging.sandbox.behaviour import KEEPS, BadBehaviour, Behaviour, Rule, Trick, parse_behaviour
from messaging.sandbox.callbacks import Callbacks
from messaging.sandbox.store import Kept, Store

MAX_REQUEST_BYTES = 30_000_000  # attachments included, as SendGrid
MAX_SMS_CHARACTERS = 1600  # as Twilio
HANG_SECONDS = 300.0
CENTS_PER_SEGMENT, CENTS_PER_CALL, CENTS_PER_EMAIL = 1, 2, 0
PHONE = re.compile(r"\+[1-9]\d{6,14}\Z")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
REQUIRED = ("reference", "channel", "to", "text")


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    master_secret: str
    callback_base: str
    store_path: Path
    now: Callable[[], float] = time.time  # a demo's clock may run ahead


class Refusal(Exception):
    """Answer with this status and code; nothing was kept."""

    def __init__(self, status: int, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after = status, code, retry_after

    def answer(self) -> web.Response:
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        return web.json_response({"error": {"code": self.code}}, status=self.status, headers=headers)


class Sandbox:
    """The handlers; one instance per process."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._store = Store(config.store_path)
        self._callbacks = Callbacks(callback_base=config.callback_base, master_secret=config.master_secret)
        self._behaviours: dict[str, Behaviour] = defaultdict(Behaviour)
        self._tokens: dict[str, str] = {}

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        app.add_routes(
            [
                web.get("/healthz", self.healthz),
                web.post("/accounts/{account}/messages", self.send),
                web.get("/accounts/{account}/messages", self.messages),
                web.get("/accounts/{account}/counts", self.counts),
                web.put("/accounts/{account}/behaviour", self.behave),
                web.post("/accounts/{account}/inbound", self.answer_as_customer),
                web.get("/accounts/{account}/inbound", self.inbound),
            ]
        )
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
        return app

    async def _start(self, _: web.Application) -> None:
        for account, content in (await self._store.behaviours()).items():
            self._behaviours[account] = parse_behaviour(json.loads(content))
        await self._callbacks.start()

    async def _stop(self, _: web.Application) -> None:
        await self._callbacks.stop()
        await self._store.close()

    async def healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def send(self, request: web.Request) -> web.StreamResponse:
        try:
            account = self._account(request)
            raw = await request.text()
            message = _checked(raw, account, at=self._config.now())
            return await self._take(request, message)
        except Refusal as refusal:
            return refusal.answer()

    async def _take(self, request: web.Request, message: Kept) -> web.StreamResponse:
        behaviour = self._behaviours[message.account]
        rule = behaviour.pick(to=message.recipient, channel=message.channel, reference=message.reference)
        if behaviour.answer_after:
            await asyncio.sleep(behaviour.answer_after)
        if rule is not None and rule.trick not in KEEPS:
            return await _refuse(rule)
        await self._store.keep(message)
        self._report(behaviour, message, rule)
        if rule is not None and rule.trick is not Trick.BOUNCE:
            return await _spoil(request, rule.trick)
        return _accepted(message)

    def _report(self, behaviour: Behaviour, message: Kept, rule: Rule | None) -> None:
        if behaviour.drops_callbacks:
            return
        bounces = rule is not None and rule.trick is Trick.BOUNCE
        kinds = ["message.sent", "message.failed" if bounces else "message.delivered"]
        if behaviour.reverses_callbacks:
            kinds.reverse()
        for order, kind in enumerate(kinds):
            event = _event(kind, message) | ({"code": rule.code} if rule and bounces else {})
            for _ in range(behaviour.callback_copies):
                self._callbacks.add(
                    message.account, event, after=behaviour.callbacks_after * (1 + order) + 0.1 * order
                )

    async def messages(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
        except Refusal as refusal:
            return refusal.answer()
        return web.json_response({"messages": await self._store.find(account, request.query)})

    async def counts(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
        except Refusal as refusal:
            return refusal.answer()
        return web.json_response(await self._store.counts(account))

    async def behave(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
            data = await request.json()
            self._behaviours[account] = parse_behaviour(data)
        except Refusal as refusal:
            return refusal.answer()
        except (BadBehaviour, ValueError, TypeError, AttributeError) as error:
            return web.json_response({"error": {"code": "bad_behaviour", "detail": str(error)}}, status=400)
        await self._store.keep_behaviour(account, json.dumps(data))
        return web.json_response(data)

    async def answer_as_customer(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
            data = _object(await request.text())
        except Refusal as refusal:
            return refusal.answer()
        now = self._config.now()
        event = {"id": f"evt_{uuid.uuid4().hex}", "type": "message.received", "at": now} | {
            key: data[key]
            for key in ("channel", "from", "to", "text", "digits", "subject", "in_reply_to")
            if isinstance(data.get(key), str)
        }
        row = (event["id"], account, event.get("channel", ""), event.get("from", ""), now, json.dumps(event))
        await self._store.keep_inbound(row)
        status = await self._callbacks.deliver_now(account, event)
        return web.json_response({"id": event["id"], "callback_status": status}, status=202)

    async def inbound(self, request: web.Request) -> web.Response:
        try:
            account = self._account(request)
        except Refusal as refusal:
            return refusal.answer()
        rows = await self._store.inbound(account, request.query.get("from", ""))
        return web.json_response({"inbound": rows})

    def _account(self, request: web.Request) -> str:
        account = request.match_info["account"]
        token = self._tokens.get(account)
        if token is None:
            token = self._tokens[account] = f"Bearer {keys.bearer_token(self._config.master_secret, account)}"
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), token.encode()):
            raise Refusal(401, "unauthorized")
        return account


def _object(raw: str) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except ValueError:
        raise Refusal(400, "invalid_request") from None
    if not isinstance(data, dict):
        raise Refusal(400, "invalid_request")
    return data


def _checked(raw: str, account: str, *, at: float) -> Kept:
    """raises: Refusal as a real provider would: a missing part, a wrong address, a text too long"""
    data = _object(raw)
    if any(not isinstance(data.get(key), str) for key in REQUIRED):
        raise Refusal(400, "invalid_request")
    channel, to, text = data["channel"], data["to"], data["text"]
    if channel not in {"sms", "email", "voice"}:
        raise Refusal(422, "unsupported_channel")
    if not (EMAIL if channel == "email" else PHONE).match(to):
        raise Refusal(422, "invalid_address")
    if channel == "sms" and not 0 < len(text) <= MAX_SMS_CHARACTERS:
        raise Refusal(422, "rejected_content")
    return Kept(
        id=f"sb_{uuid.uuid4().hex}",
        account=account,
        reference=data["reference"],
        channel=channel,
        recipient=to,
        sender=str(data.get("from", "")),
        accepted_at=at,
        content=raw,
    )


def _accepted(message: Kept) -> web.Response:
    segments, cents = 0, CENTS_PER_EMAIL
    if message.channel == "sms":
        segments = count_segments(json.loads(message.content)["text"]).segments
        cents = segments * CENTS_PER_SEGMENT
    elif message.channel == "voice":
        cents = CENTS_PER_CALL
    body = {"id": message.id, "status": "accepted", "segments": segments, "cost_cents": cents}
    return web.Response(body=json.dumps(body).encode(), content_type="application/json", status=201)


async def _refuse(rule: Rule) -> web.Response:
    match rule.trick:
        case Trick.REFUSE:
            return Refusal(422, rule.code or "rejected_content").answer()
        case Trick.RATE_LIMIT:
            return Refusal(429, "rate_limited", rule.retry_after).answer()
        case Trick.HANG_BEFORE:
            await asyncio.sleep(HANG_SECONDS)
    return Refusal(500, "server_error").answer()


async def _spoil(request: web.Request, trick: Trick) -> web.StreamResponse:
    """The message is kept, but the caller shall not learn of it."""
    if trick is Trick.HANG:
        await asyncio.sleep(HANG_SECONDS)
    if trick is Trick.DROP and request.transport is not None:
        request.transport.abort()
    return Refusal(500, "server_error").answer()


def _event(kind: str, message: Kept) -> dict[str, Any]:
    return {
        "id": f"evt_{message.id[3:]}_{kind.rpartition('.')[2]}",
        "type": kind,
        "at": message.accepted_at,
        "message_id": message.id,
        "reference": message.reference,
    }


def serve(config: SandboxConfig, *, host: str, port: int) -> None:
    """Run until told to stop by SIGTERM or SIGINT."""
    web.run_app(
        Sandbox(config).app(), host=host, port=port, access_log=None, print=None, shutdown_timeout=1.0
    )
