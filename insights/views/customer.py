from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch

from customers.models import Customer
from dealerships.enums import Role
from dealerships.permissions import has_role
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from insights.interfaces.forms import PreferenceForm
from insights.logic.moments import Near
from insights.logic.timeline import Filter, Mark, parse_mark
from insights.queries import customer as customers
from insights.queries import reach, timeline
from insights.views.near import near_of


def customer(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Show a customer; htmx gets the timeline alone, or its next page."""
    near = near_of(request)
    if request.htmx:
        found = get_object_or_404(Customer, pk=customer_id)
        return render(
            request,
            "insights/customer.html#timeline",
            {"customer": found, **_stream(request, customer_id, near)},
        )
    try:
        page = customers.load(customer_id, near=near)
    except Customer.DoesNotExist as error:
        raise Http404("No such customer at this dealership.") from error
    reaches = reach.of_customer(customer_id, near=near)
    context = {
        "page": page,
        "customer": page.customer,
        "reach": reaches,
        "stopped": [one.label.lower() for one in reaches if one.has_stopped],
        "preference": PreferenceForm(initial={"channel": page.customer.preferred_channel}),
        "can_work": has_role(request.membership.role, at_least=Role.ADVISOR),
        "book_url": _action(request, "booking:appointment-new", query={"customer": customer_id}),
        "answer_url": _action(request, "conversations:conversation-detail", customer_id=customer_id),
        **_stream(request, customer_id, near),
    }
    return render(request, "insights/customer.html", context)


def _stream(request: MemberRequest, customer_id: int, near: Near) -> dict[str, Any]:
    chosen = _filter(request.GET.get("show", ""))
    mark = parse_mark(request.GET.get("after", ""))
    stream = timeline.page(customer_id, near=near, shown=chosen, mark=mark)
    return {
        "filters": list(Filter),
        "chosen": chosen,
        "stream": stream,
        "is_first": mark is None,
        "more_url": _link(chosen, stream.next) if stream.next else "",
    }


def _filter(text: str) -> Filter:
    return Filter(text) if text in set(Filter) else Filter.ALL


def _link(chosen: Filter, mark: Mark) -> str:
    return "?" + urlencode({"show": chosen.value, "after": str(mark)})


def _action(request: MemberRequest, view: str, *, query: dict[str, int] | None = None, **kwargs: Any) -> str:
    """Return the path of a page where something is done about a customer; none where there is no such page."""
    try:
        path = url_for(request.dealership, view, **kwargs)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path
