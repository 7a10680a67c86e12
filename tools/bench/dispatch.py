"""Dispatch of queued messages through the sandbox over loopback HTTP: our sender, plain Celery, and a bare loop.

- ours: a real Celery worker is rung once and hands over everything: claim, gate, request, answer, record
- (a) plain Celery: one task per message (`plain_celery.py`), on a part of the messages, since it takes long
- (b) a bare loop: 64 coroutines posting the same bodies with one aiohttp session, and no database at all
- a provider that takes 100 ms to answer: our sender in one process

The same sandbox process serves all but the last, which speaks to `sink.py`: the sandbox keeps each message on disk and
needs most of a core for as many. Ours and the bare loop take turns, because a machine's speed drifts; the median of the
ratios counts. Needs an installation of its own (a throw-away DATABASE_URL), in which it leaves its messages behind.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "20000"))
PLAIN_MESSAGES = MESSAGES // 10
SLOW_SECONDS = 0.1
ROUNDS = 3
IN_FLIGHT = 64
WAIT_SECONDS = 120
BATCH = 1000
TEXT = (
    "Hi Ana, your 2019 Honda Civic is due for an oil change around December 1. "
    "Reply with a day and time to book, or STOP to opt out. Bench Motors"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
os.environ["SANDBOX_URL"] = f"http://127.0.0.1:{_free_port()}"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ.setdefault("SECRET_KEY", "of a benchmark on a throw-away database, of no use anywhere else")

import aiohttp  # noqa: E402 -- the environment comes first
import django  # noqa: E402

django.setup()


from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from anticipate.celery import app as anticipate_app  # noqa: E402
from common import clock  # noqa: E402
from common.enums import Channel, Purpose  # noqa: E402
from common.tenancy import tenant_scope  # noqa: E402
from customers.models import Customer  # noqa: E402
from dealerships.models import Dealership  # noqa: E402
from dealerships.services import dealerships  # noqa: E402
from messaging.adapters.base import Account  # noqa: E402
from messaging.models import Message, ProviderAccount  # noqa: E402
from messaging.services import accounts, outbox, sending  # noqa: E402
from tools.bench.figure import Figure  # noqa: E402
from tools.bench.plain_celery import app as plain_app  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent


def run() -> list[Figure]:
    call_command("migrate", verbosity=0)
    dealership = _dealership()
    account = _account(dealership)
    with TemporaryDirectory() as folder, _process(_sandbox_command(folder)):
        _wait_for_sandbox()
        _behave(account, drops_callbacks=True)
        rounds = [_round(dealership, account) for _ in range(ROUNDS)]
        plain = _plain(dealership)
    with _process(_sink_command()):
        _wait_for_sandbox()
        slow = statistics.median(_slow(dealership) for _ in range(ROUNDS))
    ours = statistics.median(mine for mine, _ in rounds)
    bare = statistics.median(theirs for _, theirs in rounds)
    share = statistics.median(mine / theirs for mine, theirs in rounds)
    return [
        Figure(f"our sender, {MESSAGES:,} messages, worker and all", ours, "messages/s"),
        Figure("(a) plain Celery, a task per message", plain, "messages/s", ours / plain, "times (a)"),
        Figure("(b) a bare aiohttp loop, no database", bare, "messages/s", share, "of (b)"),
        Figure("our sender, a provider that takes 100 ms, one process", slow, "messages/s"),
    ]


def _round(dealership: Dealership, account: Account) -> tuple[float, float]:
    with _process(_worker_command("anticipate", "urgent")):
        ours = _ours(dealership)
    return ours, asyncio.run(_bare(account))


def _ours(dealership: Dealership) -> float:
    """From the ring of the doorbell to the last message accepted; the worker has been up and warmed by a few."""
    _queue(dealership, 100)
    anticipate_app.send_task("messaging.send")
    _wait_until_sent(dealership)
    _queue(dealership, MESSAGES)
    started = time.perf_counter()
    anticipate_app.send_task("messaging.send")
    _wait_until_sent(dealership)
    return MESSAGES / (time.perf_counter() - started)


def _plain(dealership: Dealership) -> float:
    with _process(_worker_command("tools.bench.plain_celery", "plain")):
        for message_id in _queue(dealership, 50):
            plain_app.send_task("plain.send", (dealership.pk, message_id))
        _wait_until_sent(dealership)
        message_ids = _queue(dealership, PLAIN_MESSAGES)
        started = time.perf_counter()
        for message_id in message_ids:
            plain_app.send_task("plain.send", (dealership.pk, message_id))
        _wait_until_sent(dealership)
        return PLAIN_MESSAGES / (time.perf_counter() - started)


def _slow(dealership: Dealership) -> float:
    _queue(dealership, MESSAGES)
    started = time.perf_counter()
    report = sending.drain(now=clock.now)
    if report.accepted != MESSAGES:
        raise RuntimeError(f"not everything was accepted: {report}")
    return MESSAGES / (time.perf_counter() - started)


async def _bare(account: Account) -> float:
    headers = {"Authorization": f"Bearer {account.config['token']}", "Content-Type": "application/json"}
    bodies = iter([_body(number) for number in range(MESSAGES)])
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def post() -> None:
            for body in bodies:
                async with session.post(_url(account, "messages"), data=body) as answer:
                    json.loads(await answer.read())

        started = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(IN_FLIGHT)))
        return MESSAGES / (time.perf_counter() - started)


def _body(number: int) -> bytes:
    return json.dumps(
        {
            "reference": f"bare:{number}",
            "channel": "sms",
            "to": f"+1512{2_000_000 + number}",
            "from": "+15125550100",
            "from_name": "Bench Motors",
            "text": TEXT,
        }
    ).encode()


def _dealership() -> Dealership:
    slug = f"bench-{time.time_ns()}"
    dealership = dealerships.create(
        dealerships.NewDealership("Bench Motors", slug, "America/Chicago", phone="+15125550100")
    )
    with tenant_scope(dealership):
        people = (
            Customer(dealership=dealership, external_id=str(number), display_name=f"Customer {number}")
            for number in range(MESSAGES)
        )
        Customer.objects.bulk_create(people, batch_size=BATCH)
    return dealership


def _account(dealership: Dealership) -> Account:
    with tenant_scope(dealership):
        row = ProviderAccount.objects.select_related("dealership").get(channel="sms", is_active=True)
        return accounts.for_adapter(row)


def _queue(dealership: Dealership, count: int) -> list[int]:
    """Queue answers (which no quiet hours hold, so that the time of day does not matter) to as many customers."""
    moment, stamp, queued = clock.now(), time.time_ns(), []
    with tenant_scope(dealership):
        customer_ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:count])
        for start in range(0, count, BATCH):
            drafts = [
                outbox.MessageDraft(
                    key=f"bench:{stamp}:{number}",
                    customer_id=customer_id,
                    channel=Channel.SMS,
                    purpose=Purpose.TRANSACTIONAL,
                    to_address=f"+1512{2_000_000 + number}",
                    body_text=TEXT,
                    zone_names=("America/Chicago",),
                    is_answer=True,
                    # Held until all are there: the ring of the first must not start the clock.
                    not_before=moment + timedelta(hours=1),
                )
                for number, customer_id in enumerate(customer_ids[start : start + BATCH], start)
            ]
            queued += [message.id for message in outbox.queue(drafts, now=moment)]
        Message.objects.filter(state="queued").update(not_before=moment)
    return queued


def _wait_until_sent(dealership: Dealership) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    with tenant_scope(dealership):
        while Message.objects.filter(state__in=["queued", "sending"]).exists():
            if time.monotonic() > deadline:
                raise TimeoutError("the messages were not sent")
            time.sleep(0.02)


def _behave(account: Account, **behaviour: object) -> None:
    request = urllib.request.Request(  # noqa: S310 -- our own sandbox
        _url(account, "behaviour"),
        json.dumps(behaviour).encode(),
        {"Authorization": f"Bearer {account.config['token']}"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 -- as above


def _url(account: Account, what: str) -> str:
    return f"{account.config['base_url']}/accounts/{account.uuid}/{what}"


def _sandbox_command(folder: str) -> list[str]:
    return [sys.executable, "manage.py", "sandbox", "--store", f"{folder}/sandbox.sqlite3"]


def _sink_command() -> list[str]:
    return [
        sys.executable,
        "-m",
        "tools.bench.sink",
        str(urlsplit(settings.SANDBOX_URL).port),
        str(SLOW_SECONDS),
    ]


def _worker_command(application: str, queue: str) -> list[str]:
    options = [
        "-Q",
        queue,
        "-c",
        str(os.cpu_count() or 2),
        "--without-gossip",
        "--without-mingle",
        "-l",
        "WARNING",
    ]
    return [sys.executable, "-m", "celery", "-A", application, "worker", *options]


@contextmanager
def _process(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for_sandbox() -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{settings.SANDBOX_URL}/healthz", timeout=2).close()  # noqa: S310 -- our own
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
