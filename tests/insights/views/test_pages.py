"""The pages as an advisor's browser gets them."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from common.tenancy import tenant_scope
from customers.models import SearchToken
from dealerships.middleware import SLUG
from insights import tiles
from messaging.models import ProviderAccount, WebhookReceipt
from tests.conftest import NOW
from tests.factories.customers import CustomerFactory

HOSTILE = "<script>alert('x')</script>\"&amp;<img src=x onerror=alert(1)>"

PAGES = ["insights:today", "insights:due-list", "insights:search"]


def path(name: str, **kwargs) -> str:
    return reverse(name, kwargs={SLUG: "live-oak", **kwargs})


@pytest.mark.parametrize("name", PAGES)
def test_page_of_an_empty_dealership_helps(bob, name):
    answer = bob.get(path(name))

    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


@pytest.mark.parametrize("name", PAGES)
def test_page_needs_no_inline_script_or_style(bob, make_busy_customer, name):
    make_busy_customer()

    answer = bob.get(path(name))

    assert "style=" not in answer.text
    assert "<style" not in answer.text
    assert "<script>" not in answer.text
    assert "onclick" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "budget"), [("insights:today", 15), ("insights:due-list", 12), ("insights:search", 10)]
)
def test_page_takes_the_same_queries_for_any_number_of_rows(  # noqa: PLR0917 -- fixtures
    bob, make_busy_customer, dealership, name, budget, count, django_assert_num_queries
):
    for _ in range(count):
        car = make_busy_customer()
        SearchToken.objects.create(dealership=dealership, token="honda", customer=car.customer)
    extra = CustomerFactory(dealership=dealership, display_name="Somebody Else")
    SearchToken.objects.create(dealership=dealership, token="honda", customer=extra)

    with django_assert_num_queries(budget):
        answer = bob.get(path(name), {"q": "hon"} if name == "insights:search" else {})

    assert answer.text.count("data-row-link") >= count


@pytest.mark.parametrize("tile", tiles.ALL, ids=lambda tile: tile.key)
def test_today_shows_the_list_of_the_chosen_tile(bob, make_busy_customer, tile):
    make_busy_customer()

    answer = bob.get(path("insights:today"), {"show": tile.key})

    assert f'aria-current="true" id="tile-{tile.key}"' in answer.text


def test_today_begins_with_replies_when_somebody_waits(bob, make_busy_customer):
    make_busy_customer()

    assert 'aria-current="true" id="tile-replies"' in bob.get(path("insights:today")).text


def test_today_shows_what_is_stuck_and_an_admin_has_it_tried_again(client, bob, world, make_busy_customer):
    with tenant_scope(world.dealership):
        account = ProviderAccount.objects.get(channel="sms")
        for key, attempts in {"bad": 3, "worse": 4, "worst": 10}.items():
            WebhookReceipt.objects.create(
                dealership=world.dealership,
                account=account,
                event_key=key,
                body=b"{}",
                received_at=NOW,
                attempt_count=attempts,
                next_try_at=NOW + timedelta(days=1),
                failure=f"KeyError('{key}')",
            )
    page = bob.get(path("insights:today")).text
    assert "2 of the things providers told us are stuck" in page
    assert "KeyError(&#x27;worst&#x27;)" in page
    assert "KeyError(&#x27;bad&#x27;)" not in page
    assert "Try again" not in page
    assert bob.post(path("insights:stuck-retry")).status_code == 403

    client.force_login(world.alice)
    assert "Try again" in client.get(path("insights:today")).text
    answer = client.post(path("insights:stuck-retry"), follow=True)

    assert "2 of them tried again" in answer.text
    assert "are stuck" not in answer.text
    with tenant_scope(world.dealership):
        tries = WebhookReceipt.objects.order_by("pk").values_list("attempt_count", "next_try_at")
        assert list(tries) == [(3, NOW + timedelta(days=1)), (0, None), (0, None)]


def test_today_survives_a_tile_that_cannot_be_read(bob, dealership, monkeypatch):
    def fail(near):
        raise OperationalError("gone")

    broken = tiles.due_this_week.TILE
    monkeypatch.setattr(tiles, "ALL", (type(broken)(**{**broken.__dict__, "load": fail}), *tiles.ALL[1:]))

    answer = bob.get(path("insights:today"), {"show": "due"})

    assert answer.status_code == 200
    assert "Could not be read" in answer.text
    assert "This list could not be read" in answer.text


def test_htmx_gets_the_swapped_part_alone(bob, make_busy_customer):
    car = make_busy_customer()

    for url, part in (
        (path("insights:today"), 'id="day"'),
        (path("insights:due-list"), 'id="due-table"'),
        (path("insights:customer-detail", customer_id=car.customer_id), 'id="timeline"'),
    ):
        answer = bob.get(url, headers={"HX-Request": "true"})
        assert part in answer.text
        assert "<html" not in answer.text


def test_customer_shows_contact_vehicles_and_timeline(bob, make_busy_customer):
    car = make_busy_customer()

    text = bob.get(path("insights:customer-detail", customer_id=car.customer_id)).text

    for words in ("2019 Honda Civic", "tuesday at 3 works", "Oil and filter change"):
        assert words in text
    assert "(512) 555-" in text


def test_customer_of_another_dealership_is_not_there(bob, world):
    with tenant_scope(world.other):
        stranger = CustomerFactory(dealership=world.other)

    assert bob.get(path("insights:customer-detail", customer_id=stranger.pk)).status_code == 404


def test_hostile_names_are_escaped_everywhere(bob, make_busy_customer, dealership):
    car = make_busy_customer(model=HOSTILE[:60], plate=HOSTILE[:20])
    customer = car.customer
    customer.display_name = HOSTILE
    customer.save()
    customer.messages.update(body_text=HOSTILE, subject=HOSTILE)
    customer.inbound_messages.update(body=HOSTILE)
    SearchToken.objects.create(dealership=dealership, token="evil", customer=customer)
    other = CustomerFactory(dealership=dealership)
    SearchToken.objects.create(dealership=dealership, token="evil", customer=other)

    for url in (
        *(path("insights:today") + f"?show={tile.key}" for tile in tiles.ALL),
        path("insights:due-list"),
        path("insights:due-list") + "?q=%3Cscript%3Ealert('x')",
        path("insights:search") + "?q=evil",
        path("insights:customer-detail", customer_id=customer.pk),
    ):
        text = bob.get(url).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'q="<' not in text


def test_search_with_one_match_opens_it(bob, dealership):
    customer = CustomerFactory(dealership=dealership)
    SearchToken.objects.create(dealership=dealership, token="ruiz", customer=customer)

    answer = bob.get(path("insights:search"), {"q": "Ruiz"})

    assert answer.headers["Location"] == path("insights:customer-detail", customer_id=customer.pk)


def test_due_list_pages_by_links_that_keep_the_filter(bob, make_busy_customer, monkeypatch):
    for number in range(3):
        make_busy_customer(due_in=number)
    monkeypatch.setattr("insights.queries.due_list.PAGE_SIZE", 2)

    first = bob.get(path("insights:due-list"), {"window": "week"})
    second = bob.get(path("insights:due-list") + first.context["next_url"])

    assert "window=week&amp;after=" in first.text
    assert [len(answer.context["page"].rows) for answer in (first, second)] == [2, 1]
    assert second.context["previous_url"]
    assert not second.context["next_url"]


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"before": "99999999-1"}, {"window": "\x00"}, {"q": "\x00"}]
)
def test_due_list_asked_for_nonsense_answers(bob, make_busy_customer, query):
    make_busy_customer()

    assert bob.get(path("insights:due-list"), query).status_code == 200


@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("x", "")]
)
def test_theme_is_rendered_from_the_cookie(bob, dealership, cookie, attribute):
    bob.cookies["theme"] = cookie

    assert f'<html lang="en"{attribute}>' in bob.get(path("insights:today")).text
