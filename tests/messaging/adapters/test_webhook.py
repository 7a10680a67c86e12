import pytest

from messaging.adapters.webhook import LONGEST_KEY, event_key
from messaging.models import WebhookReceipt

pytestmark = pytest.mark.logic


def test_key_is_what_names_the_event():
    assert event_key("CA1", "3", "completed") == "CA1:3:completed"
    assert event_key("x" * 128) == "x" * 128
    assert event_key("") == ""


def test_long_keys_that_begin_alike_stay_two():
    first, second = event_key("x" * 128, "sent"), event_key("x" * 128, "failed")

    assert (len(first), len(second)) == (64, 64)
    assert first != second
    assert first == event_key("x" * 128, "sent")


def test_key_fits_a_receipt():
    assert WebhookReceipt._meta.get_field("event_key").max_length == LONGEST_KEY
