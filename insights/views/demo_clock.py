from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from insights.interfaces.forms import ClockForm
from insights.logic.moments import Near, date_and_time
from insights.services import demo_clock
from insights.views.near import near_of

MORNING = time(9)


@require_POST
@role_required(Role.ADVISOR)
def advance_clock(request: MemberRequest) -> HttpResponse:
    """Set the demo clock ahead, with everything happening on the way that falls due."""
    if not settings.DEMO:
        raise Http404("The clock of this installation is the real one.")
    form = ClockForm(request.POST)
    if form.is_valid():
        _advance(request, until=_until(form, near_of(request)))
    else:
        messages.error(request, "Choose how far, or a day.")
    back = request.POST.get("customer", "")
    if back.isdecimal():
        return redirect(url_for(request.dealership, "insights:sandbox-customer", customer_id=int(back[:18])))
    return redirect(url_for(request.dealership, "insights:sandbox"))


def _advance(request: MemberRequest, *, until: datetime) -> None:
    try:
        done = demo_clock.advance(until=until)
    except demo_clock.AlreadyMoving:
        messages.info(request, "The clock is on its way already. Wait until it has arrived.")
        return
    sent = f"{done.sent} message{'' if done.sent == 1 else 's'} went out on the way."
    messages.success(request, f"It is now {date_and_time(near_of(request))}. {sent}")


def _until(form: ClockForm, near: Near) -> datetime:
    hours, on = form.cleaned_data["hours"], form.cleaned_data["on"]
    if hours:
        return near.now + timedelta(hours=hours)
    return max(datetime.combine(on, MORNING, near.zone), near.now)
