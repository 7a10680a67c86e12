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
        ({}, 11),  # until 21:00 where the dealership is
        ({"zone_names": '["America/New_York"]'}, 10),
        ({"purpose": "marketing"}, 7),
        ({"expires_at": NOW + timedelta(hours=2)}, 2),
        ({"expires_at": NOW + timedelta(hours=20)}, 11),
        ({"is_answer": True}, 11),
        ({"is_answer": True, "expires_at": NOW + timedelta(hours=20)}, 11),
        ({"channel": "email"}, None),
    ],
)
def test_provider_may_deliver_until_the_quiet_hours_or_the_end(values, hours):
    request = to_request(claimed(**values), ACCOUNT, now=NOW)

    assert request.deliver_within == (None if hours is None else timedelta(hours=hours))


NIGHT = NOW.replace(hour=5)  # 23:00 in Chicago


def test_an_answer_at_night_is_delivered_while_it_is_one_or_not_at_all():
    request = to_request(claimed(is_answer=True, expires_at=NIGHT + timedelta(days=1)), ACCOUNT, now=NIGHT)

    assert request.deliver_within == timedelta(hours=1)


@pytest.mark.parametrize("zones", ['["America/Chicago"]', '["America/Los_Angeles", "America/Chicago"]'])
def test_nothing_else_leaves_at_night(zones):
    with pytest.raises(OutsideHours):
        to_request(claimed(zone_names=zones), ACCOUNT, now=NIGHT)


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
