from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from common.tenancy import tenant_scope
from dealerships import queries

SLUG = "dealership_slug"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class DealershipMiddleware:
    """Open the scope and the time zone of the dealership named in the URL, for its members only.

    Someone who is not a member gets 404, as for a dealership that does not exist: which dealerships there
    are is nobody's business. The scope is open while the view runs and its template is rendered, not
    while a streaming response is read: such a view loads what it streams first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        slug = _slug_in(request)
        if slug is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        membership = queries.membership_at(request.user, slug=slug)
        if membership is None:
            # Raised inside the view chain, so that the usual 404 page answers.
            request.membership = request.dealership = None  # type: ignore[attr-defined]
            return self.get_response(request)
        request.membership = membership  # type: ignore[attr-defined]
        request.dealership = membership.dealership  # type: ignore[attr-defined]
        with tenant_scope(membership.dealership), timezone.override(membership.dealership.zone):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Take the slug out of the view's arguments: views read `request.dealership`."""
        if kwargs.pop(SLUG, None) is not None and request.dealership is None:  # type: ignore[attr-defined]
            raise Http404
        return None


def _slug_in(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).kwargs.get(SLUG)
    except Resolver404:
        return None


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A swapped-in login form would land inside a table: have htmx load the whole page instead.
        return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(request.path).url})
    return redirect_to_login(request.get_full_path())
