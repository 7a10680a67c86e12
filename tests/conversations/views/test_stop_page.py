import pytest

from common.links import CustomerLink, LinkPurpose, make
from common.tenancy import tenant_scope
from messaging.models import ConsentEvent
from tests.factories.customers import CustomerFactory


@pytest.fixture
def link(world):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
    token = make(CustomerLink(LinkPurpose.OPT_OUT, world.dealership.pk, customer.pk, touch_id=7))
    return f"/b/{token}"


def said(world):
    with tenant_scope(world.dealership):
        rows = ConsentEvent.objects.order_by("pk")
        return list(rows.values_list("channel", "action", "source", "wording", "evidence"))


def test_get_shows_the_choices_and_changes_nothing(client, world, link):
    page = client.get(link)

    assert page.status_code == 200
    assert "Stop all messages" in page.content.decode()
    assert said(world) == []


def test_post_stops_everything(client, world, link):
    page = client.post(link)

    assert "no more of these messages from Live Oak Motors" in page.content.decode()
    assert said(world) == [("", "withdrawn", "link", "Stop all messages", {"touch_id": 7})]


def test_post_of_a_choice_stops_that(client, world, link):
    client.post(link, {"choice": "phone"})

    assert [(row[0], row[3]) for row in said(world)] == [
        ("sms", "Stop texts and calls"),
        ("voice", "Stop texts and calls"),
    ]


def test_one_click_of_a_mail_program_stops_without_cookie_or_token(world, link):
    from django.test import Client  # noqa: PLC0415

    strict = Client(enforce_csrf_checks=True)
    page = strict.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert page.status_code == 200
    assert said(world)[0][3] == "List-Unsubscribe=One-Click (RFC 8058)"


@pytest.mark.parametrize("change", [lambda url: url[:-1], lambda url: url + "x", lambda url: "/b/x"])
def test_altered_link_is_not_found(client, world, link, change):
    assert client.post(change(link)).status_code == 404
    assert said(world) == []


def test_link_of_another_dealership_finds_no_customer_of_ours(client, world, link):
    with tenant_scope(world.dealership):
        ours = CustomerFactory(dealership=world.dealership)
    token = make(CustomerLink(LinkPurpose.OPT_OUT, world.other.pk, ours.pk))

    assert client.post(f"/b/{token}").status_code == 404
    assert said(world) == []
