"""When a dealership's service lane is open: weekly hours and closed days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from common.tenancy import current_dealership
from dealerships.models import ClosedDay, OpeningHours, User
from dealerships.services import log


@dataclass(frozen=True, slots=True, order=True)
class OpenStretch:
    """One stretch of a weekday (0 = Monday) in local time."""

    weekday: int
    opens_at: time
    closes_at: time

    @property
    def minutes(self) -> int:
        return 60 * (self.closes_at.hour - self.opens_at.hour) + self.closes_at.minute - self.opens_at.minute


@transaction.atomic
def set_weekly(stretches: Iterable[OpenStretch], *, by: User | None, now: datetime) -> bool:
    """Put these weekly hours in the place of the present ones. False when they are the same.

    What bookings follow from them is not known here: pages use `booking.services.rules.change`.
    """
    wanted = sorted(set(stretches))
    present = OpeningHours.objects.order_by("weekday", "opens_at", "closes_at")
    if wanted == [OpenStretch(*row) for row in present.values_list("weekday", "opens_at", "closes_at")]:
        return False
    dealership = current_dealership()
    OpeningHours.objects.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            dealership=dealership, weekday=each.weekday, opens_at=each.opens_at, closes_at=each.closes_at
        )
        for each in wanted
    )
    log.record(dealership, "dealerships.hours.changed", at=now, actor=by, stretches=len(wanted))
    return True


@transaction.atomic
def close(days: Iterable[tuple[date, str]], *, by: User | None, now: datetime) -> int:
    """Close the dealership on days, each with its reason, and return how many were open before."""
    dealership = current_dealership()
    reasons = dict(days)
    known = set(ClosedDay.objects.filter(on__in=reasons).values_list("on", flat=True))
    added = sorted(set(reasons) - known)
    ClosedDay.objects.bulk_create(
        (ClosedDay(dealership=dealership, on=on, reason=reasons[on]) for on in added), ignore_conflicts=True
    )
    if added:
        dates = [on.isoformat() for on in added]
        log.record(dealership, "dealerships.days.closed", at=now, actor=by, on=dates)
    return len(added)


@transaction.atomic
def reopen(closed_day: ClosedDay, *, by: User | None, now: datetime) -> None:
    """Open the dealership again on a day that was closed."""
    on = closed_day.on
    deleted, _ = ClosedDay.objects.filter(pk=closed_day.pk).delete()
    if deleted:
        dealership = current_dealership()
        log.record(dealership, "dealerships.day.reopened", at=now, actor=by, on=on.isoformat())
