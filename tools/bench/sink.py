"""A provider that answers every hand-over as the sandbox does, after a given time, and keeps nothing.

    python -m tools.bench.sink PORT SECONDS

For measuring a sender: the real sandbox writes each message to disk, which costs it most of one core.
"""

import asyncio
import itertools
import json
import re
import sys
from typing import cast

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END_OF_HEAD = b"\r\n\r\n"
numbers = itertools.count(1)


class Sink(asyncio.Protocol):
    """One connection; its caller waits for each answer before it asks again, as pooled clients do."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(END_OF_HEAD)
        length = LENGTH.search(head)
        if end and len(body) >= (int(length[1]) if length else 0):
            self._received = b""
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        body = json.dumps(
            {"id": f"sb_{next(numbers):032x}", "status": "accepted", "segments": 2, "cost_cents": 2}
        )
        self._transport.write(
            b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body.encode())
        )


async def serve(port: int, seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Sink(seconds), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2])))
