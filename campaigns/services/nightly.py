"""The night's work of a dealership: forecast anew, let pauses end, enrol who became due."""

from datetime import date, datetime, time

import structlog
from django.db.models import Q

from campaigns.services import endings, enrolments
from common import wall_time
from common.tenancy import current_dealership, tenant_scope
from customers.services import forecasts
from dealerships.models import Dealership

log = structlog.get_logger(__name__)

NOT_BEFORE = time(2)  # local: after midnight's day change, long before anybody looks at the due list


def run_where_night_has_come(*, now: datetime) -> int:
    """Do the night's work of each active dealership whose night it is and that has not had it; answer how many.

    One dealership's trouble is logged and keeps none of the others from theirs.
    """
    done = 0
    for dealership in Dealership.objects.filter(is_active=True).order_by("pk"):
        tonight = _night_of(dealership, now=now)
        if tonight is None:
            continue
        try:
            with tenant_scope(dealership):
                run(today=tonight, now=now)
        except Exception:  # whatever one dealership's data may bring up, the next one still gets its night
            log.exception("nightly_failed", dealership=dealership.slug)
        else:
            done += 1
    return done


def run(*, today: date, now: datetime) -> enrolments.Enrolled:
    """Do the night's work of the dealership in scope. Repeating is harmless; it is marked as done at the end."""
    forecasts.refresh(vehicle_ids=None, today=today)
    endings.resume_due(now=now)
    endings.complete_finished(now=now)
    enrolled = enrolments.enrol_due(now=now)
    not_yet = Q(nightly_ran_on__isnull=True) | Q(nightly_ran_on__lt=today)
    Dealership.objects.filter(not_yet, pk=current_dealership().pk).update(nightly_ran_on=today)
    log.info("nightly_done", dealership=current_dealership().slug, enrolled=enrolled.enrolled)
    return enrolled


def _night_of(dealership: Dealership, *, now: datetime) -> date | None:
    """Return the local date whose night's work is to be done now, or None."""
    local_now = wall_time.to_local(now, zone_name=dealership.time_zone)
    has_come = local_now.time() >= NOT_BEFORE
    is_done = dealership.nightly_ran_on is not None and dealership.nightly_ran_on >= local_now.date()
    return local_now.date() if has_come and not is_done else None
