"""Real threads: a reply, its repetition and a tap on the page at the same moment lead to one appointment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection, transaction

from booking.models import Appointment, CapacitySlot
from campaigns.models import Enrolment
from common.tenancy import tenant_scope
from conversations.models import Understanding
from conversations.services import replies, self_service
from conversations.services.self_service import Wish
from messaging.models import InboundMessage, Message
from messaging.signals import reply_received
from tests.conftest import NOW
from tests.conversations.conftest import HOUR, PHONE, TUESDAY_3PM
from tests.factories.messaging import InboundMessageFactory

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(dealership, calls):
    barrier = Barrier(len(calls))

    def run(call):
        with tenant_scope(dealership):
            try:
                connection.ensure_connection()
                barrier.wait(timeout=30)
                return call()
            finally:
                connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def written(dealership, customer, body):
    return InboundMessageFactory(
        dealership=dealership, customer=customer, from_address=PHONE, body=body, received_at=NOW
    )


def test_one_reply_by_many_workers_at_once_books_and_answers_once(dealership, customer, reminder):
    inbound = written(dealership, customer, "tuesday at 3")

    done = all_at_once(dealership, [lambda: replies.handle(inbound.pk, now=NOW)] * 8)

    assert sorted(filter(None, done)) == ["booked"]
    assert Appointment.objects.count() == 1
    assert Understanding.objects.count() == 1
    assert Message.objects.filter(key__startswith="answer:").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_reply_and_taps_at_once_have_one_appointment_and_no_deadlock(
    dealership, customer, vehicle, reminder, attempt
):
    times = ["tuesday at 3", "tuesday at 4", "actually tuesday at 2"]
    inbounds = [written(dealership, customer, body) for body in times]

    def reply(inbound):
        # As messaging does it: pausing the reminders and answering in one transaction.
        with transaction.atomic():
            reply_received.send(
                sender=InboundMessage, dealership_id=dealership.pk, inbound_message_id=inbound.pk
            )

    def tap(number):
        wish = Wish(vehicle, TUESDAY_3PM - number * HOUR, f"nonce-{number}")
        return self_service.book(customer, wish, now=NOW)

    with time_machine.travel(NOW, tick=True):
        all_at_once(
            dealership,
            [
                *(lambda inbound=inbound: reply(inbound) for inbound in inbounds),
                *(lambda number=number: tap(number) for number in range(3)),
            ],
        )

    assert Appointment.objects.count() == 1
    assert sum(CapacitySlot.objects.values_list("used", flat=True)) == 1
    assert set(Understanding.objects.values_list("action", flat=True)) <= {
        "booked",
        "moved",
        "confirmed",
        "asked",
    }
    assert Enrolment.objects.get().end_reason == "booked"
