from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from customers.enums import ImportStatus
from customers.interfaces.import_forms import ColumnsForm, DateOrderForm, UploadForm
from customers.interfaces.import_page import import_page
from customers.interfaces.import_summary import undo_lines
from customers.models import ImportFile, VisitImport
from customers.queries import imports as queries
from customers.services.imports import intake, undoing
from customers.services.imports.error_file import error_files
from customers.services.imports.intake import Upload
from customers.services.imports.locking import ImportRunning
from customers.services.imports.planning import outline_file
from customers.services.imports.running import NotRunnable
from dealerships.enums import Role
from dealerships.permissions import role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for

PAGE = 50


@require_GET
def import_list(request: MemberRequest) -> HttpResponse:
    """Show the dealership's imports, the newest first."""
    page = queries.page_of(queries.newest_imports(), number=request.GET.get("page", ""), size=PAGE)
    return render(request, "customers/imports/list.html", {"page": page})


@role_required(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    """Take files in and have them checked."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploads = [Upload(file.name or "file", file.chunks()) for file in form.cleaned_data["uploads"]]
        visit_import = intake.create_from_uploads(uploads, started_by=request.user)
        intake.request_preview(visit_import)
        return _to_detail(request, visit_import)
    context = {"form": form, "attestation": request.dealership.consent_attestation}
    return render(request, "customers/imports/upload.html", context)


@require_GET
def detail(request: MemberRequest, import_id: int) -> HttpResponse:
    """Show one import: progress while it runs, what it would do or did, what was wrong."""
    visit_import = get_object_or_404(queries.newest_imports(), pk=import_id)
    template = "customers/imports/detail.html#state" if request.htmx else "customers/imports/detail.html"
    context = {"page": import_page(visit_import), "date_order_form": DateOrderForm()}
    return render(request, template, context)


@require_POST
@role_required(Role.ADMIN)
def check(request: MemberRequest, import_id: int) -> HttpResponse:
    visit_import = _open_import(import_id)
    intake.request_preview(visit_import)
    return _to_detail(request, visit_import)


@require_POST
@role_required(Role.ADMIN)
def run(request: MemberRequest, import_id: int) -> HttpResponse:
    visit_import = _open_import(import_id)
    intake.request_run(visit_import)
    return _to_detail(request, visit_import)


@require_POST
@role_required(Role.ADMIN)
def date_order(request: MemberRequest, import_id: int) -> HttpResponse:
    """Take the answer which of day and month stands first, and check the files again."""
    visit_import = _open_import(import_id)
    form = DateOrderForm(request.POST)
    if form.is_valid():
        intake.answer_date_order(visit_import, date_order=form.cleaned_data["date_order"])
        intake.request_preview(visit_import)
    else:
        messages.error(request, "Choose whether the month or the day stands first.")
    return _to_detail(request, visit_import)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def columns(request: MemberRequest, import_id: int, file_id: int) -> HttpResponse:
    """Show what a file's columns are taken for, and take corrections."""
    file = get_object_or_404(
        ImportFile.objects.select_related("visit_import"), pk=file_id, visit_import_id=import_id
    )
    outline = outline_file(file)
    if outline.problem or outline.is_fixed:
        return _to_detail(request, file.visit_import)
    form = ColumnsForm(outline, request.POST or None)
    if request.method == "POST" and form.is_valid():
        order = form.cleaned_data["date_order"]
        intake.confirm_file(file, columns=form.mapping(), date_order=order, by=request.user, now=clock.now())
        intake.request_preview(file.visit_import)
        return _to_detail(request, file.visit_import)
    return render(request, "customers/imports/columns.html", {"file": file, "form": form, "outline": outline})


@require_GET
def issues(request: MemberRequest, import_id: int) -> HttpResponse:
    """Show all that was wrong with the rows of an import, a page at a time."""
    visit_import = get_object_or_404(queries.newest_imports(), pk=import_id)
    page = queries.page_of(queries.issues_of(visit_import), number=request.GET.get("page", ""), size=PAGE)
    context = {"visit_import": visit_import, "page": page, "issues": queries.in_words(page.rows)}
    return render(request, "customers/imports/issues.html", context)


@require_GET
def errors(_request: MemberRequest, import_id: int, file_id: int) -> FileResponse:
    """Give the rejected rows of a file, to be corrected and imported."""
    file = get_object_or_404(
        ImportFile.objects.select_related("visit_import"), pk=file_id, visit_import_id=import_id
    )
    path = next(
        (path for path in error_files(file.visit_import) if path.name.startswith(f"{file.pk}-")), None
    )
    if path is None:
        raise Http404
    name = f"errors-{Path(file.name).stem}.csv"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


@role_required(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, import_id: int) -> HttpResponse:
    """Ask before an import is taken back, and take it back."""
    visit_import = get_object_or_404(queries.newest_imports(), pk=import_id)
    if request.method == "GET":
        return render(request, "customers/imports/undo.html", {"page": import_page(visit_import)})
    try:
        undone = undoing.undo(import_id, now=clock.now())
    except (ImportRunning, NotRunnable) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            " ".join(
                line.strip() + ("" if line.endswith(".") else ".")
                for line in undo_lines(visit_import.title, undone)
            ),
        )
    return _to_detail(request, visit_import)


def _open_import(import_id: int) -> VisitImport:
    """Return an import that may still be started; one that was undone may not."""
    return get_object_or_404(VisitImport.objects.exclude(status=ImportStatus.UNDONE), pk=import_id)


def _to_detail(request: MemberRequest, visit_import: VisitImport) -> HttpResponse:
    return redirect(url_for(request.dealership, "customers:import-detail", import_id=visit_import.pk))
