"""`manage.py up` as a person starts it: real processes, an embedded database made from nothing."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from anticipate.embedded import postmaster
from anticipate.embedded.layout import Layout
from anticipate.supervisor.parts import NAMES, Sizes, command

ROOT = Path(__file__).resolve().parents[4]
FIRST_START_SECONDS = 240  # a few seconds on an idle machine


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(var_dir: Path, port: int, **more: str) -> dict[str, str]:
    ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST"}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "VAR_DIR": str(var_dir),
        "PORT": str(port),
        "DEMO": "false",
        "EMBEDDED_FSYNC": "false",
        "WORKER_PROCESSES": "1",
        "BULK_PROCESSES": "1",
        **more,
    }


def _up(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )


def _wait_for(log: Path, text: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + FIRST_START_SECONDS
    while text not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _wait_for_children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The web part answers first; the others are started after it, one by one."""
    deadline = time.monotonic() + FIRST_START_SECONDS
    while len(children := psutil.Process(process.pid).children()) < len(NAMES):
        assert time.monotonic() < deadline, children
        time.sleep(0.05)
    return children


@pytest.mark.crash
def test_up_from_nothing_serves_refuses_a_second_one_and_stops_without_a_trace(tmp_path):
    port, log, var_dir = _free_port(), tmp_path / "log", tmp_path / "var"
    environment = _environment(var_dir, port, SECRET_KEY="x" * 60)

    process = _up(environment, log)
    try:
        _wait_for(log, f"Anticipate is running: http://127.0.0.1:{port}", process)
        assert _status(port, "/healthz") == 200
        children = _wait_for_children(process)
        assert len(children) == len(NAMES)

        second = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode != 0
        assert f"Anticipate is already running here: process {process.pid}" in second.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)

    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text()
    assert all(not child.is_running() for child in children)
    assert postmaster.postmaster_pid(Layout.under(var_dir).data_dir) is None


@pytest.mark.crash
def test_up_port_taken_says_so_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=_environment(tmp_path / "var", port, SECRET_KEY="x" * 60),
            capture_output=True,
            text=True,
            check=False,
        )

    assert result.returncode == 1
    assert result.stderr.startswith(
        f"Port {port} is taken by another program.\n  where: 127.0.0.1:{port}\n  next:"
    )
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.crash
def test_up_misspelt_setting_is_named_without_a_traceback(tmp_path):
    result = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=_environment(tmp_path / "var", 8000, DEMO="ture"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr == "Settings: DEMO is neither true nor false; write one of these two words.\n"


@pytest.mark.logic
@pytest.mark.parametrize("name", NAMES)
def test_every_part_has_a_command_of_this_python(name):
    sizes = Sizes(host="0.0.0.0", port=80, web_workers=2, web_threads=3, urgent_processes=4, bulk_processes=5)

    assert command(name, sizes)[:2] == [sys.executable, "-m"]
