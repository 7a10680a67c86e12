"""What stands around every page: navigation, the dealerships one may switch to, the demo clock."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import formats

from common import clock
from dealerships.models import Dealership, Membership
from dealerships.queries import memberships_of
from dealerships.routing import url_for
from insights.logic.moments import clock_words, uses_24h
from insights.queries import waiting

FIRST_ON_A_PHONE = 4  # a thumb bar holds five: these and "More"


@dataclass(frozen=True)
class Entry:
    """A page of the navigation; `view` is its URL name."""

    key: str
    label: str
    short_label: str
    icon: str
    view: str


@dataclass(frozen=True)
class NavItem:
    key: str
    label: str
    short_label: str
    icon: str
    url: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True)
class Choice:
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Link:
    label: str
    icon: str
    url: str


@dataclass(frozen=True)
class Shell:
    home_url: str
    search_url: str
    query: str
    nav: list[NavItem]
    dealerships: list[Choice]
    user_links: list[Link]
    logout_url: str
    demo_clock: str

    @property
    def nav_first(self) -> list[NavItem]:
        return self.nav[:FIRST_ON_A_PHONE]

    @property
    def nav_rest(self) -> list[NavItem]:
        return self.nav[FIRST_ON_A_PHONE:]

    @property
    def is_rest_current(self) -> bool:
        return any(item.is_current for item in self.nav_rest)


ENTRIES = (
    Entry("today", "Today", "Today", "layout-dashboard", "insights:today"),
    Entry("due", "Due list", "Due", "list-checks", "insights:due-list"),
    Entry("conversations", "Conversations", "Replies", "message-circle", "conversations:conversation-list"),
    Entry("appointments", "Appointments", "Booked", "calendar", "booking:appointment-list"),
    Entry("cadences", "Cadences", "Cadences", "route", "campaigns:cadence-list"),
    Entry("print", "Print queue", "Print", "printer", "messaging:letter-list"),
    Entry("imports", "Imports", "Imports", "file-up", "customers:import-list"),
    Entry("channels", "Channels", "Channels", "send", "messaging:channel-list"),
    Entry("sandbox", "Sandbox", "Sandbox", "smartphone", "insights:sandbox"),
)

USER_LINKS = (
    ("Two-step sign-in", "shield-check", "mfa_index"),
    ("Change password", "lock", "account_change_password"),
)
OPERATOR_LINKS = (("The law", "shield-check", "platform:law-list"),)


def build_shell(request: HttpRequest) -> Shell:
    """Return the shell of a page: outside a dealership (error pages, sign-in) it has no navigation."""
    dealership: Dealership | None = getattr(request, "dealership", None)
    member = request.user if request.user.is_authenticated else None
    return Shell(
        home_url=url_for(dealership, "insights:today") if dealership else "/",
        search_url=url_for(dealership, "insights:search") if dealership else "",
        query=request.GET.get("q", "")[:100],
        nav=_nav(request, dealership) if dealership else [],
        dealerships=[_choice(m, dealership) for m in memberships_of(member)] if member else [],
        user_links=_user_links(member),
        logout_url=reverse("account_logout"),
        demo_clock=_demo_clock(dealership) if dealership else "",
    )


def _user_links(member: Any) -> list[Link]:
    is_operator = member is not None and member.is_staff
    links = (*USER_LINKS, *(OPERATOR_LINKS if is_operator else ()))
    return [Link(label, icon, reverse(view)) for label, icon, view in links]


def _nav(request: HttpRequest, dealership: Dealership) -> list[NavItem]:
    urls = [(entry, _path(dealership, entry.view)) for entry in ENTRIES]
    shown = [(entry, url) for entry, url in urls if url]
    home = url_for(dealership, "insights:today")  # every page lies below it: current only when it is the page
    below = (url for _, url in shown if url != home and request.path.startswith(url))
    current = home if request.path == home else max(below, key=len, default="")
    counts = {"conversations": waiting.count()}
    return [
        NavItem(e.key, e.label, e.short_label, e.icon, url, url == current, counts.get(e.key, 0))
        for e, url in shown
    ]


def _path(dealership: Dealership, view: str) -> str:
    try:
        return url_for(dealership, view)
    except NoReverseMatch:
        return ""


def _choice(membership: Membership, current: Dealership | None) -> Choice:
    dealership = membership.dealership
    return Choice(dealership.name, url_for(dealership, "insights:today"), dealership == current)


def _demo_clock(dealership: Dealership) -> str:
    if not settings.DEMO or not clock.demo_offset():
        return ""
    now = clock.now()
    at = clock_words(now, zone=dealership.zone, uses_24h=uses_24h(dealership.country))
    return f"{formats.date_format(now.astimezone(dealership.zone), 'D j M Y')}, {at}"
