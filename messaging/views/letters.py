"""The print queue: letters that wait, batches of them, and their PDF."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from common import clock
from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.models import PrintBatch
from messaging.queries import letters as queries
from messaging.services import printing


@require_GET
def letter_list(request: MemberRequest) -> HttpResponse:
    context = {
        "letters": queries.waiting_letters(),
        "waiting_count": queries.waiting_count(),
        "batches": queries.batches(),
    }
    return render(request, "messaging/letters.html", context)


@role_required(Role.ADVISOR)
@require_POST
def batch_open(request: MemberRequest) -> HttpResponse:
    batch = printing.open_batch(actor=request.user, now=clock.now())
    if batch is None:
        messages.info(request, "No letter is waiting.")
    else:
        messages.success(request, "The batch is ready to print.")
    return _back(request)


@role_required(Role.ADVISOR)
@require_GET
def batch_pdf(request: MemberRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(PrintBatch, pk=batch_id)
    try:
        content = printing.batch_pdf(batch)
    except printing.EmptyBatch:
        messages.info(request, "All letters of this batch were taken out. There is nothing to print.")
        return _back(request)
    headers = {
        "Content-Disposition": f'inline; filename="letters-{batch.pk}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@role_required(Role.ADVISOR)
@require_POST
def batch_printed(request: MemberRequest, batch_id: int) -> HttpResponse:
    batch = get_object_or_404(PrintBatch, pk=batch_id)
    if printing.mark_printed(batch, actor=request.user, now=clock.now()):
        messages.success(request, "Marked as printed.")
    return _back(request)


def _back(request: MemberRequest) -> HttpResponse:
    return redirect(url_for(request.dealership, "messaging:letter-list"))
