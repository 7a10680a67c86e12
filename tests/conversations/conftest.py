from datetime import UTC, datetime, timedelta

import pytest

from conversations.models import Conversation
from conversations.services import replies
from messaging.models import InboundMessage, Message
from tests.factories.campaigns import EnrolmentItemFactory, TouchFactory
from tests.factories.customers import ContactPointFactory, CustomerFactory, VehicleFactory
from tests.factories.messaging import InboundMessageFactory, MessageFactory

PHONE, EMAIL = "+15125550123", "marisol@mail.example.com"
TUESDAY_3PM = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def customer(dealership):
    customer = CustomerFactory(dealership=dealership, first_name="Marisol")
    ContactPointFactory(dealership=dealership, customer=customer, kind="phone", value=PHONE)
    ContactPointFactory(dealership=dealership, customer=customer, kind="email", value=EMAIL)
    return customer


@pytest.fixture
def vehicle(dealership, customer):
    return VehicleFactory(dealership=dealership, customer=customer)


@pytest.fixture
def reminder(dealership, customer, vehicle, now):
    """The text that told the customer that the car is due."""
    item = EnrolmentItemFactory(dealership=dealership, vehicle=vehicle)
    message = MessageFactory(
        dealership=dealership, customer=customer, key="touch:1", to_address=PHONE, created_at=now - HOUR
    )
    TouchFactory(
        dealership=dealership, enrolment=item.enrolment, channel="sms", state="sent", message=message
    )
    return message


@pytest.fixture
def write(dealership, customer, now):
    """Have the customer write something and be answered: `write("tuesday at 3")` returns what was done."""

    def write_and_handle(body, *, at=now, **fields):
        fields = {"channel": "sms", "from_address": PHONE, "customer": customer, **fields}
        inbound = InboundMessageFactory(dealership=dealership, body=body, received_at=at, **fields)
        return replies.handle(inbound.pk, now=at)

    return write_and_handle


def answers():
    """What we said by itself, oldest first."""
    return list(Message.objects.filter(key__startswith="answer:").order_by("pk"))


def thread():
    return Conversation.objects.get()


def last_reply():
    return InboundMessage.objects.order_by("-pk").first()
