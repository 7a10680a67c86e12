from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from common import clock
from common.enums import Channel
from customers.models import Customer
from customers.services import preferences
from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from insights.interfaces.forms import PreferenceForm


@require_POST
@role_required(Role.ADVISOR)
def prefer_channel(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Take down by which channel a customer wants to be reached."""
    customer = get_object_or_404(Customer, pk=customer_id)
    form = PreferenceForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data["channel"]
        preferences.prefer_channel(
            customer, Channel(wanted) if wanted else None, by=request.user, now=clock.now()
        )
        messages.success(request, f"Saved for {customer}.")
    else:
        messages.error(request, "Choose one of the channels.")
    return redirect(url_for(request.dealership, "insights:customer-detail", customer_id=customer.pk))
