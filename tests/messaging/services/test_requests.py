from datetime import UTC, datetime, timedelta

import pytest

from common.links import CustomerLink, LinkPurpose, read
from messaging.adapters.base import Account
from messaging.services.claiming import Claimed
from messaging.services.requests import OutsideHours, to_request

pytestmark = pytest.mark.logic

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # a Friday, 10:00 in Chicago
ACCOUNT = Account(1, "u", {}, time_zone="America/Chicago")


def claimed(**values):
    usual = {
        "id": 1,
        "dealership_id": 1,
        "account_id": 1,
        "customer_id": 1,
        "key": "touch:1",
        "channel": "sms",
        "purpose": "transactional",
        "priority": 5,
        "to_address": "+15125550155",
        "subject": "",
        "body_text": "Hi",
        "body_html": "",
        "attachments": "[]",
        "zone_names": "[]",
        "places": "[]",
        "letter": None,
        "is_answer": False,
        "confirms_stop": False,
        "expires_at": None,
        "attempt_count": 1,
        "claim": "c",
    }
    return Claimed(**(usual | values))


@pytest.mark.parametrize(
    ("values", "hours"),
    [
        ({}, None),
        ({"hours_end": NOW + timedelta(hours=11)}, 11),
        ({"expires_at": NOW + timedelta(hours=2), "hours_end": NOW + timedelta(hours=11)}, 2),
        ({"expires_at": NOW + timedelta(hours=20), "hours_end": NOW + timedelta(hours=11)}, 11),
        ({"expires_at": NOW + timedelta(hours=20)}, 20),
    ],
)
def test_provider_may_deliver_until_the_quiet_hours_or_the_end(values, hours):
    request = to_request(claimed(**values), ACCOUNT, now=NOW)

    assert request.deliver_within == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize("late", [timedelta(), timedelta(minutes=5)])
def test_nothing_leaves_when_its_hours_have_ended(late):
    with pytest.raises(OutsideHours):
        to_request(claimed(hours_end=NOW), ACCOUNT, now=NOW + late)


def test_marketing_mail_carries_the_way_out_as_a_button():
    request = to_request(claimed(channel="email", purpose="marketing", customer_id=815), ACCOUNT, now=NOW)

    token = request.headers["List-Unsubscribe"].rpartition("/b/")[2].rstrip(">")
    assert read(token) == CustomerLink(LinkPurpose.OPT_OUT, 1, 815)
    assert request.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "values",
    [
        {"channel": "email"},
        {"channel": "sms", "purpose": "marketing"},
        {"channel": "email", "purpose": "marketing", "customer_id": None},
    ],
)
def test_other_messages_carry_no_header(values):
    assert to_request(claimed(**values), ACCOUNT, now=NOW).headers == {}
