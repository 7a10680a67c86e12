"""Opening hours, slots and closed days: members see them, admins change them."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from booking.interfaces.rules_forms import ClosedDaysForm, HoursForm, SlotRulesForm
from booking.logic.slots import Schedule
from booking.queries import read_schedule
from booking.queries.rules_page import read_rules_page
from booking.services import rules
from booking.views.appointments import say_appointment
from common import clock
from dealerships.enums import Role
from dealerships.models import ClosedDay
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from dealerships.services import hours
from dealerships.services.hours import OpenStretch


@require_http_methods(["GET", "POST"])
def booking_rules(request: MemberRequest) -> HttpResponse:
    """Show when and how can be booked; take an admin's changes."""
    if request.method == "POST":
        return _change(request)
    return _page(request)


@role_required(Role.ADMIN)
def _change(request: MemberRequest) -> HttpResponse:
    present = _weekly(read_schedule())
    slots, week = SlotRulesForm(request.POST), HoursForm(request.POST, present=present)
    is_valid = slots.is_valid() & week.is_valid()
    if is_valid and not any(each.minutes >= slots.rules.slot_minutes for each in week.weekly):
        slots.add_error("slot_minutes", "No slot of this length fits into the opening hours.")
    if slots.errors or week.errors:
        return _page(request, slots=slots, week=week, status=422)
    now = clock.now()
    rules.change(slots.rules, weekly=week.weekly, by=request.user, now=now)
    messages.success(request, "Saved. What is booked keeps its time.")
    return redirect(url_for(request.dealership, "booking:rules"))


@role_required(Role.ADMIN)
@require_POST
def close_days(request: MemberRequest) -> HttpResponse:
    """Close the dealership on one day or several."""
    now = clock.now()
    form = ClosedDaysForm(request.POST, today=read_schedule().today(now))
    if not form.is_valid():
        return _page(request, closing=form, status=422)
    added = hours.close(form.days, by=request.user, now=now)
    said = f"Closed on {added} more day{'' if added == 1 else 's'}." if added else "Already closed then."
    messages.success(request, said)
    return redirect(url_for(request.dealership, "booking:rules") + "#closed-days")


@role_required(Role.ADMIN)
@require_POST
def reopen(request: MemberRequest, closed_day_id: int) -> HttpResponse:
    """Open again on a day that was closed."""
    day = get_object_or_404(ClosedDay, pk=closed_day_id)
    hours.reopen(day, by=request.user, now=clock.now())
    messages.success(request, f"Open again on {day.on:%a} {day.on.day} {day.on:%b %Y}.")
    return redirect(url_for(request.dealership, "booking:rules") + "#closed-days")


def _page(
    request: MemberRequest,
    *,
    slots: SlotRulesForm | None = None,
    week: HoursForm | None = None,
    closing: ClosedDaysForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    shown = read_rules_page(now=now)
    can_change = has_role(request.membership.role, at_least=Role.ADMIN)
    slots = slots or SlotRulesForm(initial=asdict(shown.schedule.rules))
    week = week or HoursForm(present=_weekly(shown.schedule))
    for form in () if can_change else (slots, week):
        for field in form.fields.values():
            field.disabled = True
    context = {
        "slots_form": slots,
        "week_form": week,
        "week": [(row, shown.slots_on[row.day]) for row in week.days()],
        "closing_form": closing or ClosedDaysForm(today=shown.today),
        "shown": shown,
        "outside": [(appointment, say_appointment(appointment)) for appointment in shown.outside],
        "can_change": can_change,
    }
    return render(request, "booking/rules.html", context, status=status)


def _weekly(schedule: Schedule) -> list[OpenStretch]:
    return sorted(OpenStretch(each.weekday, each.opens_at, each.closes_at) for each in schedule.hours)
