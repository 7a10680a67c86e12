"""What fails again and again, tried once more by an admin."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from common import clock
from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.services import stuck


@role_required(Role.ADMIN)
@require_POST
def retry_stuck(request: MemberRequest) -> HttpResponse:
    count = stuck.try_again(now=clock.now(), actor=request.user)
    if count:
        messages.success(request, f"{count} of them tried again. What still fails comes back here.")
    else:
        messages.info(request, "Nothing is stuck any more.")
    return redirect(url_for(request.dealership, "insights:today"))
