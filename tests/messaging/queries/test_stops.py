from datetime import timedelta

import pytest

from messaging.queries.stops import marketing_stops
from tests.conftest import NOW
from tests.factories.customers import CustomerFactory
from tests.factories.messaging import ConsentEventFactory

SINCE = NOW - timedelta(days=90)
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def customer(dealership):
    return CustomerFactory(dealership=dealership)


def said(customer, action, at, **more):
    ConsentEventFactory(dealership=customer.dealership, customer=customer, action=action, at=at, **more)


@pytest.mark.parametrize(
    ("words", "stopped_at"),
    [
        ([], None),
        ([("withdrawn", YESTERDAY, {})], YESTERDAY),
        ([("withdrawn", YESTERDAY, {"channel": "", "source": "link"})], YESTERDAY),
        ([("withdrawn", YESTERDAY, {"purpose": "marketing", "source": "advisor"})], YESTERDAY),
        ([("withdrawn", YESTERDAY, {"purpose": "transactional"})], None),
        ([("withdrawn", YESTERDAY, {"source": "dms_refusal"})], None),
        ([("withdrawn", SINCE, {})], None),
        ([("withdrawn", YESTERDAY, {}), ("granted", NOW, {})], None),  # START
        ([("withdrawn", YESTERDAY, {}), ("granted", NOW, {"source": "dms_attestation"})], YESTERDAY),
        ([("granted", YESTERDAY, {}), ("withdrawn", NOW, {})], NOW),
    ],
)
def test_marketing_stops_is_the_last_word_of_their_own(customer, words, stopped_at):
    for action, at, more in words:
        said(customer, action, at, **more)

    assert marketing_stops([customer.pk], since=SINCE) == ({customer.pk: stopped_at} if stopped_at else {})


def test_marketing_stops_of_others_are_left_out(customer):
    other = CustomerFactory(dealership=customer.dealership)
    said(other, "withdrawn", YESTERDAY)

    assert marketing_stops([customer.pk], since=SINCE) == {}
    assert marketing_stops([customer.pk, other.pk], since=SINCE) == {other.pk: YESTERDAY}
