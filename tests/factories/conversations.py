from datetime import UTC, datetime

from conversations.models import Conversation, Understanding
from tests.factories.customers import CustomerFactory
from tests.factories.dealerships import TenantFactory, same_dealership
from tests.factories.messaging import InboundMessageFactory

AN_HOUR_AGO = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class ConversationFactory(TenantFactory):
    customer = same_dealership(CustomerFactory)
    state = "waiting"
    waiting_since = AN_HOUR_AGO
    waiting_reason = "not_understood"
    last_message_at = AN_HOUR_AGO

    class Meta:
        model = Conversation


class UnderstandingFactory(TenantFactory):
    inbound_message = same_dealership(InboundMessageFactory)
    intents = ["accept", "propose"]
    confidence = 0.9
    action = "booked"
    created_at = AN_HOUR_AGO

    class Meta:
        model = Understanding
