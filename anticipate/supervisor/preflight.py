"""What is looked at before anything starts, each with a message that says what to do."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anticipate.embedded.locks import open_lock, try_lock
from anticipate.start_error import StartError

# Database, logs and a demo's uploads; below this PostgreSQL is the first to fail, in the middle of a write.
FREE_BYTES_NEEDED = 300_000_000


@contextmanager
def only_instance(var_dir: Path, *, address: str) -> Iterator[None]:
    """Hold this VAR_DIR for one supervisor.

    raises: StartError naming the process and the address of the one that runs already
    """
    path = var_dir / "up.lock"
    descriptor = open_lock(path)
    try:
        if not try_lock(descriptor, how=fcntl.LOCK_EX):
            raise StartError(
                f"Anticipate is already running here: {path.read_text().strip() or 'just starting'}.",
                where=str(var_dir),
                next_step="use that one, end it with Ctrl-C in its terminal, or set VAR_DIR and PORT for a second one",
            )
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()}, {address}\n".encode())
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def require_writable(var_dir: Path) -> None:
    """Pass when VAR_DIR can be written and has room; made when missing.

    raises: StartError
    """
    probe = var_dir / f".write-test-{os.getpid()}"
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
    except OSError as error:
        raise _write_error(error, var_dir) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    free = shutil.disk_usage(var_dir).free
    if free < FREE_BYTES_NEEDED:
        raise StartError(
            f"The disk is nearly full: {free // 1_000_000} MB free, {FREE_BYTES_NEEDED // 1_000_000} MB needed.",
            where=str(var_dir),
            next_step="free some space, or set VAR_DIR to a folder on another disk",
        )


def _write_error(error: OSError, var_dir: Path) -> StartError:
    if error.errno == errno.ENOSPC:
        return StartError(
            "The disk is full.",
            where=str(var_dir),
            next_step="free some space, or set VAR_DIR to a folder on another disk",
        )
    return StartError(
        f"Cannot write here: {error.strerror}.",
        where=str(var_dir),
        next_step=f"make it writable for user {os.environ.get('USER') or os.geteuid()}, or set VAR_DIR to a folder that is",
    )


def require_free_port(host: str, port: int, *, instead: str) -> None:
    """Pass when the web server can listen there; `instead` is a setting that would move it, as NAME=value.

    raises: StartError when the port is taken or not ours to take
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise StartError(
                f"Port {port} may not be opened by this user.",
                where=f"{host}:{port}",
                next_step=f"choose one above 1023: {instead} make up",
            ) from error
        except OSError as error:
            raise StartError(
                f"Port {port} is taken by another program."
                if error.errno == errno.EADDRINUSE
                else f"{error.strerror}.",
                where=f"{host}:{port}",
                next_step=f"end that program, or choose another port: {instead} make up",
            ) from error
