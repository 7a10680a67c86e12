"""The supervisor with real processes: small Python programs instead of Anticipate's parts."""

import asyncio
import io
import os
import signal
import sys
import time

import psutil
import pytest

from anticipate.supervisor import child as child_module
from anticipate.supervisor import family as family_module
from anticipate.supervisor.child import Child, ChildSpec, describe
from anticipate.supervisor.console import Console
from anticipate.supervisor.family import run_family

pytestmark = pytest.mark.logic

FOREVER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('grandchild', p.pid, flush=True); time.sleep(60)"
)


def _spec(name: str, code: str) -> ChildSpec:
    return ChildSpec(name, [sys.executable, "-c", code])


class _Screen(io.StringIO):
    async def until(self, text: str, *, times: int = 1) -> None:
        deadline = time.monotonic() + 20
        while self.getvalue().count(text) < times:
            assert time.monotonic() < deadline, self.getvalue()
            await asyncio.sleep(0.02)


@pytest.fixture
def screen() -> _Screen:
    return _Screen()


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch):
    monkeypatch.setattr(family_module, "HEAD_START_SECONDS", 0.05)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(child_module, "next_wait", lambda previous, *, ran_seconds: 0.05)


def _run(specs, screen, script) -> None:
    console = Console(screen, names=[spec.name for spec in specs])
    asyncio.run(run_family(specs, console=console, when_started=script))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_signal_ends_every_child_and_returns(screen, number):
    async def script() -> None:
        await screen.until("up", times=2)
        os.kill(os.getpid(), number)

    _run([_spec("one", FOREVER), _spec("second", FOREVER)], screen, script)

    lines = screen.getvalue().splitlines()
    assert sorted(lines[:2]) == ["one    | up", "second | up"]
    assert psutil.Process().children() == []


def test_others_follow_when_the_first_has_answered(screen, monkeypatch):
    monkeypatch.setattr(family_module, "HEAD_START_SECONDS", 30)
    before: list[str] = []

    async def script() -> None:
        await screen.until("up")
        await asyncio.sleep(0.3)
        before.append(screen.getvalue())
        asyncio.get_running_loop().create_task(_stop_when_both_are_up())

    async def _stop_when_both_are_up() -> None:
        await screen.until("up", times=2)
        os.kill(os.getpid(), signal.SIGTERM)

    _run([_spec("web", FOREVER), _spec("worker", FOREVER)], screen, script)

    assert before == ["web    | up\n"]
    assert "worker | up" in screen.getvalue()


def test_stop_signal_before_the_others_started_starts_none(screen, monkeypatch):
    monkeypatch.setattr(family_module, "HEAD_START_SECONDS", 30)

    async def script() -> None:
        await screen.until("up")
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(30)

    _run([_spec("web", FOREVER), _spec("worker", FOREVER)], screen, script)

    assert "worker" not in screen.getvalue()


def test_child_that_dies_is_started_again_and_said_so(screen, quick):
    async def script() -> None:
        await screen.until("bye", times=3)
        os.kill(os.getpid(), signal.SIGTERM)

    _run([_spec("web", "print('bye'); raise SystemExit(3)")], screen, script)

    assert screen.getvalue().count("web | ended with exit code 3; starting again in 0 s") >= 2


def test_child_killed_by_the_system_is_started_again(screen, quick):
    async def script() -> None:
        await screen.until("up")
        psutil.Process().children()[0].kill()
        await screen.until("up", times=2)
        os.kill(os.getpid(), signal.SIGTERM)

    _run([_spec("worker", FOREVER)], screen, script)

    assert "worker | ended by SIGKILL" in screen.getvalue()


def test_death_is_seen_although_a_grandchild_holds_the_pipe_and_the_grandchild_goes_too(screen, quick):
    async def script() -> None:
        await screen.until("grandchild")
        psutil.Process().children()[0].kill()
        await screen.until("grandchild", times=2)
        os.kill(os.getpid(), signal.SIGTERM)

    _run([_spec("web", PARENT)], screen, script)

    pids = [int(line.split()[-1]) for line in screen.getvalue().splitlines() if "grandchild" in line]
    psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=5)
    alive = [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"]
    assert alive == []


def test_stubborn_child_is_killed_after_a_while(screen, monkeypatch):
    async def run() -> None:
        child = Child(_spec("web", STUBBORN), console=Console(screen, names=["web"]))
        running = asyncio.create_task(child.run())
        await screen.until("up")
        await child.stop(patience=0.2)
        await running

    asyncio.run(run())

    assert "web | did not end within 0 s; killed" in screen.getvalue()
    assert psutil.Process().children() == []


def test_second_signal_ends_a_stubborn_child_at_once(screen):
    async def script() -> None:
        await screen.until("up")
        asyncio.get_running_loop().call_later(0.3, os.kill, os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    started = time.monotonic()
    _run([_spec("web", STUBBORN)], screen, script)

    assert time.monotonic() - started < child_module.STOP_SECONDS / 2
    assert psutil.Process().children() == []


def test_command_that_does_not_exist_is_said_and_tried_again(screen, quick):
    async def script() -> None:
        await screen.until("cannot be started", times=2)
        os.kill(os.getpid(), signal.SIGTERM)

    _run([ChildSpec("web", ["/no/such/program"])], screen, script)


def test_closed_terminal_stops_everything():
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    async def script() -> None:
        await asyncio.sleep(30)

    started = time.monotonic()
    _run([_spec("web", FOREVER)], Closed(), script)

    assert time.monotonic() - started < 20
    assert psutil.Process().children() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_children_of_a_killed_supervisor_end(tmp_path):
    code = (
        "import asyncio, sys;"
        "from anticipate.supervisor.family import run_family;"
        "from anticipate.supervisor.child import ChildSpec;"
        "from anticipate.supervisor.console import Console;"
        "spec = ChildSpec('web', [sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)']);"
        "asyncio.run(run_family([spec], console=Console(sys.stdout, names=['web']), when_started=lambda: asyncio.sleep(60)))"
    )
    supervisor = psutil.Popen([sys.executable, "-c", code], stdout=-1, text=True)
    pid = int(supervisor.stdout.readline().split()[-1])
    child = psutil.Process(pid)

    supervisor.kill()
    supervisor.communicate()

    psutil.wait_procs([child], timeout=10)
    assert not child.is_running() or child.status() == "zombie"


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "with exit code 0"), (137, "with exit code 137"), (-15, "by SIGTERM"), (-99, "by signal 99")],
)
def test_describe_names_signals(code, words):
    assert describe(code) == words
