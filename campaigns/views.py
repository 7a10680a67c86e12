from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.interfaces.cadence_form import CadenceForm
from campaigns.logic import wording
from campaigns.logic.wording import VARIABLES, Template
from campaigns.models import Cadence, CadenceVersion
from campaigns.queries import cadence_pages, simulation, troubles
from campaigns.queries.cadence_pages import CadenceRow
from campaigns.services import cadences, moves
from common import clock
from common.enums import Channel, Language
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.logic.segments import count_segments
from messaging.reason_words import words_for

PREVIEW_DAYS = 30
CHANNELS = [Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER]


@require_GET
def cadence_list(request: MemberRequest) -> HttpResponse:
    """Show the dealership's cadences, and what keeps their reminders from being prepared."""
    context = {"rows": cadence_pages.rows(), "troubles": troubles.troubles(now=clock.now())}
    return render(request, "campaigns/cadence_list.html", context)


@require_http_methods(["GET", "POST"])
def cadence_detail(request: MemberRequest, key: str) -> HttpResponse:
    """Show a cadence and its texts; from an admin, publish a new version of it."""
    row = _row_or_404(key)
    if request.method == "POST":
        return _publish(request, row)
    return _page(request, row, CadenceForm(row.version))


@role_required(Role.ADMIN)
def _publish(request: MemberRequest, row: CadenceRow) -> HttpResponse:
    form = CadenceForm(row.version, request.POST)
    if request.POST.get("based_on") != str(row.version.number):
        fault = f"Version {row.version.number} was published meanwhile: open the cadence again and repeat your change."
        return _page(request, row, form, faults=[fault])
    if not form.is_valid():
        return _page(request, row, form, faults=["Not published: some fields need another look."])
    try:
        version = cadences.publish_version(row.cadence, steps=form.drafts(), by=request.user, now=clock.now())
    except ValidationError as error:
        return _page(request, row, form, faults=error.messages)
    messages.success(request, f"Version {version.number} is published, for enrolments from now on.")
    return _to(request, "campaigns:cadence-detail", key=row.cadence.key)


@require_POST
@role_required(Role.ADMIN)
def check_text(request: MemberRequest, key: str) -> HttpResponse:
    """Answer, while an admin types, what is wrong with a text and what it would say."""
    row = _row_or_404(key)
    prefix, channel, language = (request.POST.get(name, "") for name in ("prefix", "channel", "language"))
    if channel not in Channel.values or language not in Language.values:
        raise Http404("There is no such channel or language.")
    template = Template(
        channel, request.POST.get(f"{prefix}-subject", ""), request.POST.get(f"{prefix}-body", "")
    )
    verdict = verdict_on(template, language, purpose=row.cadence.purpose)
    return render(request, "campaigns/cadence.html#verdict", {"verdict": verdict})


@require_POST
@role_required(Role.ADMIN)
def set_running(request: MemberRequest, key: str) -> HttpResponse:
    """Pause a cadence or let it run again."""
    row = _row_or_404(key)
    cadences.set_running(
        row.cadence, is_running=request.POST.get("running") == "yes", by=request.user, now=clock.now()
    )
    return _to(request, "campaigns:cadence-detail", key=key)


@require_POST
@role_required(Role.ADMIN)
def move_enrolments(request: MemberRequest, key: str) -> HttpResponse:
    """Move the enrolments under way to the current version."""
    row = _row_or_404(key)
    version = CadenceVersion.objects.select_related("cadence").get(pk=row.version.id)
    count = moves.move_to_version(version, by=request.user, now=clock.now())
    messages.success(request, f"{count} enrolments go on with version {version.number}.")
    return _to(request, "campaigns:cadence-detail", key=key)


@require_GET
def preview(request: MemberRequest) -> HttpResponse:
    """Show what would be sent in the days to come."""
    simulated = simulation.simulate(days=PREVIEW_DAYS, now=clock.now())
    context = {
        "days": [(day, _cells(counts), sum(counts.values())) for day, counts in simulated.per_day().items()],
        "channels": CHANNELS,
        "skipped": [(words_for(reason), count) for reason, count in simulated.skipped().most_common()],
        "enrolled": simulated.enrolled,
        "day_count": PREVIEW_DAYS,
    }
    return render(request, "campaigns/preview.html", context)


def verdict_on(template: Template, language: str, *, purpose: str) -> dict[str, Any]:
    """Return what is wrong with a text, or what it says to a made-up customer."""
    needed = cadences.parts_needed(template.channel, purpose=purpose, now=clock.now())
    faults = wording.find_faults(template, parts=needed)
    if faults:
        return {"faults": faults}
    facts = wording.sample_facts(language, today=date(2026, 3, 1))
    text = wording.render(template, facts=facts)
    parts = count_segments(text.body).segments if template.channel == Channel.SMS else 0
    return {"faults": [], "subject": text.subject, "body": text.body, "parts": parts}


def _page(
    request: MemberRequest, row: CadenceRow, form: CadenceForm, *, faults: list[str] | None = None
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "faults": faults or [],
        "variables": VARIABLES,
        "can_publish": has_role(request.membership.role, at_least=Role.ADMIN),
    }
    return render(request, "campaigns/cadence.html", context, status=422 if faults else 200)


def _row_or_404(key: str) -> CadenceRow:
    try:
        return cadence_pages.row(key)
    except Cadence.DoesNotExist as error:
        raise Http404("No such cadence at this dealership.") from error


def _cells(counts: dict[str, int]) -> list[tuple[Channel, int]]:
    return [(channel, counts.get(channel, 0)) for channel in CHANNELS]


def _to(request: MemberRequest, view: str, **kwargs: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(url_for(request.dealership, view, **kwargs))
