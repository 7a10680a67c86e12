import factory

from messaging.models import ConsentEvent, InboundMessage, Message, ProviderAccount, Suppression
from tests.conftest import NOW
from tests.factories.customers import CustomerFactory
from tests.factories.dealerships import TenantFactory, same_dealership


class ProviderAccountFactory(TenantFactory):
    channel = "sms"
    provider = "sandbox"
    from_address = "+15125550100"
    is_active = True

    class Meta:
        model = ProviderAccount
        django_get_or_create = ("dealership", "channel", "is_active")


class ConsentEventFactory(TenantFactory):
    customer = same_dealership(CustomerFactory)
    channel = "sms"
    purpose = ""
    action = "granted"
    source = "reply"
    at = NOW

    class Meta:
        model = ConsentEvent


class MessageFactory(TenantFactory):
    """A queued text about an appointment."""

    account = same_dealership(ProviderAccountFactory, channel=factory.SelfAttribute("..channel"))
    key = factory.Sequence(lambda n: f"touch:{n}")
    customer = same_dealership(CustomerFactory)
    channel = "sms"
    purpose = "transactional"
    to_address = factory.Sequence(lambda n: f"+1512556{n % 10000:04d}")
    body_text = factory.LazyAttribute(
        lambda made: (
            f"{made.dealership.name}, {made.dealership.street}, {made.dealership.city}: an oil change is due. "
            "STOP to opt out, or https://example.com/b/AgMDmK0y4lQ3xT0aQ1rP"
            if made.purpose == "marketing"
            else "Your car is ready."
        )
    )
    zone_names = ["America/Chicago"]
    not_before = NOW
    created_at = NOW

    class Meta:
        model = Message


class InboundMessageFactory(TenantFactory):
    customer = same_dealership(CustomerFactory)
    channel = "sms"
    account = same_dealership(ProviderAccountFactory, channel=factory.SelfAttribute("..channel"))
    provider_id = factory.Sequence(lambda n: f"in-{n}")
    from_address = "+15125550123"
    body = "tuesday at 3 works"
    received_at = NOW

    class Meta:
        model = InboundMessage


class SuppressionFactory(TenantFactory):
    channel = "sms"
    address = "+15125550123"
    reason = "opted_out"
    created_at = NOW

    class Meta:
        model = Suppression
