from django.http import Http404, HttpResponse
from django.shortcuts import render

from campaigns.models import Touch
from dealerships.requests import MemberRequest
from insights.queries.why import explain
from insights.views.near import near_of


def why(request: MemberRequest, customer_id: int, touch_id: int) -> HttpResponse:
    """Show why a reminder was or was not sent; htmx gets the panel for its place in the timeline."""
    try:
        explanation = explain(touch_id, customer_id=customer_id, near=near_of(request))
    except Touch.DoesNotExist as error:
        raise Http404("No such reminder of this customer.") from error
    template = "insights/why.html#panel" if request.htmx else "insights/why.html"
    return render(request, template, {"why": explanation, "customer": explanation.touch.enrolment.customer})
