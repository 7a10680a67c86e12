"""The whole product as `make up` runs it: its own PostgreSQL, broker, workers and sandbox, in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180
STOP_SECONDS = 60

MAKE_DEALERSHIP = """
from dealerships.enums import Role
from dealerships.models import User
from dealerships.services import dealerships
place = dealerships.create(dealerships.NewDealership(
    name="Live Oak Motors", slug="live-oak", time_zone="America/Chicago", phone="+15125550100",
    email="service@liveoak.example.com", street="100 Congress Ave", city="Austin", region="TX",
    postal_code="78701", is_demo=True,
    consent_attestation="I agree to automated texts and calls from Live Oak Motors."))
user = User.objects.create_user("admin@liveoak.example.com", "a-password-of-the-test")
dealerships.add_member(place, user, role=Role.ADMIN)
"""


@dataclass(frozen=True)
class Product:
    url: str
    email: str = "admin@liveoak.example.com"
    password: str = "a-password-of-the-test"

    @property
    def dealership(self) -> str:
        return f"{self.url}/d/live-oak"


@contextmanager
def running_product() -> Iterator[Product]:
    """Start everything, with one empty dealership instead of the demo's, and stop it as Ctrl-C does."""
    # Not pytest's folder: the path of a PostgreSQL socket may not be longer than 107 characters.
    with tempfile.TemporaryDirectory(prefix="anticipate-") as folder:
        Path(folder).chmod(0o755)
        port, sandbox_port = free_port(), free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "VAR_DIR": folder,
            "PORT": str(port),
            "SANDBOX_URL": f"http://127.0.0.1:{sandbox_port}",
            "EMBEDDED_FSYNC": "false",
            "PYTHONUNBUFFERED": "1",
        }
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "shell", "--verbosity=0", "--command", MAKE_DEALERSHIP)
        log = Path(folder) / "up.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            product = Product(f"http://127.0.0.1:{port}")
            wait_until_it_answers(product, process, log)
            yield product
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        timeout=START_SECONDS,
        capture_output=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(product: Product, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urlopen(f"{product.url}/accounts/login/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"no page within {START_SECONDS} s:\n{log.read_text()[-3000:]}")
