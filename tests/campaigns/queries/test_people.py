from datetime import datetime, timedelta

from campaigns.queries.people import preferred_channels, reaches
from common.enums import Channel
from customers.models import Customer
from customers.services import preferences
from dealerships.models import LogEntry
from tests.campaigns.worlds import a_customer
from tests.factories.messaging import InboundMessageFactory


def heard(customer, *words: tuple[str, datetime, bool]):
    for channel, at, is_opt_out in words:
        InboundMessageFactory(
            dealership=customer.dealership,
            customer=customer,
            channel=channel,
            account__channel=channel,
            received_at=at,
            is_opt_out=is_opt_out,
        )


def test_preferred_channels_is_what_they_asked_for_else_their_last_answer(dealership, now):
    hour = timedelta(hours=1)
    silent, answered, stopped, asked = (a_customer(dealership) for _ in range(4))
    heard(answered, ("sms", now - 2 * hour, False), ("email", now - hour, False))
    heard(stopped, ("voice", now - 2 * hour, False), ("sms", now, True))
    heard(asked, ("sms", now, False))
    Customer.objects.filter(pk=asked.pk).update(preferred_channel="letter")
    ids = [silent.pk, answered.pk, stopped.pk, asked.pk]

    assert preferred_channels(ids) == {answered.pk: "email", stopped.pk: "voice", asked.pk: "letter"}
    assert reaches(ids, purpose="marketing", now=now)[asked.pk].preferred == "letter"


def test_prefer_channel_is_logged_once(dealership, world, now):
    customer = a_customer(dealership)

    said = [
        preferences.prefer_channel(customer, wish, by=world.bob, now=now)
        for wish in (Channel.SMS, Channel.SMS, None)
    ]

    assert said == [True, False, True]
    assert Customer.objects.get(pk=customer.pk).preferred_channel == ""
    entries = LogEntry.objects.filter(action="customers.customer.channel_preferred")
    assert list(entries.order_by("pk").values_list("data__channel", "actor")) == [
        ("sms", world.bob.pk),
        ("", world.bob.pk),
    ]
