import email
import logging
from dataclasses import replace
from email import policy

import pytest

from common.enums import Channel
from messaging.adapters.base import Account, Attachment, ProviderError, SendRequest, SendResult
from messaging.adapters.smtp.sender import SmtpSender, compose
from messaging.enums import ErrorCode
from tests.messaging.adapters.smtp_server import mail_server

pytestmark = pytest.mark.logic

CONFIG = {
    "host": "127.0.0.1",
    "port": 9,
    "username": "service",
    "password": "very-secret",
    "answer_seconds": 1,
    "reply_domain": "answers.example.com",
    "reply_secret": "hush",
}
ACCOUNT = Account(
    1, "u-1", CONFIG, from_address="service@liveoak.example.com", sender_name='Live "Oak" Motors'
)
REQUEST = SendRequest(
    "touch:17",
    Channel.EMAIL,
    "ann@example.com",
    "Su auto está listo.",
    subject="Ready\r\nBcc: all@example.com",
    html="<p>Su auto está listo.</p>",
    attachments=(Attachment("visit.ics", "text/calendar", "QUJD"),),
    headers={"List-Unsubscribe": "<https://app.example.com/b/x>"},
)


def accept(server=None, request=REQUEST, **config):
    port = server.server_address[1] if server else 9
    return SmtpSender().accept(request, replace(ACCOUNT, config=CONFIG | {"port": port} | config))


def refused(**answers):
    with mail_server(**answers) as server, pytest.raises(ProviderError) as caught:
        accept(server)
    return caught.value.code, caught.value.is_permanent, caught.value.raw


def test_mail_arrives_whole():
    with mail_server() as server:
        result = accept(server)

    assert result == SendResult("<8b5d@liveoak.example.com>".replace("8b5d", result.provider_id[1:33]))
    assert server.heard[1].startswith("AUTH PLAIN")
    assert server.heard[2:4] == ["mail FROM:<service@liveoak.example.com>", "rcpt TO:<ann@example.com>"]
    (raw,) = server.mails
    mail = email.message_from_bytes(raw, policy=policy.default)
    assert (mail["From"], mail["To"], mail["Bcc"]) == (
        "Live Oak Motors <service@liveoak.example.com>",
        "ann@example.com",
        None,
    )
    assert mail["Subject"] == "Ready Bcc: all@example.com"
    assert mail["Reply-To"].startswith("reply+")
    assert mail["List-Unsubscribe"] == "<https://app.example.com/b/x>"
    assert mail["Message-ID"] == result.provider_id
    assert mail.get_body(("plain",)).get_content().strip() == "Su auto está listo."
    assert mail.get_body(("html",)).get_content().strip() == "<p>Su auto está listo.</p>"
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("visit.ics", "ABC")
    ]


def test_message_id_follows_from_the_reference():
    first, again = (compose(REQUEST, ACCOUNT).extra_headers["Message-ID"] for _ in range(2))
    other = compose(replace(REQUEST, reference="touch:18"), ACCOUNT).extra_headers["Message-ID"]

    assert first == again != other


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RCPT": "550 5.1.1 no such user ann@example.com"}, (ErrorCode.INVALID_ADDRESS, True, "550")),
        ({"RCPT": "451 4.7.1 greylisted"}, (ErrorCode.TEMPORARY, False, "451")),
        ({"RCPT": "554 relay denied"}, (ErrorCode.UNKNOWN, True, "554")),
        ({"MAIL": "553 not your address"}, (ErrorCode.CONFIGURATION, False, "553")),
        ({"AUTH": "535 wrong"}, (ErrorCode.AUTHENTICATION, False, "535")),
        ({"end_of_data": "552 too big"}, (ErrorCode.REJECTED_CONTENT, True, "552")),
        ({"end_of_data": "452 full"}, (ErrorCode.TEMPORARY, False, "452")),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, (ErrorCode.TEMPORARY, False, "SMTPHeloError")),
        ({"end_of_data": None}, (ErrorCode.UNKNOWN_OUTCOME, False, "SMTPServerDisconnected")),
        ({"RCPT": None}, (ErrorCode.UNKNOWN_OUTCOME, False, "SMTPServerDisconnected")),
    ],
)
def test_servers_answer_says_what_to_do(answers, expected):
    assert refused(**answers) == expected


def test_server_that_cannot_be_reached_was_surely_not_reached():
    with pytest.raises(ProviderError) as caught:
        accept()
    assert (caught.value.code, caught.value.is_permanent) == (ErrorCode.TEMPORARY, False)


@pytest.mark.parametrize(
    ("request_", "account", "code"),
    [
        (replace(REQUEST, channel=Channel.SMS), ACCOUNT, ErrorCode.UNSUPPORTED),
        (REQUEST, replace(ACCOUNT, from_address=""), ErrorCode.CONFIGURATION),
        (REQUEST, replace(ACCOUNT, config={}), ErrorCode.CONFIGURATION),
        (replace(REQUEST, to="ann@example.com\nbcc: b@example.com"), ACCOUNT, ErrorCode.INVALID_ADDRESS),
        (
            replace(REQUEST, to="nonsense"),
            ACCOUNT,
            ErrorCode.TEMPORARY,
        ),  # the server's to judge; here it is away
    ],
)
def test_what_cannot_be_sent_says_why(request_, account, code):
    with pytest.raises(ProviderError) as caught:
        SmtpSender().accept(request_, account)
    assert caught.value.code is code


def test_secrets_and_people_show_in_no_log(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    shown = "".join(
        str(refused(**answers)) for answers in ({"AUTH": "535 no"}, {"RCPT": "550 ann@example.com"})
    )
    shown += repr(ACCOUNT) + caplog.text + "".join(capsys.readouterr())

    assert not [each for each in ("very-secret", "hush", "ann@example.com") if each in shown]


@pytest.mark.parametrize(
    ("host", "more"),
    [
        ("127.0.0.1", {}),
        ("localhost", {}),
        ("127.0.0.1", {"use_ssl": True}),
        ("10.0.0.8", {}),
        ("169.254.169.254", {}),
        ("::ffff:127.0.0.1", {}),
        ("0.0.0.0", {}),
    ],
)
def test_what_a_member_entered_never_connects_to_a_private_address(host, more):
    with mail_server() as server:
        with pytest.raises(ProviderError) as caught:
            accept(server, host=host, public_only=True, **more)

        assert (caught.value.code, caught.value.raw) == (
            ErrorCode.CONFIGURATION,
            "the server has a private address",
        )
        assert server.heard == []
