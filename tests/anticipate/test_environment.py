import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from anticipate.environment import POSTGRES_SCHEMES, Environment, MachineSecret
from anticipate.start_error import StartError

pytestmark = pytest.mark.logic


@pytest.fixture
def env() -> Environment:
    return Environment()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("true", True),
        ("Yes", True),
        ("ON", True),
        ("1", True),
        ("false", False),
        ("no", False),
        ("off", False),
        ("0", False),
    ],
)
def test_bool_usual_words(env, monkeypatch, word, expected):
    monkeypatch.setenv("DEMO", word)

    assert env.bool("DEMO", default=not expected) is expected


def test_bool_misspelt_names_the_setting_instead_of_being_false(env, monkeypatch):
    monkeypatch.setenv("DEMO", "ture")

    with pytest.raises(ImproperlyConfigured, match=r"^DEMO is neither true nor false"):
        env.bool("DEMO", default=False)


def test_int_nonsense_names_the_setting_and_hides_the_value(env, monkeypatch):
    monkeypatch.setenv("PORT", "eight thousand")

    with pytest.raises(ImproperlyConfigured, match=r"^PORT cannot be read as int") as caught:
        env.int("PORT", default=8000)
    assert "eight" not in str(caught.value)


def test_missing_without_default_names_both_ways_to_set_it(env):
    with pytest.raises(ImproperlyConfigured, match=r"^Set NO_SUCH_SETTING \(or NO_SUCH_SETTING_FILE\)"):
        env.str("NO_SUCH_SETTING")


def test_empty_counts_as_not_set(env, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "")

    assert env.str("REDIS_URL", default="fallback") == "fallback"


def test_leading_dollar_is_part_of_the_secret(env, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "$PATH-is-not-meant")

    assert env.str("SECRET_KEY") == "$PATH-is-not-meant"


def test_file_is_read_without_its_last_line_end(env, monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.str("SECRET_KEY") == "from a file"


def test_file_missing_names_the_setting(env, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "missing"))

    with pytest.raises(
        ImproperlyConfigured, match=r"^SECRET_KEY_FILE names a file that cannot be read: No such file"
    ):
        env.str("SECRET_KEY")


@pytest.mark.parametrize("address", ["mysql://db/anticipate", "sqlite:///db.sqlite3", "db.example.com"])
def test_url_in_other_scheme_shows_an_example(env, monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(
        ImproperlyConfigured, match=r"^DATABASE_URL must begin with postgres:// or postgresql://, as in X"
    ):
        env.url_in("DATABASE_URL", schemes=POSTGRES_SCHEMES, example="X")


def test_list_splits_at_commas(env, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example.com,b.example.com")

    assert env.list("ALLOWED_HOSTS", default=[]) == ["a.example.com", "b.example.com"]


def test_names_are_remembered_for_the_documentation(env):
    env.str("ONE", default="")
    env.bool("TWO", default=False)

    assert env.names == {"ONE", "TWO"}


def test_machine_secret_is_made_once_and_kept(tmp_path):
    path = tmp_path / "var" / "secret-key"

    first = MachineSecret.read_or_make(path)

    assert len(first) >= 50
    assert MachineSecret.read_or_make(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]


def test_machine_secret_of_processes_that_start_together_is_one(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: MachineSecret.read_or_make(tmp_path / "key"), range(64)))

    assert len(secrets) == 1


def test_machine_secret_folder_that_is_a_file_says_where(tmp_path):
    (tmp_path / "var").write_text("in the way")

    with pytest.raises(StartError) as caught:
        MachineSecret.read_or_make(tmp_path / "var" / "secret-key")

    assert caught.value.where == str(tmp_path / "var" / "secret-key")
    assert "VAR_DIR" in caught.value.next_step


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_machine_secret_closed_folder_says_where(tmp_path: Path):
    tmp_path.chmod(0o500)

    with pytest.raises(StartError, match="Permission denied"):
        MachineSecret.read_or_make(tmp_path / "key")
