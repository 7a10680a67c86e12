"""The law, for the operators of the platform: every rule, its history, and a change from a day on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from dealerships.permissions import operator_required
from messaging.enums import Evidence, RuleKind
from messaging.interfaces.law_forms import ChangeForm, SubjectForm, initial_change, terms_form
from messaging.queries.law_pages import all_rules, one_rule
from messaging.services import law_changes
from messaging.services.law_changes import ChangeRefused


@operator_required
@require_GET
def law_list(request: HttpRequest) -> HttpResponse:
    """Show every rule with what it says today and what is coming."""
    rules = all_rules(today=clock.now().date())
    return render(request, "messaging/law_list.html", {"rules": rules, "kinds": RuleKind.choices})


@operator_required
@require_http_methods(["GET", "POST"])
def law_rule(request: HttpRequest, key: str) -> HttpResponse:
    """Show a rule's history; take a change."""
    now = clock.now()
    shown = one_rule(key, today=now.date())
    if shown is None:
        raise Http404("There is no such rule.")
    newest = shown.history[0].row
    kind, data = newest.kind, request.POST if request.method == "POST" else None
    terms = terms_form(kind, data, stored=newest.terms)
    begin = initial_change(evidence=newest.evidence, source=newest.source, today=now.date())
    change = ChangeForm(data, initial=begin)
    if data is not None and change.is_valid() and (change.cleaned_data["ends"] or terms.is_valid()):
        said = None if change.cleaned_data["ends"] else terms.terms
        try:
            law_changes.supersede(key, change.change(said), by=request.user, now=now)  # type: ignore[arg-type]  # signed in
        except ChangeRefused as error:
            change.add_error("effective_on", str(error))
        else:
            messages.success(request, "Recorded. It is followed from its day on, everywhere.")
            return redirect("platform:law-rule", key=key)
    context = {"rule": shown, "terms": terms, "change": change}
    return render(request, "messaging/law_rule.html", context, status=422 if data is not None else 200)


@operator_required
@require_http_methods(["GET", "POST"])
def law_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a rule of a kind."""
    if kind not in RuleKind.values:
        raise Http404("There is no such kind of rule.")
    now, data = clock.now(), request.POST if request.method == "POST" else None
    begin = initial_change(evidence=Evidence.UNVERIFIED, source="", today=now.date())
    subject = SubjectForm(
        data and {**data.dict(), "channels": data.getlist("channels"), "kind": kind}, initial={"kind": kind}
    )
    terms, change = terms_form(kind, data), ChangeForm(data, initial=begin)
    if data is not None and subject.is_valid() & terms.is_valid() & change.is_valid():
        try:
            row = law_changes.add_rule(subject.subject, change.change(terms.terms), by=request.user, now=now)  # type: ignore[arg-type]  # signed in
        except ChangeRefused as error:
            subject.add_error(None, str(error))
        else:
            messages.success(request, "Recorded. It is followed from its day on, everywhere.")
            return redirect("platform:law-rule", key=row.key)
    context = {"kind": RuleKind(kind).label, "subject": subject, "terms": terms, "change": change}
    return render(request, "messaging/law_new.html", context, status=422 if data is not None else 200)
