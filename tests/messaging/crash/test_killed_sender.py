"""A real sender process is killed at every step; the sandbox's own store says what truly went out."""

import signal

import pytest

from tests.messaging.crash.conftest import CHILD_SECONDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]

STEPS = [
    "claiming, before the commit",
    "claimed",
    "request built",
    "request left",
    "answered",
    "recording",
    "recording, before the commit",
    "recorded",
]


@pytest.mark.parametrize("step", STEPS)
def test_sender_killed_at_a_step_neither_loses_nor_doubles(mail, start_sender, sandbox, step):
    if step == "request left":
        sandbox.behave(str(mail.account.uuid), answer_after=1.0)
    victim = start_sender(crash_at=step)
    victim.communicate(timeout=CHILD_SECONDS)
    assert victim.returncode == -signal.SIGKILL
    assert set(mail.received().values()) <= {1}
    sandbox.behave(str(mail.account.uuid))

    survivor = start_sender()
    _, errors = survivor.communicate(timeout=CHILD_SECONDS)
    assert survivor.returncode == 0, errors
    assert set(mail.received().values()) <= {1}, "the survivor sent what the victim may have sent"
    assert mail.states()["queued"] == 0

    mail.clean_up()

    mail.assert_each_went_out_once()


def test_two_senders_at_once_share_the_work(mail, start_sender):
    senders = [start_sender(), start_sender()]
    for sender in senders:
        _, errors = sender.communicate(timeout=CHILD_SECONDS)
        assert sender.returncode == 0, errors

    mail.assert_each_went_out_once()


def test_sender_killed_while_another_goes_on(mail, start_sender):
    victim, survivor = start_sender(crash_at="answered"), start_sender()
    for sender in (victim, survivor):
        sender.communicate(timeout=CHILD_SECONDS)
    assert survivor.returncode == 0

    mail.clean_up()

    mail.assert_each_went_out_once()


def test_provider_that_misbehaves_meanwhile_is_told_apart(mail, start_sender, sandbox):
    tricks = [
        {"do": "fail_after_accepting", "share": 0.2},
        {"do": "drop", "share": 0.4},
        {"do": "rate_limit", "share": 0.6, "times": 10},
        {"do": "fail", "share": 0.8, "times": 10},
    ]
    sandbox.behave(str(mail.account.uuid), rules=tricks)
    victim = start_sender(crash_at="answered")
    victim.communicate(timeout=CHILD_SECONDS)

    sandbox.behave(str(mail.account.uuid))
    mail.clean_up()

    mail.assert_each_went_out_once()
