import pytest

from common.tenancy import tenant_scope
from messaging.models import InboundMessage, WebhookReceipt
from messaging.services import receipts_processing, sending
from tests.conftest import NOW
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import MessageFactory
from tests.messaging.sandbox_server import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def closed_circle(live_server, tmp_path, settings):
    """A sandbox that reports to a live server."""
    settings.PUBLIC_URL = live_server.url
    running = RunningSandbox(tmp_path, secret=settings.SECRET_KEY, callback_base=live_server.url).start()
    settings.SANDBOX_URL = running.url
    yield running
    running.stop()


@pytest.fixture
def texted(world, sms_account, closed_circle):
    closed_circle.behave(str(sms_account.uuid))
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership, display_name="Ana <b>One</b>")
        ContactPointFactory(dealership=world.dealership, customer=customer, value="+15125550155")
        MessageFactory(
            dealership=world.dealership, account=sms_account, customer=customer, to_address="+15125550155"
        )
    sending.drain(now=lambda: NOW)
    return customer


def test_customer_sees_what_came_and_their_answer_comes_back_by_the_webhook(client, world, texted):
    client.force_login(world.bob)
    path = f"/d/{world.dealership.slug}/sandbox/"

    listing = client.get(path).content.decode()
    phone = client.get(f"{path}{texted.pk}/").content.decode()
    client.post(f"{path}{texted.pk}/", {"channel": "sms", "text": "tuesday at 3 works"})

    assert "Ana &lt;b&gt;One&lt;/b&gt;" in listing
    assert "Your car is ready." in phone
    with tenant_scope(world.dealership):
        assert WebhookReceipt.objects.count() == 1
    receipts_processing.process(now=NOW)
    with tenant_scope(world.dealership):
        inbound = InboundMessage.objects.get()
        assert (inbound.customer_id, inbound.channel, inbound.body) == (
            texted.pk,
            "sms",
            "tuesday at 3 works",
        )
        assert inbound.in_reply_to.to_address == "+15125550155"
    assert "tuesday at 3 works" in client.get(f"{path}{texted.pk}/").content.decode()


def test_sandbox_that_is_away_is_said(client, world, texted, settings):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    client.force_login(world.bob)

    page = client.get(f"/d/{world.dealership.slug}/sandbox/{texted.pk}/")

    assert "The sandbox does not answer" in page.content.decode()
