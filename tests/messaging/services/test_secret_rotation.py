from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from anticipate import checks
from common.secrets import Sealed, seal
from common.tenancy import cross_tenant
from messaging.models import PlatformAccount, ProviderAccount
from messaging.services import secret_rotation

OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))
CANARY = "hush-7f3a9c"


@pytest.fixture
def accounts(world, settings):
    """All accounts under the old key, one of them the platform's."""
    settings.ENCRYPTION_KEYS = [OLD]
    with cross_tenant(reason="test"):
        ProviderAccount.objects.update(config={"auth_token": CANARY})
        PlatformAccount.objects.create(channel="sms", provider="twilio_sms", config={"auth_token": CANARY})
    return 1 + len(tokens()[:-1])


def tokens():
    with cross_tenant(reason="test"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT config FROM (SELECT 1 AS n, id, config FROM messaging_provideraccount UNION ALL"
            " SELECT 2, id, config FROM messaging_platformaccount) AS t ORDER BY n, id"
        )
        return [row[0] for row in cursor.fetchall()]


def run(**options):
    out = StringIO()
    call_command("rotate_secrets", stdout=out, **options)
    return out.getvalue().strip()


def test_database_holds_no_secret_in_plain(accounts):
    assert accounts == 9
    assert [token for token in tokens() if CANARY in token] == []
    assert len(set(tokens()[-2:])) == 2


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_rotation_renews_every_row_and_the_old_key_can_go(accounts, settings, batch):
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    assert run(batch=batch) == "9 encrypted anew, 0 had the first key already."

    settings.ENCRYPTION_KEYS = [NEW]
    with cross_tenant(reason="test"):
        rows = [*ProviderAccount.objects.all(), *PlatformAccount.objects.all()]
        assert [dict(row.config) for row in rows] == [{"auth_token": CANARY}] * 9


def test_rotation_again_touches_nothing(accounts, settings):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    run()
    before = tokens()

    assert run() == "0 encrypted anew, 9 had the first key already."
    assert tokens() == before


def test_rotation_that_was_interrupted_goes_on(accounts, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    whole, count = secret_rotation._rotate_batch, 0

    def dying(*args):
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return whole(*args)

    monkeypatch.setattr(secret_rotation, "_rotate_batch", dying)
    with pytest.raises(KeyboardInterrupt):
        run(batch=2)
    monkeypatch.undo()
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    assert run(batch=2) == "5 encrypted anew, 4 had the first key already."


def test_row_no_key_opens_is_named_left_and_does_not_stop_the_others(accounts, settings):
    settings.ENCRYPTION_KEYS = [LOST]
    lost = seal({"auth_token": "x"})
    with cross_tenant(reason="test"):
        row = ProviderAccount.objects.order_by("pk").first()
        ProviderAccount.objects.filter(pk=row.pk).update(config=Sealed(lost))
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    with pytest.raises(CommandError, match=rf"None of ENCRYPTION_KEYS opens provider account {row.pk}\."):
        run()

    assert tokens()[0] == lost
    assert run_ignoring_errors() == "0 encrypted anew, 8 had the first key already."
    (warning,) = checks.check_secrets_open(databases=["default"])
    assert warning.id == "anticipate.W003"
    assert f"provider account {row.pk}" in warning.msg


def run_ignoring_errors():
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("rotate_secrets", stdout=out)
    return out.getvalue().strip()


def test_rotation_with_a_bad_key_names_it_and_touches_nothing(accounts, settings):
    before = tokens()
    settings.ENCRYPTION_KEYS = ["nonsense", OLD]

    with pytest.raises(CommandError, match=r"^ENCRYPTION_KEYS: key 1 is not 32 bytes in URL-safe base64\.$"):
        run()

    assert tokens() == before


@pytest.mark.parametrize(
    ("keys", "expected"),
    [([OLD], []), ([NEW, OLD], []), (["x"], ["anticipate.E008"]), ([OLD, ""], ["anticipate.E008"])],
)
def test_check_of_keys(settings, keys, expected):
    settings.ENCRYPTION_KEYS = keys

    found = checks.check_encryption_keys()

    assert [each.id for each in found] == expected
    assert all("ENCRYPTION_KEYS" in each.msg and "/dev/urandom" in each.hint for each in found)


@pytest.mark.parametrize(
    ("given", "demo", "expected"),
    [(True, False, []), (False, True, []), (False, False, ["anticipate.E007"])],
)
def test_deployment_must_be_given_keys(settings, given, demo, expected):
    settings.ARE_ENCRYPTION_KEYS_GIVEN, settings.DEMO = given, demo

    assert [each.id for each in checks.check_encryption_keys_are_given()] == expected


def test_check_of_rows_is_content_when_all_open(accounts):
    assert checks.check_secrets_open(databases=["default"]) == []
