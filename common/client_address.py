"""Where a request came from, as limits count it."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

IPV6_PREFIX = (
    64  # what one household or server has to itself: within it every request can have another address
)


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address, of IPv6 the network; behind a trusted proxy what it says (TRUST_PROXY_HEADERS).

    "" where nothing is known of it.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, IPV6_PREFIX), strict=False))
    return str(address)
