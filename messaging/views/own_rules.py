"""A dealership's own hours and numbers for reminders: members see them, admins narrow them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common import clock
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from messaging.enums import RuleKind
from messaging.interfaces.law_forms import OwnCapForm, OwnWeekForm
from messaging.logic.own_rules import SUBJECTS, OwnSubject, law_about, own_rule, widest_hours
from messaging.logic.rule_words import say_rule
from messaging.logic.rules import write_terms
from messaging.queries.law import law_here
from messaging.services import law_changes


@dataclass(frozen=True, slots=True)
class Part:
    """One subject on the page: its form, and what the law says about it."""

    subject: OwnSubject
    form: OwnWeekForm | OwnCapForm
    law: list[str]


@require_http_methods(["GET", "POST"])
def own_rules(request: MemberRequest) -> HttpResponse:
    """Show what the dealership asks of itself; take an admin's changes."""
    if request.method == "POST":
        return _change(request)
    return _page(request, _parts(request))


@role_required(Role.ADMIN)
def _change(request: MemberRequest) -> HttpResponse:
    parts, now = _parts(request, request.POST), clock.now()
    if not all([part.form.is_valid() for part in parts]):  # noqa: C419 -- every form shows its faults
        return _page(request, parts, status=422)
    on = now.astimezone(request.dealership.zone).date()
    changed = [
        law_changes.set_own(own_rule(part.subject, part.form.own_terms, on=on), by=request.user, now=now)
        for part in parts
    ]
    messages.success(
        request, "Saved. It is followed from now on." if any(changed) else "Nothing has changed."
    )
    return redirect(url_for(request.dealership, "messaging:own-rules"))


def _parts(request: MemberRequest, data: Any = None) -> list[Part]:
    law, dealership = law_here(), request.dealership
    on = clock.now().astimezone(dealership.zone).date()
    parts = []
    for subject in SUBJECTS:
        own = law.find(subject.key, on=on)
        stored = write_terms(own.terms) if own and own.terms else {}
        if subject.kind == RuleKind.HOURS:
            allowed = widest_hours(law, subject, country=dealership.country, on=on)
            form: OwnWeekForm | OwnCapForm = OwnWeekForm(
                data, stored=stored, allowed=allowed, prefix=subject.key
            )
        else:
            form = OwnCapForm(data, stored=stored, prefix=subject.key)
        rules = law_about(law, subject, country=dealership.country, on=on)
        parts.append(Part(subject, form, [say_rule(rule) for rule in rules]))
    return parts


def _page(request: MemberRequest, parts: list[Part], *, status: int = 200) -> HttpResponse:
    can_change = has_role(request.membership.role, at_least=Role.ADMIN)
    return render(
        request, "messaging/own_rules.html", {"parts": parts, "can_change": can_change}, status=status
    )
