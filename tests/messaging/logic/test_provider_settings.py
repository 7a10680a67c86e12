import pytest

from messaging.adapters.registry import LOCAL_SENDERS, SENDERS
from messaging.logic.provider_settings import (
    LABELS,
    SPECS,
    end_of,
    for_config,
    is_same_account,
    problems,
    specs_for,
)

pytestmark = pytest.mark.logic

SID, TOKEN = "AC" + "1" * 32, "a" * 32
TWILIO = SPECS["twilio_sms"]
GOOD = {"account_sid": SID, "auth_token": TOKEN}


def test_every_provider_can_be_entered_but_the_sandbox():
    providers = {**SENDERS, **LOCAL_SENDERS}

    assert set(SPECS) == set(providers) - {"sandbox"}
    assert set(LABELS) == set(providers)
    assert all(spec.channel in providers[key].capabilities.channels for key, spec in SPECS.items())


def test_what_looks_secret_by_its_name_is_secret():
    words = ("token", "secret", "password", "api_key")
    open_by_right = {"api_key_sid", "webhook_public_key"}
    wrong = [
        (key, each.name)
        for key, spec in SPECS.items()
        for each in spec.settings
        if any(word in each.name for word in words) and not each.is_secret and each.name not in open_by_right
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (GOOD, {}),
        ({}, {"account_sid": "Account SID is needed.", "auth_token": "Auth token is needed."}),
        (
            GOOD | {"account_sid": SID + "\n"},
            {
                "account_sid": "This does not look right: it has AC and 32 of the characters 0-9 and a-f.",
            },
        ),
        (GOOD | {"api_key_secret": "b" * 32}, {"api_key_sid": "Needed with “API key secret”."}),
        (GOOD | {"api_key_sid": "SK" + "2" * 32, "api_key_secret": "b" * 32}, {}),
    ],
)
def test_problems_are_said_by_setting(values, expected):
    assert problems(TWILIO, values) == expected


def test_kept_secret_need_not_be_typed_again_and_counts_for_its_partner():
    values = {"account_sid": SID, "api_key_sid": "SK" + "2" * 32}

    assert problems(TWILIO, values, kept={"auth_token", "api_key_secret"}) == {}
    assert set(problems(TWILIO, values, kept={"auth_token"})) == {"api_key_secret"}


@pytest.mark.parametrize("key", sorted(SPECS))
@pytest.mark.parametrize(
    "evil", ["\x00", "a\r\nX-Evil: 1", "x" * 100_000, "\u202e", "٣" * 32, "{{ 7*7 }}\n", " "]
)
def test_hostile_values_are_refused_everywhere(key, evil):
    spec = SPECS[key]
    names = {each.name for each in spec.settings}

    assert names - set(problems(spec, dict.fromkeys(names, evil))) <= {"password"}
    shown = " ".join(problems(spec, dict.fromkeys(names, evil)).values())
    assert evil.strip() == "" or evil not in shown


def test_passwords_of_a_mail_server_take_spaces_and_no_line_ends():
    good = {"host": "smtp.example.com", "port": "587", "username": "u"}

    assert problems(SPECS["smtp"], good | {"password": "two words"}) == {}
    assert set(problems(SPECS["smtp"], good | {"password": "two\nlines"})) == {"password"}


@pytest.mark.parametrize(
    ("secret", "end"),
    [("", ""), ("short", ""), ("a" * 11, ""), ("abcdefghijkl", "kl"), ("x" * 40 + "42", "42")],
)
def test_end_of_a_secret_is_shown_only_where_enough_stays_hidden(secret, end):
    assert end_of(secret) == end


def test_account_is_told_by_what_names_it():
    assert is_same_account(TWILIO, GOOD, GOOD | {"auth_token": "b" * 32})
    assert not is_same_account(TWILIO, GOOD, GOOD | {"account_sid": "AC" + "2" * 32})
    assert not is_same_account(TWILIO, {}, GOOD)
    assert is_same_account(SPECS["lob"], {"api_key": "a"}, {"api_key": "b"})


def test_config_holds_what_was_given_and_the_encryption_a_port_stands_for():
    assert for_config(TWILIO, GOOD | {"api_key_sid": ""}) == GOOD
    by_port = {
        port: for_config(SPECS["smtp"], {"host": "h", "port": port}) for port in ("465", "587", "2525")
    }
    assert {port: (each["use_ssl"], each["use_tls"]) for port, each in by_port.items()} == {
        "465": (True, False),
        "587": (False, True),
        "2525": (False, True),
    }
    assert all(each["public_only"] is True for each in by_port.values())


def test_channels_offer_their_providers():
    assert [[spec.key for spec in specs_for(channel)] for channel in ("email", "letter", "web_push")] == [
        ["sendgrid", "smtp"],
        ["lob", "print_queue"],
        [],
    ]
