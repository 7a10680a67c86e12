"""A request below /d/<slug>/, as the middleware has made it; for the annotations of views."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from dealerships.models import Dealership, Membership, User


class MemberRequest(HttpRequest):
    """Has the dealership whose scope is open and what the user is there."""

    user: User  # signed in: the middleware answers everybody else
    dealership: Dealership
    membership: Membership
    htmx: HtmxDetails
