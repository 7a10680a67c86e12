"""The customer's own page behind a signed link: no password, no script, phone first.

The token is the authority: whoever holds it may book and stop for that customer, and nothing else is looked at,
no cookie and no session. So a forged cross-site request gains nothing, and the forms carry no CSRF token; mail
programs that post a one-click opt-out (RFC 8058) could not send one. GET never changes anything: link scanners
of mail programs open every link.
"""

import re
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from booking.interfaces.parameters import read_date, read_id, read_moment
from booking.logic.wording import known_language, say_day, say_moment, say_time
from booking.queries.days import free_slot_at, next_free_days
from booking.services.appointments import Booked
from common import clock, limits
from common.client_address import client_address
from common.limits import Limit
from common.links import CustomerLink, LinkPurpose, make, read
from common.tenancy import tenant_scope
from conversations.logic.page_words import page_words
from conversations.queries.customer_page import Visitor, read_visitor
from conversations.services import self_service
from conversations.services.speaking import name_of
from dealerships.models import Dealership
from messaging.logic.gate import Skip
from messaging.queries.notices import foresee_notice
from messaging.services import customer_opt_out

# Whoever tries links meets this long before they meet one; a few mangled ones of a phone network's customers, who share
# an address by the thousand, do not.
WRONG_LINKS = Limit("wrong-links", most=50, within=timedelta(minutes=10))
# Each booking, move and cancellation is confirmed by message: a link must not become a way to flood its customer.
CHANGES = Limit("link-changes", most=20, within=timedelta(hours=1))
TOO_MANY = 429
ONE_CLICK = "List-Unsubscribe=One-Click (RFC 8058)"
NONCE = re.compile(r"[\w-]{8,40}")
LINK_VIEW = Callable[[HttpRequest, CustomerLink, Visitor, Dealership], HttpResponse]


def _for_link_holder(view: LINK_VIEW) -> Callable[..., HttpResponse]:
    """Open the scope of the link's dealership and load who holds it; every way it can be wrong looks the same."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        visitor_address = client_address(request)
        if limits.is_over(WRONG_LINKS, visitor_address):
            return _private(_broken(request, status=TOO_MANY))
        link = read(token)
        if link is None:
            limits.count(WRONG_LINKS, visitor_address)
        dealership = (
            Dealership.objects.filter(pk=link.dealership_id, is_active=True).first() if link else None
        )
        if link is None or dealership is None:
            return _private(_broken(request))
        with tenant_scope(dealership):
            visitor = read_visitor(
                link,
                vehicle_id=read_id(request.GET.get("vehicle", "")),
                language=request.GET.get("lang", "")[:2],
                now=clock.now(),
            )
            answer = view(request, link, visitor, dealership) if visitor else _forgotten(request, dealership)
        return _private(answer)

    return opened


@csrf_exempt
@require_http_methods(["GET", "POST"])
@_for_link_holder
def page(request: HttpRequest, link: CustomerLink, visitor: Visitor, dealership: Dealership) -> HttpResponse:
    """Show free times, a tapped time, or the appointment; book on POST."""
    if link.purpose is LinkPurpose.OPT_OUT:
        return _stop_page(request, link, visitor, dealership)
    if not visitor.may_book:
        return _render(request, "gone" if visitor.is_gone else "old", visitor, dealership, status=410)
    starts_at = read_moment(request.POST.get("at") or request.GET.get("at", ""))
    if request.method == "POST":
        return _book(request, link, visitor, dealership, starts_at=starts_at)
    if starts_at is not None:
        return _review(request, visitor, dealership, starts_at)
    if visitor.appointment and "change" not in request.GET:
        return _render(request, "booked", visitor, dealership, is_told=_is_told(visitor))
    return _choose(request, visitor, dealership, note="cancelled" if "cancelled" in request.GET else "")


@csrf_exempt
@require_http_methods(["GET", "POST"])
@_for_link_holder
def cancel(
    request: HttpRequest, link: CustomerLink, visitor: Visitor, dealership: Dealership
) -> HttpResponse:
    """Cancel the appointment on POST; a GET leads back to the page."""
    target = reverse("customer:page", args=[make(link)])
    if (
        request.method == "POST"
        and link.purpose is LinkPurpose.BOOK
        and visitor.appointment
        and visitor.may_book
    ):
        if not _may_change(link):
            return _render(request, "busy", visitor, dealership, status=TOO_MANY)
        self_service.cancel(visitor.appointment, now=clock.now())
        target += "?cancelled=1"
    return redirect(target)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@_for_link_holder
def stop(request: HttpRequest, link: CustomerLink, visitor: Visitor, dealership: Dealership) -> HttpResponse:
    """Show the ways to stop; stop on POST, all messages where none is chosen (a mail program's one click)."""
    return _stop_page(request, link, visitor, dealership)


def _book(
    request: HttpRequest,
    link: CustomerLink,
    visitor: Visitor,
    dealership: Dealership,
    *,
    starts_at: datetime | None,
) -> HttpResponse:
    if not _may_change(link):
        return _render(request, "busy", visitor, dealership, status=TOO_MANY)
    nonce = request.POST.get("nonce", "")
    if starts_at is None or not NONCE.fullmatch(nonce):
        return _choose(request, visitor, dealership, note="", status=400)
    wish = self_service.Wish(visitor.vehicle, starts_at, nonce)
    if isinstance(self_service.book(visitor.customer, wish, now=clock.now()), Booked):
        return redirect(request.get_full_path())
    return _choose(request, visitor, dealership, note="taken", status=409)


def _review(
    request: HttpRequest, visitor: Visitor, dealership: Dealership, starts_at: datetime
) -> HttpResponse:
    slot = free_slot_at(starts_at, now=clock.now())
    if slot is None:
        return _choose(request, visitor, dealership, note="taken")
    return _render(
        request,
        "review",
        visitor,
        dealership,
        at=slot.starts_at.isoformat(),
        chosen=say_moment(slot.local_start, language=visitor.language),
        nonce=secrets.token_urlsafe(9),
    )


def _choose(
    request: HttpRequest, visitor: Visitor, dealership: Dealership, *, note: str, status: int = 200
) -> HttpResponse:
    from_on = read_date(request.GET.get("from", ""))
    days = next_free_days(from_on, now=clock.now())
    shown = [
        {
            "name": say_day(day.on, language=visitor.language),
            "slots": [
                (slot.starts_at.isoformat(), say_time(slot.local_start.time(), language=visitor.language))
                for slot in day.slots
            ],
        }
        for day in days
    ]
    later = date.fromordinal(days[-1].on.toordinal() + 1) if days else None
    return _render(
        request,
        "choose",
        visitor,
        dealership,
        status=status,
        days=shown,
        later=later,
        is_later=bool(from_on),
        note=note,
    )


def _stop_page(
    request: HttpRequest, link: CustomerLink, visitor: Visitor, dealership: Dealership
) -> HttpResponse:
    words = page_words(visitor.language, dealership=dealership.name)
    if request.method != "POST":
        choices = [(choice, words[f"stop_{choice}"]) for choice in customer_opt_out.CHOICES]
        return _render(request, "stop", visitor, dealership, choices=choices)
    choice = request.POST.get("choice", "")
    if choice not in customer_opt_out.CHOICES:
        choice = "everything"
    customer_opt_out.stop(
        visitor.customer,
        choice=choice,
        wording=ONE_CLICK if "List-Unsubscribe" in request.POST else words[f"stop_{choice}"],
        touch_id=link.touch_id,
        now=clock.now(),
    )
    return _render(request, "stopped", visitor, dealership)


def _render(
    request: HttpRequest,
    step: str,
    visitor: Visitor,
    dealership: Dealership,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    vehicle = name_of(visitor.vehicle) if visitor.vehicle else ""
    booked = _booked_words(visitor)
    words = page_words(
        visitor.language,
        name=visitor.customer.first_name,
        vehicle=vehicle,
        dealership=dealership.name,
        when=booked,
        until=_until_words(visitor),
    )
    context = {
        "step": step,
        "visitor": visitor,
        "dealership": dealership,
        "vehicle": vehicle,
        "vehicles": [(each.pk, name_of(each)) for each in visitor.vehicles],
        "booked": booked,
        "until": _until_words(visitor),
        "words": words,
        "step_title": words.get(f"{step}_title", words["title"]),
        "step_text": words.get(step, ""),
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "other_language": "en" if visitor.language == "es" else "es",
        "lang": request.GET.get("lang", "")[:2],
        **more,
    }
    return render(request, "conversations/customer_page.html", context, status=status)


def _until_words(visitor: Visitor) -> str:
    until = visitor.books_until
    if until is None or until == date.min:
        return ""
    return f"{say_day(until, language=visitor.language)}{', ' if visitor.language == 'en' else ' de '}{until.year}"


def _booked_words(visitor: Visitor) -> str:
    if visitor.appointment is None:
        return ""
    moment = datetime.combine(visitor.appointment.local_on, visitor.appointment.local_time)
    return say_moment(moment, language=visitor.language)


def _may_change(link: CustomerLink) -> bool:
    """Count one change of a customer's appointment by link; False where there were too many of late."""
    return limits.count(CHANGES, f"{link.dealership_id}:{link.customer_id}") <= CHANGES.most


def _is_told(visitor: Visitor) -> bool:
    """Return whether a confirmation of what they book reaches them: who stopped all messages gets none."""
    notice = foresee_notice(visitor.customer.pk, is_answer=True, now=clock.now())
    return notice is not None and not isinstance(notice.verdict, Skip)


def _forgotten(request: HttpRequest, dealership: Dealership) -> HttpResponse:
    """Say that we no longer know whom a good link was made for: nothing can be booked, nor is anything sent to them."""
    language = known_language(request.GET.get("lang", "")[:2] or dealership.language)
    context = {
        "dealership": dealership,
        "language": language,
        "words": page_words(language, dealership=dealership.name),
        "other_language": "en" if language == "es" else "es",
    }
    return render(request, "conversations/customer_page_forgotten.html", context, status=404)


def _broken(request: HttpRequest, *, status: int = 404) -> HttpResponse:
    said = "wait" if status == TOO_MANY else "broken"
    words = [
        {"code": code, "title": page_words(code)[f"{said}_title"], "text": page_words(code)[said]}
        for code in ("en", "es")
    ]
    answer = render(request, "conversations/customer_page_broken.html", {"words": words}, status=status)
    if status == TOO_MANY:
        answer["Retry-After"] = str(WRONG_LINKS.seconds)
    return answer


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep the token out of caches and of the address other sites are told."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
