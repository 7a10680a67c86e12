from common import clock
from dealerships.requests import MemberRequest
from insights.logic.moments import Near, uses_24h


def near_of(request: MemberRequest) -> Near:
    """Return the present moment and place of the dealership a request is about."""
    dealership = request.dealership
    return Near(now=clock.now(), zone=dealership.zone, uses_24h=uses_24h(dealership.country))
