"""Every page in a browser: axe finds nothing in either theme, nothing scrolls sideways on a phone, keys work."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders

from common import clock
from common.links import CustomerLink, LinkPurpose, make
from customers.models import Customer, SearchToken, Vehicle
from customers.services.imports import intake, running
from tests.customers.services.imports.files import CUSTOMERS, REPAIR_ORDERS, VEHICLES

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "today": "",
    "replies": "?show=replies",
    "sends": "?show=sends",
    "due": "due/?window=all",  # the clock runs on, the forecasts of this world do not
    "nobody": "due/?q=zzzz",
    "search": "search/?q=hon",
    "customer": "customers/{customer}/",
    "stop": "customers/{customer}/stop/",
    "why": "customers/{customer}/touches/{touch}/",
    "sandbox": "sandbox/",
    "conversations": "conversations/",
    "conversation": "conversations/{customer}/",
    "appointments": "appointments/",
    "book": "appointments/new/?customer={customer}",
    "booking-rules": "appointments/rules/",
    "cadences": "cadences/",
    "letters": "letters/",
    "channels": "channels/",
    "imports": "imports/",
    "not-found": "nothing-here/",
}
# What only an admin may open, or sees with its forms.
ADMIN_PAGES = {
    "cadence": "cadences/service-due/",
    "cadence-preview": "cadences/preview/",
    "op-codes": "op-codes/",
    "upload": "imports/upload/",
    "channels": "channels/",
    "channel-new": "channels/new/",
    "sending-hours": "sending-hours/",
    "import": "imports/{done}/",
    "import-issues": "imports/{done}/issues/",
    "import-undo": "imports/{done}/undo/",
    "import-preview": "imports/{previewed}/",
    "import-failed": "imports/{failed}/",
}
# What is lower than 44 px of all that is pressed and shown. Links within a sentence may be, and so may a radio button
# or a tick whose label is large enough.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    ".btn, .chip, .tab-link, .menu-item, .btn-bar, .tap, .input, .select, .textarea, .file-input, summary, "
    + "[data-row-link], label:has(> input[type=radio], > input[type=checkbox])")]
  .filter((one) => one.checkVisibility() && !one.closest(".sr-only, .js-hidden, dialog:not([open])"))
  .map((one) => [one, (one.matches("[data-row-link]") ? one.closest("[data-row]") : one).getBoundingClientRect()])
  .filter(([one, box]) => box.height > 1 && box.height < 43.9)
  .map(([one, box]) => `${Math.round(box.height)} px: ${one.outerHTML.slice(0, 120)}`)"""
PUBLIC = ["/accounts/login/", "/accounts/password/reset/"]


@pytest.fixture
def urls(make_busy_customer, dealership):
    """Return the path of each page of a dealership with something on it."""
    cars = [make_busy_customer(due_in=number) for number in range(3)]
    for car in cars:
        SearchToken.objects.create(dealership=dealership, token="honda", customer=car.customer)
    touch = cars[0].enrolment_items.get().enrolment.touches.get(state="skipped")
    ids = {"customer": cars[0].customer_id, "touch": touch.pk}
    return {name: f"/d/live-oak/{path.format(**ids)}" for name, path in PAGES.items()}


@pytest.fixture
def all_urls(urls, dealership, tmp_path):
    """Return the paths of all pages, with imports that were done, previewed and refused."""
    now = clock.now()
    ids = {
        "done": running.run(import_of(tmp_path, "done", CUSTOMERS, VEHICLES, REPAIR_ORDERS), now=now).pk,
        "previewed": running.dry_run(import_of(tmp_path, "next", REPAIR_ORDERS), now=now).pk,
        "failed": running.dry_run(import_of(tmp_path, "what", "foo,bar\n1,2\n"), now=now).pk,
    }
    return urls | {name: f"/d/live-oak/{path.format(**ids)}" for name, path in ADMIN_PAGES.items()}


def import_of(folder, name: str, *texts: str) -> int:
    paths = [folder / f"{name}-{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return intake.create_from_paths(paths).pk


@pytest.fixture
def customer_urls(make_busy_customer, dealership):
    """Return the paths of a customer's own page: booked, choosing another time, stopping, in Spanish."""
    link = make(CustomerLink(LinkPurpose.BOOK, dealership.pk, make_busy_customer().customer_id))
    return [f"/b/{link}{rest}" for rest in ("", "?change=1", "?change=1&lang=es", "/stop/")]


def violations(page) -> list[str]:
    found = AXE.run(page, options=RULES).response["violations"]
    return [f"{page.url}: {v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found]


def open_all(context, paths) -> tuple[list[str], list[str]]:
    """Open pages one by one; return axe's findings and what was written to the console."""
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda m: said.append(f"{page.url}: {m.text}") if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    found = []
    for path in paths:
        page.goto(path)
        found += violations(page)
    return found, [line for line in said if "404" not in line]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_accessibility_findings(admin, live_server, all_urls, theme):
    admin.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])

    found, said = open_all(admin, all_urls.values())

    assert (found, said) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_public_pages_have_no_accessibility_findings(chromium, live_server, customer_urls, theme):
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])

    found, said = open_all(context, [*PUBLIC, *customer_urls])

    context.close()
    assert (found, said) == ([], [])


@pytest.mark.parametrize("width", [360, 820])
def test_pages_never_scroll_sideways(admin, all_urls, customer_urls, width):
    page = admin.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    wide = []
    for path in [*PUBLIC, *customer_urls, *all_urls.values()]:
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wide += [f"{path}: {over} px"] if over > 0 else []

    assert wide == []


@pytest.mark.parametrize("width", [1280, 1366])
def test_no_table_outgrows_its_panel_at_a_desk(admin, all_urls, width):
    page = admin.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    wide = []
    for name in (
        "today",
        "due",
        "search",
        "appointments",
        "letters",
        "cadences",
        "imports",
        "import",
        "op-codes",
    ):
        page.goto(all_urls[name])
        over = (
            "[...document.querySelectorAll('.panel')].filter(one => one.scrollWidth > one.clientWidth).length"
        )
        wide += [name] if page.evaluate(over) else []

    assert wide == []


def test_what_a_thumb_presses_is_large_enough(admin, all_urls, customer_urls):
    page = admin.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    small = []
    for path in [*customer_urls, *all_urls.values()]:
        page.goto(path)
        small += [f"{path}: {found}" for found in page.evaluate(SMALL_TARGETS)]

    assert small == []


@pytest.mark.parametrize("width", [360, 683, 1366])  # 683: a desk's window at 200 %
def test_a_name_without_an_end_breaks_instead_of_the_page(advisor, urls, width):
    car = Vehicle.objects.order_by("pk").first()
    Customer.objects.filter(pk=car.customer_id).update(display_name="W" + "olfeschlegelstein" * 11)
    Vehicle.objects.filter(pk=car.pk).update(model="ElectricLongRangeSpecialEdition" + "X" * 29)
    page = advisor.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    wide = []
    for name in ("due", "customer", "conversation", "book", "stop", "sandbox"):
        page.goto(urls[name])
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wide += [f"{name}: {over} px"] if over > 0 else []

    assert wide == []


def test_a_customer_moves_an_appointment_without_scripts(
    chromium, live_server, dealership, make_busy_customer
):
    customer = make_busy_customer().customer
    before = customer.appointments.get().starts_at
    link = CustomerLink(LinkPurpose.BOOK, dealership.pk, customer.pk)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()

    page.goto(f"/b/{make(link)}?change=1")
    page.locator("main ul a").first.press("Enter")
    page.locator("main form button").first.press("Enter")
    page.get_by_role("heading", name="You are booked").wait_for()

    context.close()
    assert customer.appointments.get().starts_at != before


def test_due_list_by_keyboard_alone(advisor, urls):
    page = advisor.new_page()
    page.goto(urls["due"])

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("[data-row-link]").first
    assert first.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/**")

    page.keyboard.press("/")
    page.keyboard.type("hon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=hon")

    page.keyboard.press("?")
    assert page.locator("#keys-dialog").evaluate("dialog => dialog.open")
    page.keyboard.press("Escape")
    assert not page.locator("#keys-dialog").evaluate("dialog => dialog.open")

    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/d/live-oak/")


def test_single_keys_can_be_switched_off(advisor, urls):
    page = advisor.new_page()
    page.goto(urls["due"])
    page.locator("summary[aria-label='Your menu']").click()
    page.get_by_role("button", name="Single-key shortcuts").click()
    page.keyboard.press("Escape")

    page.reload()
    page.keyboard.press("j")

    assert page.evaluate("document.activeElement === document.body")


def test_theme_chosen_is_remembered(advisor, urls):
    page = advisor.new_page()
    page.goto(urls["today"])
    page.locator("summary[aria-label='Your menu']").click()
    page.get_by_role("button", name="Dark").click()

    page.goto(urls["due"])

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_filter_swaps_the_table_and_keeps_the_focus(advisor, urls):
    page = advisor.new_page()
    page.goto(urls["due"])

    page.locator("#due-q").focus()
    page.keyboard.type("zzzz")

    page.get_by_text("Nobody fits this filter").wait_for()
    assert "q=zzzz" in page.url
    assert page.locator("#due-q").evaluate("input => input === document.activeElement")


def test_why_opens_in_the_timeline(advisor, urls):
    page = advisor.new_page()
    page.goto(urls["customer"])

    page.get_by_role("link", name="Why not?").first.click()

    page.get_by_text("Duplicate guard").first.wait_for()
    assert page.url.endswith(urls["customer"])


def test_sticky_bars_never_cover_the_focused_row(advisor, urls):
    page = advisor.new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(urls["due"])

    for _ in range(3):
        page.keyboard.press("j")
        box = page.evaluate(
            "(() => { const r = document.activeElement.getBoundingClientRect(); return [r.top, r.bottom]; })()"
        )
        assert box[0] >= page.locator(".app-bar").bounding_box()["height"]
        assert box[1] <= page.locator(".phone-bar").bounding_box()["y"]


def test_first_load_stays_within_its_budget():
    """Script and style of Today, as sent (gzip): at most 120 KB, of which the stylesheet 25."""
    import gzip  # noqa: PLC0415 -- of this test only
    from pathlib import Path  # noqa: PLC0415

    def size(name: str) -> int:
        return len(gzip.compress(Path(finders.find(name)).read_bytes()))

    style = size("css/app.css")
    scripts = sum(size(name) for name in ("js/app.js", "vendor/htmx.min.js", "vendor/alpine-csp.min.js"))
    assert style <= 25_000
    assert style + scripts <= 120_000
