"""The check against the official documents itself: it must find what is wrong."""

from dataclasses import replace

import pytest

from tests.messaging.adapters.official import official_document
from tests.messaging.adapters.test_lob import TestLobSender as Letters
from tests.messaging.adapters.test_sendgrid import TestSendgridSender as Mails
from tests.messaging.adapters.test_twilio_sms import TestTwilioSmsSender as Texts

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"MessagingServiceSid=MG", b"MessagingServiceSid=XX"),
        (b"To=", b"Too="),
        (b"Body=", b"Bodi="),
        (b"&StatusCallback=", b"&ValidityPeriod=soon&StatusCallback="),
    ],
)
def test_wrong_request_is_found(old, new):
    document = official_document("twilio_api_v2010.json")
    built = Texts().every_request()[1]

    assert document.violations(built) == []
    assert document.violations(replace(built, body=built.body.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"personalizations"', b'"personalisations"'),
        (b'"custom_args"', b'"custom_arg"'),
        (b'"disposition": "attachment"', b'"disposition": "hidden"'),
        (b'"enable": false', b'"enable": "no"'),
        (b'"click_tracking"', b'"clicktracking"'),
        (b'"filename"', b'"name"'),
    ],
)
def test_wrong_mail_is_found(old, new):
    document = official_document("tsg_mail_v3.json")
    built = Mails().every_request()[1]

    assert old in built.body
    assert document.violations(replace(built, body=built.body.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"use_type": "marketing"', b'"use_type": "fun"'),
        (b'"use_type"', b'"usetype"'),
        (b'"color"', b'"colour"'),
        (b'"address_placement": "top_first_page"', b'"address_placement": "nowhere"'),
        (b'"address_zip": "94107"', b'"address_zip": "9410"'),
    ],
)
def test_wrong_letter_is_found(old, new):
    document = official_document("lob-api-bundled.yml")
    built = Letters().every_request()[0]

    assert old in built.body
    assert document.violations(replace(built, body=built.body.replace(old, new)))


def test_request_without_credentials_is_found():
    built = Texts().every_request()[0]
    headers = {key: value for key, value in built.headers.items() if key != "Authorization"}

    assert official_document("twilio_api_v2010.json").violations(replace(built, headers=headers))
