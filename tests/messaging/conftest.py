import pytest

from common.tenancy import cross_tenant
from messaging.models import ProviderAccount
from tests.messaging.sandbox_server import RunningSandbox


@pytest.fixture
def sandbox(tmp_path, settings):
    """A sandbox to send to, with callbacks switched off in accounts that `quiet_account` gives out."""
    running = RunningSandbox(tmp_path, secret=settings.SECRET_KEY).start()
    settings.SANDBOX_URL = running.url
    yield running
    running.stop()


@pytest.fixture
def sms_account(world):
    with cross_tenant(reason="test"):
        return ProviderAccount.objects.get(dealership=world.dealership, channel="sms", is_active=True)


@pytest.fixture
def quiet_account(sandbox, sms_account):
    """Alice's account for texts, of which the sandbox reports nothing back."""
    sandbox.behave(str(sms_account.uuid))
    return sms_account
