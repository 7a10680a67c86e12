import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.crash
def test_dbshell_on_an_installation_that_does_not_run_starts_it_and_uses_the_wheels_psql(layout):
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    environment |= {"VAR_DIR": str(layout.home.parent), "EMBEDDED_FSYNC": "false", "PATH": "/nowhere"}

    result = subprocess.run(
        [sys.executable, "manage.py", "dbshell", "--", "-Atc", "SELECT current_user"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (0, "anticipate\n"), result.stderr
