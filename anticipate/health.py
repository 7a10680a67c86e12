"""Is this installation well? For load balancers, Docker and whoever is on call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.enums import TouchState
from campaigns.models import Touch
from common import clock
from common.tenancy import cross_tenant
from messaging.enums import MessageState
from messaging.models import Message
from messaging.queries import stuck

# Sweeps run each minute: what is due for longer than this was not picked up by several of them.
LATE_SECONDS = 300


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages can be served, 503 when the database does not answer.

    `status` is "late" when due work lies about: the web process is well then, the workers are not. It is "stuck"
    when something that providers told us fails again and again: somebody has to look (`manage.py retry_stuck`).
    """
    try:
        ages, stuck_rows = oldest_due_seconds(now=clock.now()), stuck_count()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    is_late = any(age is not None and age > LATE_SECONDS for age in ages.values())
    status = "late" if is_late else "stuck" if stuck_rows else "ok"
    return JsonResponse({"status": status, "database": "ok", "oldest_due_seconds": ages, "stuck": stuck_rows})


def stuck_count() -> int:
    """Return how many receipts and untold things of all dealerships have failed too often, or are given up."""
    with cross_tenant(reason="health: what is stuck at any dealership"):
        return stuck.count()


def oldest_due_seconds(*, now: datetime) -> dict[str, int | None]:
    """Return for how long the oldest due touch and message have been waiting; None where nothing is due."""
    with cross_tenant(reason="health: the age of the oldest due row of all dealerships"):
        touch: dict[str, Any] = Touch.objects.filter(
            state=TouchState.PLANNED, next_try_at__lte=now
        ).aggregate(oldest=Min("next_try_at"))
        message: dict[str, Any] = Message.objects.filter(
            state=MessageState.QUEUED, not_before__lte=now
        ).aggregate(oldest=Min("not_before"))
    return {"touch": _age(touch["oldest"], now=now), "message": _age(message["oldest"], now=now)}


def _age(moment: datetime | None, *, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())
