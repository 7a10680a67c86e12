"""Who asked us to stop, in their own words or by their own hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from common.enums import Purpose
from messaging.enums import ConsentAction
from messaging.logic.consent import NOT_THEIR_OWN
from messaging.models import ConsentEvent


def marketing_stops(customer_ids: Collection[int], *, since: datetime) -> dict[int, datetime]:
    """Return when each customer stopped reminders on whatever channel, if that was after `since` and still is their last word.

    In the dealership in scope. A START after it, or one on another channel, is a newer word and lifts it.
    """
    last_words = (
        ConsentEvent.objects.filter(
            customer_id__any_of=list(customer_ids), purpose__in=["", Purpose.MARKETING], at__gt=since
        )
        .exclude(source__in=NOT_THEIR_OWN)
        .order_by("customer_id", "-at", "-pk")
        .distinct("customer_id")
        .values_list("customer_id", "action", "at")
    )
    return {customer_id: at for customer_id, action, at in last_words if action == ConsentAction.WITHDRAWN}
