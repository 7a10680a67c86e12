"""Starting, asking and stopping the PostgreSQL process of one data folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from enum import Enum
from pathlib import Path

import psutil

from anticipate.embedded import config
from anticipate.embedded.binaries import MAJOR_VERSION, bin_dir
from anticipate.embedded.database import PORT
from anticipate.embedded.layout import Layout
from anticipate.embedded.owner import Owner, make_private, open_programs, open_the_way, owner_of
from anticipate.start_error import StartError

SUPERUSER = "postgres"
START_SECONDS = 60
# Recovery after a crash replays at most one checkpoint's worth of log; a minute is ample on a laptop.
RECOVERY_SECONDS = 120
LOG_MAX_BYTES = 10_000_000
LOG_TAIL_LINES = 12
# A fresh data folder takes 40 MB and its log up to 100 MB while it is loaded.
FREE_BYTES_NEEDED = 300_000_000


class Answer(Enum):
    """What `pg_isready` says by its exit code."""

    ACCEPTING = 0
    REJECTING = 1
    SILENT = 2
    NOT_ASKED = 3


def ask(layout: Layout) -> Answer:
    """Ask the server whether it takes connections, without opening one."""
    result = _run(["pg_isready", "--quiet", "--host", str(layout.socket_dir), "--port", PORT], layout=layout)
    return Answer(result.returncode)


def start(layout: Layout, *, is_durable: bool) -> None:
    """Bring the server up, whatever was left behind: first start, clean stop, crash, stale pid file.

    The caller holds the start lock.

    raises: StartError with the end of the server's own log when it does not come up
    """
    if _wait_for_recovery(layout):
        return
    owner = owner_of(layout.data_dir)
    _prepare_folders(layout, owner=owner)
    if not (layout.data_dir / "PG_VERSION").exists():
        _initialise(layout, owner=owner)
    _require_same_version(layout.data_dir)
    _clear_the_way(layout)
    _write_configuration(layout, is_durable=is_durable)
    _shorten_log(layout.log_file)
    command = ["pg_ctl", "start", "--wait", "--timeout", str(START_SECONDS), "--silent"]
    # Relative to the home: pg_ctl hands both to a shell in double quotes, which a quote in the path would end.
    command += ["--pgdata", "data", "--log", "log/postgres.log"]
    result = _run(command, layout=layout, owner=owner)
    if result.returncode != 0:
        raise explain(result.stderr + tail(layout.log_file), layout=layout)


def stop(layout: Layout) -> None:
    """Stop the server, ending open connections; no complaint when it is not running."""
    if postmaster_pid(layout.data_dir) is None:
        return
    command = ["pg_ctl", "stop", "--wait", "--timeout", str(START_SECONDS), "--mode", "fast", "--silent"]
    _run([*command, "--pgdata", str(layout.data_dir)], layout=layout, owner=owner_of(layout.data_dir))


def postmaster_pid(data_dir: Path) -> int | None:
    """Return the pid of the server that runs on `data_dir`, or None.

    A pid file alone proves nothing: in a container the same few pids come round again, and PostgreSQL then
    refuses to start because "another postmaster" is alive. So the process itself is looked at.
    """
    try:
        pid = int((data_dir / "postmaster.pid").read_text().splitlines()[0])
        # A server works in its data folder; no other process has a reason to.
        return pid if Path(psutil.Process(pid).cwd()) == data_dir else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def _wait_for_recovery(layout: Layout) -> bool:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while (answer := ask(layout)) is Answer.REJECTING and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer is Answer.ACCEPTING


def _prepare_folders(layout: Layout, *, owner: Owner) -> None:
    try:
        layout.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"Cannot make the folder for the embedded PostgreSQL: {error.strerror}.",
            where=str(layout.home),
            next_step="make the folder above writable for the user who runs Anticipate, or set VAR_DIR",
        ) from error
    for folder in (layout.log_file.parent, layout.socket_dir):
        make_private(folder, owner=owner)
    open_the_way(layout.data_dir, owner=owner)
    open_the_way(bin_dir() / "postgres", owner=owner)
    open_programs(bin_dir().parent, owner=owner)


def _initialise(layout: Layout, *, owner: Owner) -> None:
    free = shutil.disk_usage(layout.home).free
    if free < FREE_BYTES_NEEDED:
        raise StartError(
            f"The disk is too full for a database: {free // 1_000_000} MB free, {FREE_BYTES_NEEDED // 1_000_000} MB needed.",
            where=str(layout.home),
            next_step="free some space, or set VAR_DIR to a folder on another disk",
        )
    # Made beside its place and moved there when whole: an interrupted first start leaves nothing half-made.
    fresh = layout.home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    make_private(fresh, owner=owner)
    # One collation on every machine: the built-in one depends neither on the system's locales nor on ICU.
    command = [
        "initdb",
        "--pgdata",
        str(fresh),
        "--username",
        SUPERUSER,
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
    ]
    command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
    # Not forced to the disk at once, which takes long on a busy one: nothing is in it yet that could be lost.
    result = _run([*command, "--no-sync"], layout=layout, owner=owner)
    if result.returncode != 0:
        raise explain(result.stderr, layout=layout)
    fresh.rename(layout.data_dir)


def _require_same_version(data_dir: Path) -> None:
    try:
        found = (data_dir / "PG_VERSION").read_text().strip()
    except PermissionError as error:
        raise StartError(
            "The embedded PostgreSQL's data belongs to another user.",
            where=str(data_dir),
            next_step="run Anticipate as the user who started it first, or move the folder away",
        ) from error
    if found != str(MAJOR_VERSION):
        raise StartError(
            f"The data was made by PostgreSQL {found}; the one installed is {MAJOR_VERSION}.",
            where=str(data_dir),
            next_step="install the earlier requirements.lock, dump with pg_dump, move the folder away, and load the dump",
        )


def _clear_the_way(layout: Layout) -> None:
    if postmaster_pid(layout.data_dir) is not None:
        # Alive, yet silent: its socket was deleted under it (a cleaner of /tmp). Only a restart makes a new one.
        stop(layout)
        return
    (layout.data_dir / "postmaster.pid").unlink(missing_ok=True)
    # The lock of its socket names the same dead pid, which may still be a zombie, or another process by now.
    (layout.socket_dir / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _write_configuration(layout: Layout, *, is_durable: bool) -> None:
    text = config.as_file(config.settings_for(layout.socket_dir, is_durable=is_durable))
    path = layout.data_dir / "postgresql.conf"
    try:
        path.write_text(text)
    except OSError as error:
        raise explain(f"{error.strerror}", layout=layout) from error


def _shorten_log(log_file: Path) -> None:
    if log_file.exists() and log_file.stat().st_size > LOG_MAX_BYTES:
        log_file.replace(log_file.with_suffix(".log.1"))


def explain(output: str, *, layout: Layout) -> StartError:
    """Turn what PostgreSQL printed into an error that says what to do."""
    if "No space left on device" in output:
        what, next_step = "The disk is full.", "free some space, or set VAR_DIR to a folder on another disk"
    elif "ermission denied" in output or "Operation not permitted" in output:
        what = "The embedded PostgreSQL may not write its files."
        next_step = (
            "make VAR_DIR writable for the user who runs Anticipate, or set VAR_DIR to a folder that is"
        )
    elif "shared memory" in output:
        what = "The system gives PostgreSQL no shared memory."
        next_step = "end other PostgreSQL servers, or give the container more (docker run --shm-size=256m)"
    else:
        what, next_step = (
            "The embedded PostgreSQL does not start.",
            f"read {layout.log_file}, or set DATABASE_URL",
        )
    lines = "\n".join(f"    {line}" for line in output.strip().splitlines()[-LOG_TAIL_LINES:])
    return StartError(f"{what} PostgreSQL says:\n{lines}", where=str(layout.data_dir), next_step=next_step)


def tail(log_file: Path) -> str:
    """Return the last lines of the server's log, or nothing when there is none to read."""
    try:
        return "\n" + "\n".join(log_file.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
    except OSError:
        return ""


def _run(
    command: list[str], *, layout: Layout, owner: Owner | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # PGPORT, PGDATA and the like would lead the programs elsewhere; messages are searched, so in English.
    environment["LC_ALL"] = "C"
    program = str(bin_dir() / command[0])
    extra: dict[str, object] = owner.popen_arguments if owner else {}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [program, *command[1:]],
        cwd=layout.home if layout.home.exists() else "/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C at the terminal is for the supervisor, not for PostgreSQL
        **extra,
    )
