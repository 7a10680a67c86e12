"""Replies waiting for an advisor, and the thread with one customer."""

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from conversations.enums import ConversationState
from conversations.interfaces.forms import AnswerForm
from conversations.queries import inbox
from conversations.services import advising, threads
from customers.models import Customer
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for


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
    messages.success(request, f"Your answer to {customer} is on its way.")
    return redirect(url_for(request.dealership, "conversations:conversation-detail", customer_id=customer.pk))


@role_required(Role.ADVISOR)
@require_POST
def conversation_close(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Close a thread that needs no answer."""
    customer = get_object_or_404(Customer, pk=customer_id)
    if threads.settle(customer, by=request.user, now=clock.now()):
        messages.success(request, f"The thread with {customer} is closed.")
    return redirect(url_for(request.dealership, "conversations:conversation-list"))


def _show(request: MemberRequest, customer: Customer, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    context = {
        "thread": inbox.read_thread(customer, now=clock.now()),
        "customer": customer,
        "form": form,
        "line": advising.reply_line(customer, now=clock.now()),
        "can_work": has_role(request.membership.role, at_least=Role.ADVISOR),
    }
    return render(request, "conversations/conversation_detail.html", context, status=status)
