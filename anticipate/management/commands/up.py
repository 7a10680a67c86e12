import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from anticipate.demo.logins import LOGINS
from anticipate.embedded.backend.base import DatabaseWrapper as EmbeddedDatabase
from anticipate.soundness import require_sound_installation
from anticipate.supervisor import parts, preflight
from anticipate.supervisor.child import ChildSpec
from anticipate.supervisor.console import Console
from anticipate.supervisor.family import run_family
from anticipate.supervisor.first_page import wait_for_page
from anticipate.supervisor.sizes import sizes_from
from dealerships.models import Dealership

FIRST_PAGE = "/accounts/login/"
PRIVILEGED_PORTS = 1023  # up to here only root may listen
LEAVE_SECONDS = 5.0  # for the last of our parts to let go of the embedded server


class Command(BaseCommand):
    """The one command of a fresh installation: everything Anticipate needs, until Ctrl-C."""

    help = "Prepare the database and run web, workers and beat together until Ctrl-C."
    requires_system_checks = []

    def handle(self, *_args: object, **_options: object) -> None:
        preflight.require_writable(settings.VAR_DIR)
        with preflight.only_instance(settings.VAR_DIR, address=settings.PUBLIC_URL):
            _require_free_ports()
            with _database_kept_running():
                self._prepare()
                self._run()

    def _prepare(self) -> None:
        if settings.IS_EMBEDDED:
            self.stdout.write(f"Database: PostgreSQL of its own under {settings.VAR_DIR}")
        connection.ensure_connection()
        if _has_pending_migrations():
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        require_sound_installation()
        if settings.DEMO and not Dealership.objects.exists():
            self.stdout.write("Making demo data ...")
            call_command("seed_demo", stdout=self.stdout)
        connections.close_all()

    def _run(self) -> None:
        specs = child_specs()
        console = Console(sys.stdout, names=[spec.name for spec in specs])
        asyncio.run(run_family(specs, console=console, when_started=lambda: _greet(console)))
        console.say("Stopped. The data is kept; start again with `make up`.")


@contextmanager
def _database_kept_running() -> Iterator[None]:
    """Hold this process's part in the embedded server, so that it outlives every child, then let it stop."""
    if not isinstance(connection, EmbeddedDatabase):
        yield
        return
    connection.ensure_connection()
    try:
        yield
    finally:
        connections.close_all()
        connection.leave_server(patience=LEAVE_SECONDS)


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _require_free_ports() -> None:
    next_port = settings.PORT + (1 if settings.PORT > PRIVILEGED_PORTS else 8000)
    preflight.require_free_port(settings.HOST, settings.PORT, instead=f"PORT={next_port}")
    if settings.DEMO:
        sandbox = urlsplit(settings.SANDBOX_URL)
        port = sandbox.port or 80
        instead = f"SANDBOX_URL=http://127.0.0.1:{port + 1}"
        preflight.require_free_port(sandbox.hostname or "127.0.0.1", port, instead=instead)


def child_specs() -> list[ChildSpec]:
    """Return what to run, the web server first; the sandbox provider in a demo only.

    With DEBUG the web server is Django's own, which loads changed code and templates by itself.
    """
    sizes = sizes_from(settings)
    scratch = settings.VAR_DIR / "tmp"
    scratch.mkdir(exist_ok=True)
    environment = {"TMPDIR": str(scratch)}
    specs = [ChildSpec(name, parts.command(name, sizes), environment) for name in parts.NAMES]
    manage = [sys.executable, os.fspath(settings.BASE_DIR / "manage.py")]
    if settings.DEBUG:
        address = f"{settings.HOST}:{settings.PORT}"
        specs[0] = ChildSpec("web", [*manage, "runserver", address], environment)
    if settings.DEMO and "sandbox" in get_commands():
        specs.append(ChildSpec("sandbox", [*manage, "sandbox"]))
    return specs


async def _greet(console: Console) -> None:
    """Say where to go, once the first page answers there."""
    host = "127.0.0.1" if settings.HOST in {"0.0.0.0", "::"} else settings.HOST  # noqa: S104 -- compared, not bound
    await wait_for_page(host, settings.PORT, path=FIRST_PAGE, allowed_host=settings.ALLOWED_HOSTS[0])
    lines = ["", f"Anticipate is running: {settings.PUBLIC_URL}", ""]
    if settings.DEMO:
        lines += ["Sign in with one of these:"]
        lines += [f"  {login.role:<8} {login.email:<26} {login.password}" for login in LOGINS]
        lines += [""]
    console.say("\n".join([*lines, "Ctrl-C stops it.", ""]))
