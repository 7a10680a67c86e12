"""What a call to a provider's address hears that no provider made."""

from datetime import timedelta

import structlog
from django.http import HttpRequest, HttpResponse

from common import limits
from common.client_address import client_address
from common.limits import Limit

log = structlog.get_logger(__name__)

# Counted are only calls that failed, and only after the signature was looked at: providers send in bursts from few addresses
# that many of their clients share, so that an address says nothing about whether a call is good, and one lost reply
# of a customer costs more than any number of bad calls.
FAILURES = Limit("webhook-failures", most=30, within=timedelta(minutes=10))
TOO_MANY = 429


def refuse(request: HttpRequest, *, status: int, event: str, **about: str) -> HttpResponse:
    """Answer a failed call: with its status, and from the 31st of an address within ten minutes with 429.

    Then whoever guesses no longer learns which accounts there are, and fills no log.
    """
    failures = limits.count(FAILURES, client_address(request))
    if failures > FAILURES.most:
        return HttpResponse(status=TOO_MANY, headers={"Retry-After": str(FAILURES.seconds)})
    log.warning(event, **about)
    if failures == FAILURES.most:
        log.warning("webhook.many_failures", **about)
    return HttpResponse(status=status)
