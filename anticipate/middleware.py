"""One log line a request, tied together by an id that the answer carries too."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
# What a proxy in front may hand in: short, and nothing that could break a log line.
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked every few seconds by whoever watches; its lines would drown the others.
QUIET_ROUTES = frozenset({"healthz"})

log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """Give each request an id, and log its route, status and duration.

    The route, not the path: paths hold tokens that let their holder book or opt out for a customer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = _request_id(request)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            route = request.resolver_match.route if request.resolver_match else "(none)"
            if route not in QUIET_ROUTES:
                log.info(
                    "request",
                    method=request.method,
                    route=route,
                    status=response.status_code,
                    ms=round((time.perf_counter() - started) * 1000),
                )
        response.headers[HEADER] = request_id
        return response


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
