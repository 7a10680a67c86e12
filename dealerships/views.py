from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dealerships import queries
from dealerships.routing import url_for


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the only dealership of a member, or let them choose among several."""
    memberships = queries.memberships_of(request.user)  # type: ignore[arg-type]  # login_required
    if len(memberships) == 1:
        return redirect(url_for(memberships[0].dealership, "insights:today"))
    return render(request, "dealerships/choose.html", {"memberships": memberships})
