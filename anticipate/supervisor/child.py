"""One supervised process: started, shown, restarted, stopped with everything it started itself."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import psutil

from anticipate.supervisor.backoff import next_wait
from anticipate.supervisor.console import Console
from anticipate.supervisor.output import OutputPipe

# Longer than a worker takes to finish the batch in its hands; Docker and systemd wait longer still.
STOP_SECONDS = 20.0
KILL_SECONDS = 5.0  # a killed process is gone in milliseconds, unless the disk hangs
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ChildSpec:
    """What to run: `command` as a list, `environment` on top of the supervisor's own."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """Keeps one process running until told to stop."""

    def __init__(self, spec: ChildSpec, *, console: Console) -> None:
        self.spec = spec
        self._console = console
        self._process: asyncio.subprocess.Process | None = None
        self._is_stopping = asyncio.Event()
        self.starts = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self) -> None:
        """Start the process, and start it again whenever it ends, waiting longer each time it dies early."""
        wait = 0.0
        while not self._is_stopping.is_set():
            started = time.monotonic()
            code = await self._run_once()
            if self._is_stopping.is_set():
                return
            wait = next_wait(wait, ran_seconds=time.monotonic() - started)
            self._console.line(self.spec.name, f"ended {describe(code)}; starting again in {wait:.0f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_stopping.wait(), wait)

    async def _run_once(self) -> int:
        self.starts += 1
        output = OutputPipe(lambda line: self._console.line(self.spec.name, line))
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                *self.spec.command,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.spec.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output.write_end,
                stderr=asyncio.subprocess.STDOUT,
                # Ctrl-C at the terminal reaches the supervisor only, which then stops its children in order.
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # safe here: the supervisor has one thread
            )
        except OSError as error:
            self._console.line(self.spec.name, f"cannot be started: {error}")
            output.close()
            return 127
        if self._is_stopping.is_set():  # told to stop while it was being started
            _signal_group(process.pid, signal.SIGKILL)
        code = await process.wait()
        await _end_group(process.pid)
        output.close()
        return code

    async def stop(self, *, patience: float = STOP_SECONDS) -> None:
        """Ask the process to end, and end it and its own children by force when it does not."""
        self._is_stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        _signal_process(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), patience)
        except TimeoutError:
            self._console.line(self.spec.name, f"did not end within {patience:.0f} s; killed")
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()


def describe(code: int) -> str:
    """Return an exit code in words: negative ones are signals."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"


def _signal_process(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_group(pid: int, number: signal.Signals) -> None:
    # Each child leads its own group; what it left behind (pool processes) goes with it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


async def _end_group(pid: int) -> None:
    """Kill what the process left behind and see it gone: only then are its locks and ports free."""
    _signal_group(pid, signal.SIGKILL)
    deadline = time.monotonic() + KILL_SECONDS
    while _has_living(pid) and time.monotonic() < deadline:  # noqa: ASYNC110 -- nobody tells when they are gone
        await asyncio.sleep(0.01)


def _has_living(group: int) -> bool:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def _die_with_parent() -> Callable[[], None] | None:
    """Return what makes the kernel end a child whose supervisor was killed; Linux only, else None."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))

    return arrange
