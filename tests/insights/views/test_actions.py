"""What can be done from the insights pages: stop messages, explain, set the demo clock."""

import pytest
from django.urls import reverse

from campaigns.models import Touch
from common import clock
from common.tenancy import tenant_scope
from dealerships.middleware import SLUG
from insights.services import demo_clock
from messaging.models import ConsentEvent, Message
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import MessageFactory


def path(name: str, **kwargs) -> str:
    return reverse(name, kwargs={SLUG: "live-oak", **kwargs})


@pytest.fixture
def customer(make_busy_customer):
    return make_busy_customer().customer


def test_stop_records_the_words_and_cancels_what_waits(bob, world, customer, dealership):
    MessageFactory(
        dealership=dealership, customer=customer, state="queued", channel="sms", purpose="marketing"
    )

    answer = bob.post(
        path("insights:customer-stop", customer_id=customer.pk),
        {"channel": "sms", "purpose": "marketing", "wording": "no more texts, thanks"},
    )

    assert answer.headers["Location"] == path("insights:customer-detail", customer_id=customer.pk)
    said = ConsentEvent.objects.filter(action="withdrawn").get()
    assert (said.channel, said.purpose, said.source, said.wording, said.actor) == (
        "sms",
        "marketing",
        "advisor",
        "no more texts, thanks",
        world.bob,
    )
    assert not Message.objects.filter(state="queued").exists()


def test_stop_without_words_asks_for_them(bob, customer):
    answer = bob.post(path("insights:customer-stop", customer_id=customer.pk), {"channel": "", "purpose": ""})

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert not ConsentEvent.objects.filter(action="withdrawn").exists()


def test_stop_of_everything(bob, customer):
    bob.post(
        path("insights:customer-stop", customer_id=customer.pk),
        {"channel": "", "purpose": "", "wording": "stop"},
    )

    said = ConsentEvent.objects.filter(action="withdrawn").get()
    assert (said.channel, said.purpose) == ("", "")


@pytest.mark.parametrize("name", ["insights:customer-stop", "insights:sandbox-customer"])
def test_viewer_may_look_at_a_customer_and_do_nothing(client, world, frozen, customer, name):
    client.force_login(world.vera)

    shown = client.get(path("insights:customer-detail", customer_id=customer.pk))

    assert "Asked us to stop" not in shown.text
    assert client.get(path(name, customer_id=customer.pk)).status_code == 403
    assert client.post(path(name, customer_id=customer.pk), {"wording": "x", "text": "x"}).status_code == 403


def test_preferred_channel_is_kept_and_shown(bob, client, world, customer):
    url = path("insights:customer-prefers", customer_id=customer.pk)
    detail = path("insights:customer-detail", customer_id=customer.pk)

    assert '<option value="email" selected>' in bob.post(url, {"channel": "email"}, follow=True).text
    assert "Choose one of the channels." in bob.post(url, {"channel": "pigeon"}, follow=True).text
    customer.refresh_from_db()
    assert customer.preferred_channel == "email"

    client.force_login(world.vera)
    assert client.post(url, {"channel": ""}).status_code == 403
    assert "Prefers: E-mail" in client.get(detail).text


def test_why_opens_in_the_timeline_and_as_a_page(bob, customer):
    touch = Touch.objects.filter(enrolment__customer=customer, state="skipped").get()
    url = path("insights:touch-why", customer_id=customer.pk, touch_id=touch.pk)

    timeline = bob.get(path("insights:customer-detail", customer_id=customer.pk)).text
    page, part = bob.get(url).text, bob.get(url, headers={"HX-Request": "true"}).text

    assert f'hx-get="{url}"' in timeline
    assert "<h1>Why not?</h1>" in page
    assert "<html" not in part
    assert "The customer has had enough messages for now" in part


def test_why_of_another_customers_touch_is_not_there(bob, customer, dealership):
    touch = Touch.objects.filter(enrolment__customer=customer).first()
    other = CustomerFactory(dealership=dealership)

    assert bob.get(path("insights:touch-why", customer_id=other.pk, touch_id=touch.pk)).status_code == 404


@pytest.fixture
def clock_moves(monkeypatch, settings, tmp_path):
    """Record how far the clock was set instead of setting it."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    moves = []

    def advance(*, until):
        moves.append(until - clock.now())
        return type("Advanced", (), {"sent": 1, "now": until})

    monkeypatch.setattr("insights.views.demo_clock.demo_clock.advance", advance)
    return moves


@pytest.mark.parametrize(
    ("given", "hours"),
    [
        ({"hours": "24"}, [24.0]),
        ({"on": "2026-11-22"}, [47.0]),
        ({"on": "2020-01-01"}, [0.0]),
        ({}, []),
        ({"hours": "x"}, []),
    ],
)
def test_clock_is_set_as_far_as_asked(bob, dealership, clock_moves, given, hours):
    answer = bob.post(path("insights:clock-advance"), given)

    assert answer.headers["Location"] == path("insights:sandbox")
    assert [move.total_seconds() / 3600 for move in clock_moves] == hours


def test_clock_that_is_on_its_way_is_not_moved_again(bob, dealership, clock_moves, monkeypatch):
    def busy(*, until):
        raise demo_clock.AlreadyMoving

    monkeypatch.setattr("insights.views.demo_clock.demo_clock.advance", busy)

    answer = bob.post(path("insights:clock-advance"), {"hours": "24"}, follow=True)

    assert "on its way already" in answer.text


def test_clock_of_a_real_installation_is_not_there(bob, dealership, clock_moves, settings):
    settings.DEMO = False

    assert bob.post(path("insights:clock-advance"), {"hours": "24"}).status_code == 404
    assert clock_moves == []


def test_clock_is_not_moved_by_a_link(bob, dealership, clock_moves):
    assert bob.get(path("insights:clock-advance"), {"hours": "24"}).status_code == 405


def test_mail_is_walled_off_by_a_policy_of_its_own(bob, world, monkeypatch):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
    item = type("Item", (), {"id": "sb_1", "html": "<script>1</script><p style='color:red'>Hello</p>"})
    held = type("Belongings", (), {"mailbox": [item]})
    monkeypatch.setattr("insights.views.sandbox.sandbox_customer.belongings", lambda _customer: held)

    answer = bob.get(path("insights:sandbox-mail", customer_id=customer.pk, mail_id="sb_1"))

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert bob.get(path("insights:sandbox-mail", customer_id=customer.pk, mail_id="sb_2")).status_code == 404
