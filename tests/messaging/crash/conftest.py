import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from common.tenancy import cross_tenant, tenant_scope
from messaging.models import Message, ProviderAccount
from messaging.services import receipts_processing, reconciling, sending, sweeping
from tests.conftest import NOW
from tests.database_address import database_url
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import MessageFactory

ROOT = Path(__file__).resolve().parents[3]
CHILD_SECONDS = 90


def environment(settings, **more):
    """What a process needs to work on the test's own database and sandbox."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "SANDBOX_URL": settings.SANDBOX_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONPATH": str(ROOT),
        **more,
    }


@pytest.fixture
def start_sender(settings):
    """Start a sender in a process of its own; it is killed at the end if it still runs."""
    started = []

    def _start(crash_at="", now=NOW):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.messaging.crash.worker", now.isoformat()],
            cwd=ROOT,
            env=environment(settings, CRASH_AT=crash_at),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield _start
    for process in started:
        process.kill()
        process.communicate()


class Mail:
    """Messages waiting at Alice's dealership, and what the sandbox says it got."""

    def __init__(self, sandbox, account, keys):
        self.sandbox, self.account, self.keys = sandbox, account, keys

    def received(self):
        return Counter(each["reference"] for each in self.sandbox.messages(str(self.account.uuid)))

    def states(self):
        with cross_tenant(reason="test"):
            return Counter(Message.objects.filter(key__in=self.keys).values_list("state", flat=True))

    def clean_up(self):
        """What the sweeps of the next hours do."""
        now = NOW
        for _ in range(4):
            now += timedelta(minutes=12)
            receipts_processing.process(now=now)
            sweeping.give_up_lost_claims(now=now)
            reconciling.reconcile(now=now)
            sending.drain(now=lambda moment=now: moment)

    def assert_each_went_out_once(self):
        assert self.received() == Counter(self.keys)
        assert self.states() == {"accepted": len(self.keys)}


@pytest.fixture
def mail(world, sandbox):
    """Forty e-mails about appointments, which no quiet hours hold."""
    with tenant_scope(world.dealership):
        account = ProviderAccount.objects.get(channel="email")
        customer = CustomerFactory(dealership=world.dealership)
        made = MessageFactory.create_batch(
            40,
            dealership=world.dealership,
            account=account,
            customer=customer,
            channel="email",
            to_address="ana@example.com",
        )
    sandbox.behave(str(account.uuid), answer_after=0.05)
    return Mail(sandbox, account, [message.key for message in made])
