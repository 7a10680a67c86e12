"""Moving a demo installation's clock ahead, and doing on the way what would have been done in that time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Min

from campaigns.enums import TouchState
from campaigns.models import Touch
from campaigns.services import dispatch, nightly
from common import clock
from common.tenancy import cross_tenant
from dealerships.models import Dealership
from insights.logic.demo_steps import next_stop
from messaging.enums import MessageState
from messaging.models import Message
from messaging.services import receipts_processing, sending

SEND_SECONDS = 20.0  # of one stop; what is left over the worker sends
MOST_STOPS = 400  # of one advance; each does at least a night's work or a batch of touches


LOCK = (0x44454D4F, 0)  # "DEMO": an advisory lock of the installation


class AlreadyMoving(Exception):
    """Somebody is setting the clock ahead at this moment."""


@dataclass(frozen=True)
class Advanced:
    """Where the clock stands now, at how many moments something was done, and how many messages left."""

    now: datetime
    stops: int
    sent: int


def advance(*, until: datetime) -> Advanced:
    """Set the demo clock to `until`, stopping at every moment at which something is due: nights, touches, messages.

    Jumping at once would be another story than the days really passing: reminders would come too late and be
    skipped, and two steps of a cadence would fall on one day.

    One at a time: two requests would each add to the clock what is missing, and arrive at twice the time.

    raises: ValueError outside a demo installation; AlreadyMoving
    """
    with _alone():
        return _advance(until=until)


@contextmanager
def _alone() -> Iterator[None]:
    """PostgreSQL gives the lock back when its connection ends, however this process does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        if not cursor.fetchone()[0]:
            raise AlreadyMoving
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)


def _advance(*, until: datetime) -> Advanced:
    stops = sent = 0
    while (now := clock.now()) < until and stops < MOST_STOPS:
        stop = next_stop(now, until=until, due=_due_moments(), zone_names=_zone_names())
        clock.advance(stop - now)
        sent += _work(clock.now())
        stops += 1
    return Advanced(now=clock.now(), stops=stops, sent=sent)


def _due_moments() -> list[datetime]:
    with cross_tenant(reason="demo clock: the next moment at which something is due anywhere"):
        touch = Touch.objects.filter(state=TouchState.PLANNED).aggregate(at=Min("next_try_at"))["at"]
        message = Message.objects.filter(state=MessageState.QUEUED).aggregate(at=Min("not_before"))["at"]
    return [at for at in (touch, message) if at is not None]


def _zone_names() -> list[str]:
    return list(Dealership.objects.filter(is_active=True).values_list("time_zone", flat=True).distinct())


def _work(now: datetime) -> int:
    """Do what worker and beat would do at this moment; return how many messages were accepted."""
    receipts_processing.process(now=now)
    nightly.run_where_night_has_come(now=now)
    dispatch.dispatch_due(now=now)
    if not _has_mail(
        now
    ):  # most stops are nights: opening and closing a sender for nothing takes a tenth of a second
        return 0
    return sending.drain(now=clock.now, run_seconds=SEND_SECONDS).accepted


def _has_mail(now: datetime) -> bool:
    with cross_tenant(reason="demo clock: whether anything waits to be sent"):
        return Message.objects.filter(state=MessageState.QUEUED, not_before__lte=now).exists()
