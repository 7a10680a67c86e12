"""What holds for every Celery task of the project, walked, so that a new one cannot forget."""

import pytest
from celery import current_app
from django.conf import settings

current_app.loader.import_default_modules()
TASKS = sorted(name for name in current_app.tasks if not name.startswith("celery."))


@pytest.mark.logic
def test_beat_rings_only_tasks_that_exist():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(TASKS) == set()


@pytest.mark.logic
@pytest.mark.parametrize("name", TASKS)
def test_task_can_be_rung(name):
    """Celery refuses to send a task whose soft limit, its own or the default, is above its hard one."""
    task = current_app.tasks[name]
    soft = task.soft_time_limit or settings.CELERY_TASK_SOFT_TIME_LIMIT
    hard = task.time_limit or settings.CELERY_TASK_TIME_LIMIT

    assert soft < hard
    assert task.ignore_result
    assert not task.name.startswith("tasks.")
