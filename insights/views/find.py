from django.http import HttpResponse
from django.shortcuts import redirect, render

from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from insights.logic.due_filter import clean_query
from insights.queries import found
from insights.views.near import near_of


def find(request: MemberRequest) -> HttpResponse:
    """Show the customers a search finds; the only one at once."""
    text = clean_query(request.GET.get("q", ""))
    result = found.customers(text, near=near_of(request))
    if result.total == 1 and not request.htmx:
        return redirect(
            url_for(request.dealership, "insights:customer-detail", customer_id=result.rows[0].customer.pk)
        )
    return render(request, "insights/search.html", {"text": text, "found": result})
