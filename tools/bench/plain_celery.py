"""What dispatch is compared with: plain Celery, one task per message, as usually tuned.

A long-lived prefork worker with persistent connections to PostgreSQL and to the provider (one requests session per
process). Each task does what our sender does for a message: marks it as being sent, posts it, writes the attempt and the
outcome. Run as a Celery application of its own: `celery -A tools.bench.plain_celery worker`.
"""

import os
from datetime import datetime

import django
import requests
from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
django.setup()

from anticipate import file_broker  # noqa: E402 -- Django comes first
from common import clock  # noqa: E402
from common.tenancy import tenant_scope  # noqa: E402
from messaging.models import Attempt, Message  # noqa: E402
from messaging.services.accounts import for_adapter  # noqa: E402

file_broker.register()
app = Celery("plain", set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_default_queue="plain", task_routes={}, worker_prefetch_multiplier=4, task_acks_late=False
)

session: requests.Session


@worker_process_init.connect
def open_session(**_: object) -> None:
    global session  # noqa: PLW0603 -- one for each process, made after the fork
    session = requests.Session()


@app.task(name="plain.send", ignore_result=True)
def send(dealership_id: int, message_id: int) -> None:
    with tenant_scope(dealership_id):
        message = Message.objects.select_related("account__dealership").get(pk=message_id)
        started = clock.now()
        Message.objects.filter(pk=message.pk, state="queued").update(state="sending", claimed_at=started)
        account = for_adapter(message.account)
        answer = session.post(
            f"{account.config['base_url']}/accounts/{account.uuid}/messages",
            headers={"Authorization": f"Bearer {account.config['token']}"},
            json={
                "reference": message.key,
                "channel": message.channel,
                "to": message.to_address,
                "from": account.from_address,
                "text": message.body_text,
            },
            timeout=20,
        )
        answer.raise_for_status()
        _record(message, answer.json()["id"], started)


def _record(message: Message, provider_id: str, started: datetime) -> None:
    finished = clock.now()
    Attempt.objects.create(
        dealership_id=message.dealership_id,
        message=message,
        number=1,
        outcome="accepted",
        provider_id=provider_id,
        started_at=started,
        finished_at=finished,
    )
    Message.objects.filter(pk=message.pk).update(
        state="accepted", provider_id=provider_id, accepted_at=finished
    )
