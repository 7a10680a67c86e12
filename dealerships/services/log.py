from datetime import datetime
from typing import Any

from django.db.models import Model

from common.tenancy import current_dealership
from dealerships.models import LogEntry, User


def record(subject: Model, action: str, *, at: datetime, actor: User | None = None, **data: Any) -> LogEntry:
    """Append what was done to a row of the dealership in scope to its log.

    Inside the caller's transaction, so that the log and the change stand or fall together. `data` must be
    JSON and hold no secret and no message body.
    """
    return LogEntry.objects.create(
        dealership=current_dealership(),
        actor=actor,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data=data,
        at=at,
    )
