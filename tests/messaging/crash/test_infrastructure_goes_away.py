"""The database and the broker go away while messages are under way."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter

import pytest
from django.db import connection
from kombu.exceptions import OperationalError

from anticipate.embedded import postmaster
from anticipate.embedded.layout import Layout
from common import doorbell
from common.enums import Channel, Purpose
from common.tenancy import tenant_scope
from messaging import tasks
from messaging.services import outbox
from tests.conftest import NOW
from tests.messaging.crash.conftest import CHILD_SECONDS, ROOT
from tests.messaging.sandbox_server import RunningSandbox

pytestmark = pytest.mark.crash

MESSAGES = 60
PATIENCE_SECONDS = 300


def wait_until(is_so, seconds=PATIENCE_SECONDS):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_every_connection_cut_while_sending_neither_loses_nor_doubles(mail, start_sender, sandbox):
    sandbox.behave(str(mail.account.uuid), answer_after=0.3)
    sender = start_sender()
    for count in (1, 20):
        wait_until(lambda count=count: len(mail.received()) >= count)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    _, errors = sender.communicate(timeout=CHILD_SECONDS)
    assert sender.returncode == 0, errors

    mail.clean_up()

    mail.assert_each_went_out_once()


def test_server_killed_and_restarted_while_sending_neither_loses_nor_doubles(tmp_path):
    secret, account = "s" * 60, str(uuid.uuid4())
    sandbox = RunningSandbox(tmp_path, secret=secret).start()
    sandbox.behave(account, answer_after=0.2)
    own = {
        "VAR_DIR": str(tmp_path / "var"),
        "SECRET_KEY": secret,
        "SANDBOX_URL": sandbox.url,
        "ACCOUNT_UUID": account,
        "MESSAGES": str(MESSAGES),
        "PYTHONPATH": str(ROOT),
    }
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | own
    world = subprocess.Popen(
        [sys.executable, "-m", "tests.messaging.crash.restarted_world"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for count in (5, 30):
            wait_until(
                lambda count=count: world.poll() is not None or len(sandbox.messages(account)) >= count
            )
            server = postmaster.postmaster_pid(Layout.under(tmp_path / "var").data_dir)
            if server is not None:
                os.kill(server, signal.SIGKILL)
        out, errors = world.communicate(timeout=PATIENCE_SECONDS)
    finally:
        world.kill()
        received = Counter(each["reference"] for each in sandbox.messages(account))
        sandbox.stop()

    assert world.returncode == 0, errors
    assert json.loads(out.splitlines()[-1]) == {"accepted": MESSAGES}
    assert (len(received), set(received.values())) == (MESSAGES, {1})


@pytest.fixture
def draft(world):
    return outbox.MessageDraft(
        key="touch:1",
        customer_id=None,
        channel=Channel.EMAIL,
        purpose=Purpose.TRANSACTIONAL,
        to_address="ana@example.com",
        body_text="Your car is ready.",
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_down", [True, False], ids=["broker down", "broker flushed"])
def test_message_whose_doorbell_was_lost_is_sent_by_the_next_sweep(
    world, sandbox, draft, monkeypatch, is_down
):
    def ring(*_, **__):
        if is_down:
            raise OperationalError("no broker")

    monkeypatch.setattr(doorbell.current_app, "send_task", ring)
    with tenant_scope(world.dealership):
        account = outbox.ProviderAccount.objects.get(channel="email")
        outbox.queue([draft], now=NOW)
    sandbox.behave(str(account.uuid))
    assert sandbox.messages(str(account.uuid)) == []

    tasks.send()

    assert [each["reference"] for each in sandbox.messages(str(account.uuid))] == ["touch:1"]
