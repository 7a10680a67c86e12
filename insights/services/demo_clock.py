"""Moving a demo installation's clock ahead, and doing on the way what would have been done in that time."""

from dataclasses import dataclass
from datetime import datetime

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

    raises: ValueError outside a demo installation
    """
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
    return sending.drain(now=clock.now, run_seconds=SEND_SECONDS).accepted
