"""The sandbox's phone and mailbox: what a customer got, and answering as that customer."""

from dataclasses import dataclass

from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from common.enums import Channel
from customers.enums import ContactKind
from customers.models import ContactPoint, Customer
from dealerships.enums import Role
from dealerships.permissions import has_role, role_required
from dealerships.requests import MemberRequest
from dealerships.routing import url_for
from insights.interfaces.forms import ClockForm
from insights.logic.due_filter import clean_query
from insights.logic.moments import Near, date_and_time
from insights.queries import demo_people, search
from insights.queries.reach import moment_words
from insights.views.near import near_of
from messaging.adapters.sandbox.customer import Item
from messaging.interfaces.forms import AnswerForm
from messaging.models import Message
from messaging.services import sandbox_customer

LOOKS = 20  # how often a page looks again after an answer, every two seconds
KEYS = ("1", "2", "3", "9")
# What a mailbox gives an e-mail that brings no look of its own.
MAIL_LOOK = (
    "<style>body{margin:1rem;font:15px/1.5 system-ui,sans-serif;color:#1b2a31}a{color:#0b6573}</style>"
)
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],  # e-mails carry their styles in them; scripts and the network stay shut
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups"],
}


@dataclass(frozen=True)
class Shown:
    """Something on the phone or in the mailbox, with its time in words."""

    item: Item
    at: str


@dataclass(frozen=True)
class Devices:
    """What the page draws; `is_away`: the sandbox did not answer."""

    phone: list[Shown]
    mails: list[Shown]
    letters: list[Message]
    number: str
    address: str
    is_away: bool = False


@role_required(Role.ADVISOR)
def sandbox(request: MemberRequest) -> HttpResponse:
    """Show the person written to last, and who else there is."""
    people = demo_people.recently_written_to()
    return _page(request, people[0] if people else None, people)


@role_required(Role.ADVISOR)
@require_http_methods(["GET", "POST"])
def sandbox_customer_page(request: MemberRequest, customer_id: int) -> HttpResponse:
    """Show one customer's phone and mailbox, or write as that customer.

    htmx gets the devices alone, as long as something may still move.
    """
    customer = get_object_or_404(Customer, pk=customer_id)
    if request.method == "POST":
        return _answer(request, customer)
    return _page(request, customer, demo_people.recently_written_to())


@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its types know views without arguments only
@xframe_options_sameorigin
def mail(request: MemberRequest, customer_id: int, mail_id: str) -> HttpResponse:
    """Return an e-mail as the mailbox draws it, walled off from our pages by a policy of its own."""
    if not has_role(request.membership.role, at_least=Role.ADVISOR):
        raise Http404("No such e-mail.")
    customer = get_object_or_404(Customer, pk=customer_id)
    try:
        mailbox = sandbox_customer.belongings(customer).mailbox
    except sandbox_customer.SandboxAway as error:
        raise Http404("The sandbox does not answer.") from error
    found = next((item for item in mailbox if item.id == mail_id and item.html), None)
    if found is None:
        raise Http404("No such e-mail.")
    return HttpResponse(MAIL_LOOK + found.html)


def _page(request: MemberRequest, customer: Customer | None, people: list[Customer]) -> HttpResponse:
    near = near_of(request)
    query = clean_query(request.GET.get("q", ""))
    left = _looks_left(request)
    context = {
        "people": people,
        "customer": customer,
        "devices": _devices(customer, near) if customer else None,
        "keys": KEYS,
        "query": query,
        "found": _found(query) if query else [],
        "look_again": _path(request, customer, looks=left) if customer and left else "",
        "is_demo": settings.DEMO,
        "clock_form": ClockForm(),
        "now_words": date_and_time(near),
        "today": near.today,
    }
    return render(
        request, "insights/sandbox.html#devices" if request.htmx else "insights/sandbox.html", context
    )


def _answer(request: MemberRequest, customer: Customer) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write something first.")
    elif not _has_arrived(customer, form.cleaned_data):
        messages.error(request, "The answer did not arrive: is the sandbox running?")
    return redirect(_path(request, customer, looks=LOOKS))


def _has_arrived(customer: Customer, said: dict[str, str]) -> bool:
    words = {key: said[key] for key in ("text", "digits", "subject")}
    try:
        return sandbox_customer.answer(customer, channel=Channel(said["channel"]), **words)
    except (sandbox_customer.SandboxAway, LookupError):
        return False


def _devices(customer: Customer, near: Near) -> Devices:
    points = dict(
        ContactPoint.objects.filter(customer=customer).order_by("-rank", "-id").values_list("kind", "value")
    )
    letters = demo_people.letters_to(customer)
    number, address = points.get(ContactKind.PHONE, ""), points.get(ContactKind.EMAIL, "")
    try:
        held = sandbox_customer.belongings(customer)
    except sandbox_customer.SandboxAway:
        return Devices([], [], letters, number, address, is_away=True)
    return Devices(
        phone=[Shown(item, moment_words(item.at, near)) for item in held.phone],
        mails=[Shown(item, moment_words(item.at, near)) for item in reversed(held.mailbox)],
        letters=letters,
        number=number,
        address=address,
    )


def _found(query: str) -> list[Customer]:
    ids = search.customer_ids(query)[: demo_people.MOST_SHOWN]
    return list(Customer.objects.filter(pk__in=ids).order_by("display_name"))


def _looks_left(request: MemberRequest) -> int:
    asked = request.GET.get("looks", "")
    return max(0, min(int(asked[:3]), LOOKS) - 1) if asked.isdecimal() else 0


def _path(request: MemberRequest, customer: Customer, *, looks: int) -> str:
    path = url_for(request.dealership, "insights:sandbox-customer", customer_id=customer.pk)
    return f"{path}?looks={looks}"
