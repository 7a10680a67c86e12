from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from common import clock
from customers.models import OpCode, Service
from customers.queries import imports as queries
from customers.services import op_codes
from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for

PAGE = 50


@require_GET
def op_code_list(request: MemberRequest) -> HttpResponse:
    """Show the op codes, those without a service first."""
    page = queries.page_of(queries.op_codes(), number=request.GET.get("page", ""), size=PAGE)
    context = {
        "page": page,
        "services": Service.objects.all(),
        "unmapped": queries.unmapped_op_codes().count(),
    }
    return render(request, "customers/op_codes.html", context)


@require_POST
@role_required(Role.ADMIN)
def assign(request: MemberRequest, op_code_id: int) -> HttpResponse:
    """Take down which service an op code is."""
    op_code = get_object_or_404(OpCode, pk=op_code_id)
    wanted = request.POST.get("service", "")
    service = get_object_or_404(Service, code=wanted) if wanted else None
    changed = op_codes.assign(op_code, service, by=request.user, now=clock.now())
    meaning = f"is {service.name}" if service else "is no service of the menu"
    messages.success(request, f"{op_code.code} {meaning}: {changed:,} lines changed.")
    return redirect(url_for(request.dealership, "customers:op-code-list"))
