from pathlib import Path

import pytest

from anticipate.embedded import config

pytestmark = pytest.mark.logic


def test_settings_for_durable_server_keeps_every_commit_safe():
    settings = config.settings_for(Path("/run/x"), is_durable=True)

    assert "fsync" not in settings
    assert settings["listen_addresses"] == ""
    assert settings["unix_socket_directories"] == '"/run/x"'


def test_settings_for_test_server_does_not_wait_for_the_disk():
    settings = config.settings_for(Path("/run/x"), is_durable=False)

    assert (settings["fsync"], settings["synchronous_commit"]) == ("off", "off")


def test_as_file_escapes_quotes_and_backslashes():
    text = config.as_file({"a": "it's", "b": "c\\d"})

    assert text.splitlines()[1:] == ["a = 'it''s'", "b = 'c\\\\d'"]
