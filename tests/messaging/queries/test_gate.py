from datetime import timedelta

import pytest

from messaging.logic.caps import Sent
from messaging.models import Message
from messaging.queries.gate import person_facts
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import MessageFactory


@pytest.mark.parametrize(
    ("written", "left", "counts"),
    [
        (timedelta(hours=1), timedelta(minutes=59), True),
        (timedelta(days=14), timedelta(hours=1), True),  # it waited in the outbox as long as any may
        (timedelta(days=8), timedelta(days=7, hours=23), True),  # the longest cap is a week
        (timedelta(days=9), timedelta(days=8, minutes=1), False),
        (timedelta(days=400), timedelta(days=400), False),
    ],
)
def test_person_facts_sent_is_what_left_in_the_last_eight_days(dealership, now, written, left, counts):
    customer = CustomerFactory(dealership=dealership)
    message = MessageFactory(
        dealership=dealership, customer=customer, channel="sms", purpose="marketing", state="accepted"
    )
    Message.objects.filter(pk=message.pk).update(created_at=now - written, accepted_at=now - left)

    (person,) = person_facts([customer.pk], now=now).values()

    assert list(person.sent) == ([Sent("sms", now - left)] if counts else [])
