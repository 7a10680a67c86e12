"""The advisor's appointments: a day at a time, booking for a customer, arrived, not come, cancelled."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from booking.enums import BookingSource
from booking.interfaces.forms import BookingForm
from booking.interfaces.parameters import read_date, read_id
from booking.logic.notice_words import tell_words
from booking.logic.wording import say_day, say_moment, say_time
from booking.models import Appointment
from booking.queries import upcoming_appointments
from booking.queries.board import read_board
from booking.queries.days import next_free_days
from booking.services import appointments
from booking.services.appointments import Booked
from common import clock
from customers.models import Customer
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.queries.notices import foresee_notice

# Staff pages are in English; customers are written to in their language.
LANGUAGE = "en"
STEPS: dict[str, tuple[Callable[..., bool], str]] = {
    "arrive": (appointments.arrive, "{customer} has arrived."),
    "no-show": (appointments.mark_no_show, "{customer} did not come."),
    "cancel": (appointments.cancel, "The appointment of {customer} is cancelled."),
}


def appointment_list(request: MemberRequest) -> HttpResponse:
    """Show one local day, today unless another is asked for."""
    now = clock.now()
    board = read_board(read_date(request.GET.get("on", "")), now=now)
    rows = [
        {
            "appointment": appointment,
            "time": say_time(appointment.local_time, language=LANGUAGE),
            "has_begun": appointment.starts_at <= now,
        }
        for appointment in board.appointments
    ]
    context = {
        "board": board,
        "day": say_day(board.on, language=LANGUAGE),
        "rows": rows,
        "can_work": has_role(request.membership.role, at_least=Role.ADVISOR),
    }
    return render(request, "booking/appointment_list.html", context)


@role_required(Role.ADVISOR)
@require_POST
def appointment_step(request: MemberRequest, appointment_id: int, step: str) -> HttpResponse:
    """Take an appointment one step on; one that is already past it is left as it is, and says so."""
    appointment = get_object_or_404(Appointment.objects.select_related("customer"), pk=appointment_id)
    turn, words = STEPS[step]
    if turn(appointment, by=request.user, now=clock.now()):
        told = f" {_told(request, appointment)}" if step == "cancel" else ""
        messages.success(request, words.format(customer=appointment.customer) + told)
    else:
        messages.warning(request, "Somebody has already changed this appointment: this is how it stands now.")
    return redirect(f"{url_for(request.dealership, 'booking:appointment-list')}?on={appointment.local_on}")


@role_required(Role.ADVISOR)
@require_http_methods(["GET", "POST"])
def appointment_new(request: MemberRequest) -> HttpResponse:
    """Book for the customer named in the address; what they have for the same car is moved."""
    customer = get_object_or_404(Customer, pk=read_id(request.GET.get("customer", "")))
    initial = {"nonce": secrets.token_urlsafe(9), "vehicle": read_id(request.GET.get("vehicle", ""))}
    form = BookingForm(request.POST or None, customer=customer, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _book(request, customer, form)
        if isinstance(answer, Booked):
            when = say_appointment(answer.appointment)
            told = _told(request, answer.appointment)
            messages.success(request, f"{customer} is booked for {when}. {told}")
            day = answer.appointment.local_on
            return redirect(f"{url_for(request.dealership, 'booking:appointment-list')}?on={day}")
        form.add_error("at", "That time is not free any more. These are.")
    return render(request, "booking/appointment_new.html", _choices(request, customer, form))


def _book(request: MemberRequest, customer: Customer, form: BookingForm) -> appointments.Answer:
    said = form.cleaned_data
    return appointments.book_or_move(
        customer=customer,
        vehicle=said["vehicle"],
        starts_at=said["at"],
        source=BookingSource.ADVISOR,
        key=f"advisor:{said['nonce']}",
        by=request.user,
        now=clock.now(),
        note=said["note"],
    )


def _told(request: MemberRequest, appointment: Appointment) -> str:
    """Say whether and when the customer is told of a change by a member: what the gate lets through of it."""
    now = clock.now()
    if appointment.starts_at <= now:
        return "They are not told: its time has passed."
    return _foreseen(request, appointment.customer, now=now)


def _foreseen(request: MemberRequest, customer: Customer, *, now: datetime) -> str:
    notice = foresee_notice(customer.pk, is_answer=False, now=now)
    if notice is None:
        return tell_words("", None, zone=request.dealership.zone)
    return tell_words(notice.channel, notice.verdict, zone=request.dealership.zone)


def _choices(request: MemberRequest, customer: Customer, form: BookingForm) -> dict[str, object]:
    now = clock.now()
    days = next_free_days(read_date(request.GET.get("from", "")), now=now)
    shown = [
        (
            say_day(day.on, language=LANGUAGE),
            [
                (
                    slot.starts_at.isoformat(),
                    say_time(slot.local_start.time(), language=LANGUAGE),
                    slot.places,
                )
                for slot in day.slots
            ],
        )
        for day in days
    ]
    return {
        "customer": customer,
        "told": _foreseen(request, customer, now=now),
        "form": form,
        "days": shown,
        "last_on": days[-1].on if days else None,
        "booked": [(a, say_appointment(a)) for a in upcoming_appointments(customer.pk, now=now)],
    }


def say_appointment(appointment: Appointment) -> str:
    """Return when an appointment is, as an advisor reads it."""
    moment = datetime.combine(appointment.local_on, appointment.local_time)
    return say_moment(moment, language=LANGUAGE)
