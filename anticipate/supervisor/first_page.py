"""Waiting for the first page, as a browser would see it."""

from __future__ import annotations

import asyncio

POLL_SECONDS = 0.2
ANSWER_SECONDS = 10.0


async def wait_for_page(host: str, port: int, *, path: str, allowed_host: str) -> None:
    """Return once `path` answers 200; waits for ever, the supervisor's stop ends it."""
    while not await _answers(host, port, path=path, allowed_host=allowed_host):  # noqa: ASYNC110 -- nobody sets an event
        await asyncio.sleep(POLL_SECONDS)


async def _answers(host: str, port: int, *, path: str, allowed_host: str) -> bool:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        request = f"GET {path} HTTP/1.1\r\nHost: {allowed_host}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        status = await asyncio.wait_for(reader.readline(), ANSWER_SECONDS)
    except (OSError, TimeoutError):
        return False
    else:
        return status.split()[1:2] == [b"200"]
    finally:
        writer.close()
