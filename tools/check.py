"""Everything that must be clean before a commit: `make check`.

Runs all checks, also after one has failed, and says at the end which did.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """One command that must end with 0, with settings on top of the shell's."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def production() -> dict[str, str]:
    """Return the environment of a deployment as docs/operations.md describes it; nothing is connected to."""
    return {
        "DATABASE_URL": "postgres://anticipate:unused@db.example.com:5432/anticipate",
        "REDIS_URL": "redis://redis.example.com:6379/0",
        "EMAIL_URL": "smtp://mail.example.com:25",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": secrets.token_urlsafe(32),
        "PUBLIC_URL": "https://reminders.example.com",
        "ALLOWED_HOSTS": "reminders.example.com",
        "DEMO": "false",
        "DEBUG": "false",
    }


def checks() -> list[Check]:
    """Return all checks, the quick ones first."""
    python = sys.executable
    # A data folder of its own: a check must neither start nor touch the developer's database.
    scratch = {"VAR_DIR": str(ROOT / "var" / "test"), "EMBEDDED_FSYNC": "false"}
    return [
        Check("lint", [python, "-m", "ruff", "check", "."]),
        Check("format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("import order", [str(BIN / "lint-imports")]),
        Check("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], scratch),
        Check(
            "production settings",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            scratch | production(),
        ),
        Check("documentation", [python, "-m", "pytest", "-q", "tests/docs"], scratch),
        Check("types", [python, "-m", "mypy", "."], scratch),
    ]


def run(check: Check) -> bool:
    """Run one check; its output is shown only when it fails."""
    started = time.monotonic()
    result = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **check.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    if result.returncode == 0:
        print(f"ok      {check.name} ({seconds:.1f} s)", flush=True)
        return True
    print(f"FAILED  {check.name} ({seconds:.1f} s)\n{result.stdout}{result.stderr}", flush=True)
    return False


def main() -> int:
    failed = [check.name for check in checks() if not run(check)]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
