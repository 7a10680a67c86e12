"""A vendor on loopback that answers, breaks off or stays silent, as told; it counts what it was asked."""

import asyncio
from contextlib import asynccontextmanager, suppress


class VendorServer:
    """`behaviour`: "break" closes after the request, "hang" never answers; bytes are sent as the answer."""

    def __init__(self, behaviour):
        self.behaviour = behaviour
        self.requests = 0
        self.calls = set()

    async def serve(self, reader, writer):
        self.calls.add(asyncio.current_task())
        try:
            await self.answer(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def answer(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        await reader.readexactly(int(length[0].split(b":")[1]) if length else 0)
        self.requests += 1
        if self.behaviour == "hang":
            await reader.read()  # until the caller hangs up
        elif self.behaviour != "break":
            writer.write(self.behaviour)
            await writer.drain()


@asynccontextmanager
async def vendor(behaviour):
    """Yield the server and its address."""
    server = VendorServer(behaviour)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        await asyncio.gather(*server.calls)
