from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from customers.models import Service
from dealerships.requests import MemberRequest
from insights.logic.cursor import Place, parse_place
from insights.logic.due_filter import DueFilter, Progress, Window, parse_filter
from insights.queries import due_list, search
from insights.views.near import near_of


def due(request: MemberRequest) -> HttpResponse:
    """Show the vehicles that fall due; htmx gets the table alone."""
    wanted = parse_filter(request.GET)
    page = due_list.page(
        wanted,
        near=near_of(request),
        after=parse_place(request.GET.get("after", "")),
        before=parse_place(request.GET.get("before", "")),
        size=due_list.PAGE_SIZE,
    )
    context = {
        "wanted": wanted,
        "page": page,
        "windows": list(Window),
        "progresses": list(Progress),
        "services": Service.objects.filter(is_active=True),
        "is_cut_short": len(search.customer_ids(wanted.query)) >= search.MOST_MATCHES
        if wanted.query
        else False,
        "first_url": _link(wanted) if page.before else "",
        "previous_url": _link(wanted, before=page.before) if page.before else "",
        "next_url": _link(wanted, after=page.after) if page.after else "",
        "everywhere_url": _link(DueFilter(window=Window.ALL)),
    }
    template = "insights/due_list.html#table" if request.htmx else "insights/due_list.html"
    return render(request, template, context)


def _link(wanted: DueFilter, *, after: Place | None = None, before: Place | None = None) -> str:
    given = {
        "window": wanted.window,
        "service": wanted.service,
        "progress": wanted.progress,
        "q": wanted.query,
        "after": after or "",
        "before": before or "",
    }
    return "?" + urlencode({key: str(value) for key, value in given.items() if value})
