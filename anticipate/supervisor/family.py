"""All children together: started at once, stopped together by Ctrl-C, SIGTERM or a closed terminal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence

from anticipate.supervisor.child import Child, ChildSpec
from anticipate.supervisor.console import Console

# Longer than the first page takes on an idle machine.
HEAD_START_SECONDS = 10.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run_family(
    specs: Sequence[ChildSpec], *, console: Console, when_started: Callable[[], Coroutine[None, None, None]]
) -> None:
    """Run the children until a stop signal arrives, then stop them all and return.

    The first one starts alone, and `when_started` beside it (it waits for the first page and says so); the others
    follow when that is done, or after `HEAD_START_SECONDS`: six Python programs that start at once keep two
    processors busy for half a minute, and nobody waits for any but the first. A second stop signal kills what
    has not ended yet.
    """
    children = [Child(spec, console=console) for spec in specs]
    is_stopping = asyncio.Event()
    console.on_closed = is_stopping.set
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, is_stopping.set)
    running = [asyncio.create_task(child.run()) for child in children[:1]]
    beside = asyncio.create_task(when_started())
    stopping = asyncio.create_task(is_stopping.wait())
    await asyncio.wait({beside, stopping}, timeout=HEAD_START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if not is_stopping.is_set():
        running += [asyncio.create_task(child.run()) for child in children[1:]]
    await stopping
    beside.cancel()
    await asyncio.gather(beside, return_exceptions=True)
    await _stop_all(children, console=console)
    await asyncio.gather(*running)
    for number in STOP_SIGNALS:
        loop.remove_signal_handler(number)


async def _stop_all(children: Sequence[Child], *, console: Console) -> None:
    console.say("Stopping; press Ctrl-C again to end at once.")
    hurry = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, hurry.set)
    stopping = asyncio.create_task(_stop_each(children))
    hurrying = asyncio.create_task(hurry.wait())
    await asyncio.wait({stopping, hurrying}, return_when=asyncio.FIRST_COMPLETED)
    if not stopping.done():
        await asyncio.gather(*(child.stop(patience=0.1) for child in children))
    hurrying.cancel()
    await stopping


async def _stop_each(children: Sequence[Child]) -> None:
    await asyncio.gather(*(child.stop() for child in children))
