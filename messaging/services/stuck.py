"""Has what is stuck tried once more, when somebody has mended what was wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.doorbell import ring
from common.tenancy import current_dealership
from dealerships.models import User
from dealerships.services import log
from messaging.queries import stuck as queries


@transaction.atomic
def try_again(*, now: datetime, actor: User | None = None) -> int:
    """Have everything stuck in the dealership in scope tried at once, with all its tries ahead; answer how much it is."""
    fresh = {"attempt_count": 0, "next_try_at": None}
    count = queries.stuck_receipts().update(**fresh) + queries.stuck_untold().update(**fresh)
    if count:
        log.record(current_dealership(), "messaging.stuck.tried_again", at=now, actor=actor, count=count)
        ring("messaging.process_receipts")
    return count
