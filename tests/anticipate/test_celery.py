"""The doorbell's wiring: whatever is rung by name has somebody who hears it."""

import re
from pathlib import Path

import pytest

from anticipate.celery import app
from anticipate.celery_setup import (
    BEAT_SCHEDULE,
    DEFAULT_QUEUE,
    TIME_LIMIT_SECONDS,
    URGENT_QUEUE,
    VISIBILITY_TIMEOUT_SECONDS,
)

pytestmark = pytest.mark.logic

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tasks():
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def _rung_names() -> set[str]:
    sources = [
        path
        for path in ROOT.glob("*/**/*.py")
        if path.relative_to(ROOT).parts[0] not in {"tests", "var", ".venv"}
    ]
    return {name for path in sources for name in re.findall(r'\bring\(\s*"([a-z_.]+)"', path.read_text())}


def test_every_entry_of_the_schedule_is_a_task(tasks):
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(tasks)


def test_every_name_that_is_rung_is_a_task(tasks):
    rung = _rung_names()

    assert rung
    assert rung <= set(tasks)


def test_every_sweep_expires_before_the_next_one():
    limits = {name: entry["options"]["expires"] for name, entry in BEAT_SCHEDULE.items()}

    assert limits.pop("campaigns.nightly") < 3_600
    assert limits.pop("messaging.reconcile") < 300
    assert all(seconds < 60 for seconds in limits.values())


def test_every_task_has_a_soft_limit_below_its_hard_one(tasks):
    for name, task in tasks.items():
        soft = task.soft_time_limit or app.conf.task_soft_time_limit
        hard = task.time_limit or app.conf.task_time_limit
        assert soft < hard <= TIME_LIMIT_SECONDS, name


def test_no_running_task_is_handed_out_again_by_redis():
    assert VISIBILITY_TIMEOUT_SECONDS > TIME_LIMIT_SECONDS


@pytest.mark.parametrize("name", ["messaging.send", "messaging.process_receipts", "campaigns.dispatch"])
def test_what_somebody_waits_for_does_not_stand_behind_imports(tasks, name):
    assert app.amqp.router.route({}, name)["queue"].name == URGENT_QUEUE


@pytest.mark.parametrize("name", ["customers.run_import", "campaigns.nightly"])
def test_what_takes_minutes_has_a_queue_of_its_own(tasks, name):
    assert app.amqp.router.route({}, name)["queue"].name == DEFAULT_QUEUE
