import pytest
from django.db import connection

from anticipate import checks
from anticipate.soundness import exit_unless_sound, require_sound_installation
from anticipate.start_error import StartError


def _ids(messages) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.django_db
def test_database_role_of_the_suite_is_bound_by_row_security():
    assert checks.check_database_role(databases=["default"]) == []


def test_database_role_without_databases_asks_nobody():
    assert checks.check_database_role(databases=None) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("owner", True, False, 180004), [("anticipate.E001", "is a superuser")]),
        (("owner", False, True, 180004), [("anticipate.E001", "has BYPASSRLS")]),
        (("owner", False, False, 140011), [("anticipate.E005", "PostgreSQL 14 is too old")]),
        (("owner", False, False, 150000), []),
    ],
)
def test_database_role_that_breaks_the_wall_is_refused(monkeypatch, row, expected):
    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def execute(self, statement):
            assert "current_user" in statement

        def fetchone(self):
            return row

    monkeypatch.setattr(connection, "cursor", Cursor)

    found = checks.check_database_role(databases=["default"])

    assert _ids(found) == [identifier for identifier, _ in expected]
    assert all(words in message.msg for message, (_, words) in zip(found, expected, strict=True))
    assert all("DATABASE_URL" in message.msg and message.hint for message in found)


@pytest.mark.parametrize(
    ("given", "demo", "expected"),
    [(True, False, []), (False, True, []), (False, False, ["anticipate.E002"])],
)
def test_secret_key_must_be_given_to_a_deployment(settings, given, demo, expected):
    settings.IS_SECRET_KEY_GIVEN, settings.DEMO = given, demo

    assert _ids(checks.check_secret_key()) == expected


@pytest.mark.parametrize(
    ("demo", "hosts", "expected"),
    [
        (True, ["127.0.0.1", "localhost", "[::1]"], []),
        (True, ["reminders.example.com"], ["anticipate.E003"]),
        (True, ["*"], ["anticipate.E003"]),
        (False, ["reminders.example.com"], []),
    ],
)
def test_demo_stays_off_public_hosts(settings, demo, hosts, expected):
    settings.DEMO, settings.ALLOWED_HOSTS = demo, hosts

    assert _ids(checks.check_demo()) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://reminders.example.com", []),
        ("http://127.0.0.1:8000", []),
        ("reminders.example.com", ["anticipate.E004"]),
        ("https://example.com/reminders", ["anticipate.E004"]),
        ("ftp://example.com", ["anticipate.E004"]),
        ("https://", ["anticipate.E004"]),
    ],
)
def test_public_url_is_a_whole_address(settings, address, expected):
    settings.PUBLIC_URL = address

    assert _ids(checks.check_public_url()) == expected


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (["reminders.example.com"], []),
        ([".example.com"], []),
        (["*"], []),
        (["other.example.com"], ["anticipate.E006"]),
        ([], ["anticipate.E006"]),
    ],
)
def test_public_host_is_answered(settings, hosts, expected):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://reminders.example.com", hosts

    assert _ids(checks.check_public_host()) == expected


@pytest.mark.parametrize(
    ("redis", "demo", "expected"),
    [("", False, ["anticipate.W001"]), ("", True, []), ("redis://r", False, [])],
)
def test_broker_of_files_is_mentioned(settings, redis, demo, expected):
    settings.REDIS_URL, settings.DEMO = redis, demo

    assert _ids(checks.check_broker()) == expected


@pytest.mark.parametrize(
    ("backend", "demo", "expected"),
    [("console", False, ["anticipate.W002"]), ("console", True, []), ("smtp", False, [])],
)
def test_password_links_in_the_log_are_mentioned(settings, backend, demo, expected):
    settings.EMAIL_BACKEND, settings.DEMO = f"django.core.mail.backends.{backend}.EmailBackend", demo

    assert _ids(checks.check_email()) == expected


@pytest.mark.django_db(transaction=True)
def test_require_sound_installation_warnings_do_not_stop_it(settings):
    settings.REDIS_URL = ""

    require_sound_installation()


@pytest.mark.django_db(transaction=True)
def test_exit_unless_sound_lists_every_error(settings):
    settings.IS_SECRET_KEY_GIVEN = False
    settings.PUBLIC_URL = "nonsense"

    with pytest.raises(SystemExit) as caught:
        exit_unless_sound()

    assert "anticipate.E002 SECRET_KEY is not set." in str(caught.value)
    assert "anticipate.E004 PUBLIC_URL" in str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_require_sound_installation_database_down_says_where(settings, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    with pytest.raises(StartError, match="The database does not answer"):
        require_sound_installation()
    connection.close()
