"""Who may do what: predicates over a role, and the decorator views use."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from dealerships.enums import Role

RANK = {Role.VIEWER: 0, Role.ADVISOR: 1, Role.ADMIN: 2}

View = Callable[..., HttpResponse]


def has_role(role: str, *, at_least: Role) -> bool:
    """Return whether a member of `role` may do what `at_least` may."""
    return RANK[Role(role)] >= RANK[at_least]


def role_required(at_least: Role) -> Callable[[View], View]:
    """Answer 403 to members below a role. The middleware has made sure that it is a member."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not has_role(request.membership.role, at_least=at_least):  # type: ignore[attr-defined]  # set by the middleware
                raise PermissionDenied(f"This needs the role {at_least.label.split(':')[0].lower()}.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def operator_required(view: View) -> View:
    """Let only operators of the platform (`is_staff`) in; for everybody else the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404("Nothing is here for you.")
        return view(request, *args, **kwargs)

    return guarded
