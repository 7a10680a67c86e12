"""The one way out of this house over HTTP: pooled, bounded, never following a redirect into private networks.

Everything that calls another system goes through `HttpClient`. It answers the one question a sender must never
guess about: `NotSent` means that no byte of the request can have been acted upon, `MaybeSent` that it may have been.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import TracebackType
from typing import Self

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 5.0  # policy: a provider that does not even accept a connection in 5 s is down
ANSWER_SECONDS = (
    20.0  # policy: above Twilio's and SendGrid's slowest documented answers, below the worker's time limit
)
IDLE_SECONDS = (
    4.0  # shorter than the 5 s after which common servers close an idle connection, so we close first
)
MAX_BODY_BYTES = 5_000_000  # an answer above this is cut off and treated as unknown
SLOW_SECONDS = 5.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class HttpError(Exception):
    """The call brought no answer. The message never holds a header, a query, or a body."""


class NotSent(HttpError):
    """No connection came about: the other side surely knows nothing of this request; repeating it is safe."""


class MaybeSent(HttpError):
    """The request left and no whole answer came: it may have been carried out; never repeat it by guess."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One call, ready to go. `follow` is the number of redirects obeyed; only GET may have any."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    answer_seconds: float = ANSWER_SECONDS
    follow: int = 0

    def __post_init__(self) -> None:
        if self.follow and self.method != "GET":
            raise ValueError("only a GET may follow redirects: a repeated POST could send twice")

    def __repr__(self) -> str:
        """Say where it goes and nothing that could be a secret or a person."""
        return f"HttpRequest({self.method} {URL(self.url).host})"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer; header names are asked for in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __repr__(self) -> str:
        return f"HttpResponse({self.status}, {len(self.body)} bytes)"


def is_public(address: str) -> bool:
    """Whether an IP address is reachable by anyone, so that a foreign redirect may name it."""
    try:
        found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global and not found.is_multicast


class PublicOnlyResolver(AbstractResolver):
    """Resolves names and drops private addresses, at the moment of connecting (so that rebinding gains nothing)."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = [each for each in await self._inner.resolve(host, port, family) if is_public(each["host"])]
        if not found:
            raise OSError(None, "no public address")
        return found

    async def close(self) -> None:
        await self._inner.close()


class HttpClient:
    """A pool of kept-open connections for one event loop, with a bound on calls in flight per lane.

    A lane is whatever must not starve others: here one provider account. Use as `async with HttpClient() as client`.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, asyncio.Semaphore] = {}
        self._open: aiohttp.ClientSession | None = None
        self._guarded: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._open = _session(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._open, self._guarded):
            if session is not None:
                await session.close()

    async def send(self, request: HttpRequest, *, lane: str = "", limit: int = 64) -> HttpResponse:
        """Make the call when its lane has a place; `limit` is fixed by the first call of a lane.

        raises: NotSent if surely nothing was carried out; MaybeSent if that is unknown
        """
        places = self._lanes.get(lane)
        if places is None:
            places = self._lanes[lane] = asyncio.Semaphore(limit)
        if self._open is None:
            raise RuntimeError("use the client inside `async with`")
        async with places:
            answer = await _call(self._open, request, lane=lane)
            return await self._follow(request, answer, lane=lane) if request.follow else answer

    async def _follow(self, request: HttpRequest, answer: HttpResponse, *, lane: str) -> HttpResponse:
        for _ in range(request.follow):
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                break
            request = _redirected(request, answer.headers["location"])
            answer = await _call(self._guarded_session(), request, lane=lane)
        return answer

    def _guarded_session(self) -> aiohttp.ClientSession:
        if self._guarded is None:
            self._guarded = _session(PublicOnlyResolver())
        return self._guarded


def _session(resolver: AbstractResolver | None) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS, resolver=resolver)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def _redirected(request: HttpRequest, location: str) -> HttpRequest:
    """Where a redirect leads, without our credentials when it leaves the host.

    raises: NotSent for a private address or another scheme than HTTP(S)
    """
    here, there = URL(request.url), URL(request.url).join(URL(location))
    literal = there.host is not None and _is_literal(there.host)
    if there.scheme not in {"http", "https"} or (literal and not is_public(there.host or "")):
        raise NotSent("redirected to a private address or another scheme")
    if there.origin() == here.origin():
        return replace(request, url=str(there))
    kept = {k: v for k, v in request.headers.items() if k.lower() not in {"authorization", "cookie"}}
    return replace(request, url=str(there), headers=kept)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    return True


async def _call(session: aiohttp.ClientSession, request: HttpRequest, *, lane: str) -> HttpResponse:
    """One exchange. Which failure proves what:

    - no connection (refused, no such name, TLS, time out while connecting): NotSent
    - anything after that, also a connection that broke while writing: MaybeSent
    """
    started = time.monotonic()
    try:
        answer = await _exchange(session, request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        log.warning("http.not_sent", host=_host(request), lane=lane, error=type(error).__name__)
        raise NotSent(type(error).__name__) from None  # the cause's text holds the whole URL
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("http.maybe_sent", host=_host(request), lane=lane, error=type(error).__name__)
        raise MaybeSent(type(error).__name__) from None
    seconds = time.monotonic() - started
    if seconds > SLOW_SECONDS:
        log.info("http.slow", host=_host(request), lane=lane, status=answer.status, seconds=round(seconds, 1))
    return answer


def _host(request: HttpRequest) -> str:
    return URL(request.url).host or ""


@lru_cache(maxsize=100)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)


async def _exchange(session: aiohttp.ClientSession, request: HttpRequest) -> HttpResponse:
    async with session.request(
        request.method,
        request.url,
        data=request.body or None,
        headers=request.headers,
        allow_redirects=False,
        timeout=_timeout(request.answer_seconds),
    ) as answer:
        is_small = answer.content_length is not None and answer.content_length <= MAX_BODY_BYTES
        body = await answer.read() if is_small else await _bounded(answer)
        return HttpResponse(answer.status, answer.headers, body)


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    parts, size = [], 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise aiohttp.ClientPayloadError("answer too large")
    return b"".join(parts)
