from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common import clock
from common.enums import Channel, Purpose
from customers.models import Customer
from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from insights.interfaces.forms import StopForm
from messaging.enums import ConsentSource
from messaging.services import consent, shared_addresses


@role_required(Role.ADVISOR)
@require_http_methods(["GET", "POST"])
def stop(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Take down that a customer asked us to stop; what was not handed over is cancelled at once."""
    customer = get_object_or_404(Customer, pk=customer_id)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancelled = _withdraw(request, customer, form)
        messages.success(
            request, f"{customer} gets no more of these messages. {cancelled} waiting cancelled."
        )
        return redirect(url_for(request.dealership, "insights:customer-detail", customer_id=customer.pk))
    return render(request, "insights/stop.html", {"customer": customer, "form": form})


def _withdraw(request: MemberRequest, customer: Customer, form: StopForm) -> int:
    said = form.cleaned_data
    return shared_addresses.withdraw(
        [customer],
        channels=[Channel(said["channel"])] if said["channel"] else None,
        purpose=Purpose(said["purpose"]) if said["purpose"] else None,
        evidence=consent.Evidence(source=ConsentSource.ADVISOR, wording=said["wording"], actor=request.user),
        now=clock.now(),
    )
