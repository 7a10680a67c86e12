"""Replies waiting for an advisor, and the thread with one customer."""

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from booking.logic.notice_words import when_words
from campaigns.queries.pauses import said_sold_by
from campaigns.services import pauses
from common import clock
from conversations.enums import ConversationState
from conversations.interfaces.forms import AnswerForm
from conversations.queries import inbox
from conversations.services import advising, threads
from customers.models import Customer, Vehicle
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.logic.gate import Skip, Wait
from messaging.reason_words import words_within


def conversation_list(request: MemberRequest) -> HttpResponse:
    """Show the threads in one state, the waiting ones unless another is asked for."""
    asked = request.GET.get("state", "")
    state = ConversationState(asked) if asked in ConversationState.values else ConversationState.WAITING
    counts = inbox.counts()
    context = {
        "state": state,
        "tabs": [
            (each, counts[each.value])
            for each in (ConversationState.WAITING, ConversationState.OPEN, ConversationState.CLOSED)
        ],
        "rows": inbox.rows(state),
        "unknown": inbox.unknown_senders() if state == ConversationState.WAITING else [],
    }
    return render(request, "conversations/conversation_list.html", context)


@require_http_methods(["GET", "POST"])
def conversation_detail(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Show what was said with a customer; an advisor's answer goes out on POST."""
    customer = get_object_or_404(Customer, pk=customer_id)
    if request.method == "POST":
        return _answer(request, customer)
    return _show(request, customer, AnswerForm(initial={"nonce": secrets.token_urlsafe(9)}))


@role_required(Role.ADVISOR)
def _answer(request: MemberRequest, customer: Customer) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, customer, form, status=400)
    said = form.cleaned_data
    result = advising.answer(
        customer, text=said["text"], nonce=said["nonce"], by=request.user, now=clock.now()
    )
    if isinstance(result, advising.Unreachable):
        form.add_error(None, "There is no number or e-mail address to send this to.")
        return _show(request, customer, form, status=409)
    if isinstance(result, advising.Refused):
        form.add_error(None, f"Nothing was sent: {words_within(result.reason)}.")
        return _show(request, customer, form, status=409)
    when = (
        f"goes out {when_words(result.waits.until, result.waits.reason, zone=request.dealership.zone)}"
        if result.waits
        else "is on its way"
    )
    messages.success(request, f"Your answer to {customer} {when}.")
    return redirect(url_for(request.dealership, "conversations:conversation-detail", customer_id=customer.pk))


@role_required(Role.ADVISOR)
@require_POST
def conversation_close(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Close a thread that needs no answer."""
    customer = get_object_or_404(Customer, pk=customer_id)
    if threads.settle(customer, by=request.user, now=clock.now()):
        messages.success(request, f"The thread with {customer} is closed.")
    return redirect(url_for(request.dealership, "conversations:conversation-list"))


@role_required(Role.ADVISOR)
@require_POST
def vehicle_sold(request: MemberRequest, customer_id: int, vehicle_id: int) -> HttpResponse:
    """Settle whether a vehicle was sold whose owner said so: end its reminders, or go on with them."""
    customer = get_object_or_404(Customer, pk=customer_id)
    vehicle = get_object_or_404(Vehicle, pk=vehicle_id, customer=customer)
    if request.POST.get("answer") == "kept":
        if pauses.settle_kept(vehicle, by=request.user, now=clock.now()):
            messages.success(request, f"Reminders for the {vehicle} go on.")
    elif pauses.settle_sold(vehicle, by=request.user, now=clock.now()):
        messages.success(request, f"The {vehicle} is marked as sold; its reminders have ended.")
    return redirect(url_for(request.dealership, "conversations:conversation-detail", customer_id=customer.pk))


def _show(request: MemberRequest, customer: Customer, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    line = advising.reply_line(customer, now=clock.now())
    verdict = advising.foresee(line, now=clock.now()) if line else None
    context = {
        "thread": inbox.read_thread(customer, now=clock.now()),
        "customer": customer,
        "form": form,
        "line": line,
        "refused": words_within(verdict.reason) if isinstance(verdict, Skip) else "",
        "held": when_words(verdict.until, verdict.reason, zone=request.dealership.zone)
        if isinstance(verdict, Wait)
        else "",
        "said_sold": said_sold_by(customer.pk),
        "can_work": has_role(request.membership.role, at_least=Role.ADVISOR),
    }
    return render(request, "conversations/conversation_detail.html", context, status=status)
