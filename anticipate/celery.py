"""The Celery application: a doorbell and a clock, never the ledger."""

import gc
import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]  # missing in its stubs
from celery.signals import beat_init, setup_logging, worker_init

from anticipate import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
file_broker.register()

# About root and pickled tasks, in a dozen lines each time; ours are JSON, and nothing else is accepted.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("anticipate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Keep Celery from setting up logging of its own, by being connected: Django has done it already."""


@worker_init.connect
@beat_init.connect
def _refuse_to_start_when_unsafe(**_: Any) -> None:
    from anticipate.soundness import exit_unless_sound  # noqa: PLC0415 -- Django is not set up before

    exit_unless_sound()


@worker_init.connect
def _leave_what_stays_to_itself(**_: Any) -> None:
    """Take what the start made (Django, models, rules) out of garbage collection; every worker process has it for good.

    Looking through it again and again cost a quarter of what deciding about touches takes: docs/performance.md.
    """
    gc.collect()
    gc.freeze()
