import json
import logging

import pytest
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from structlog.testing import capture_logs

from anticipate.log_setup import HIDDEN, configure, hide_secrets, logging_configuration

pytestmark = pytest.mark.logic


def _printed(log_format: str, capsys, **values: object) -> str:
    configuration = logging_configuration(log_format=log_format, level="INFO")
    formatter = configuration["formatters"]["line"]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logger = logging.Logger("test")  # noqa: LOG001 -- outside the tree that pytest captures
    logger.addHandler(handler)
    structlog.wrap_logger(
        logger,
        processors=[hide_secrets, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    ).info("sent", **values)
    return capsys.readouterr().err


def test_json_is_one_object_a_line(capsys):
    line = _printed("json", capsys, count=3)

    assert json.loads(line) == {"event": "sent", "count": 3}


def test_secrets_never_reach_the_output(capsys):
    line = _printed(
        "json",
        capsys,
        auth_token="t0p",
        nested={"password": "hunter2", "kept": 1},
        to_address="+15125550100",
        body_text="Dear",
    )

    assert json.loads(line) == {
        "event": "sent",
        "auth_token": HIDDEN,
        "nested": {"password": HIDDEN, "kept": 1},
        "to_address": HIDDEN,
        "body_text": HIDDEN,
    }


def test_token_of_a_customers_link_never_reaches_the_output():
    event = hide_secrets(None, "error", {"event": "Internal Server Error: /b/AQMDmK0y4lQ3xT0aQ1rP/stop"})

    assert event == {"event": f"Internal Server Error: /b/{HIDDEN}/stop"}


def _fail_holding_a_key() -> None:
    key_of_the_provider = "sk-live-1234567"
    raise RuntimeError(f"failed with a key of {len(key_of_the_provider)} letters")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_traceback_is_shown_without_local_variables(capsys, log_format):
    try:
        _fail_holding_a_key()
    except RuntimeError:
        line = _printed(log_format, capsys, exc_info=True)

    assert "failed with a key of 15 letters" in line
    assert "_fail_holding_a_key" in line
    assert "sk-live" not in line


def test_text_is_for_people(capsys):
    assert "count=3" in _printed("text", capsys, count=3)


@pytest.mark.parametrize(
    ("log_format", "level", "named"), [("xml", "INFO", "LOG_FORMAT"), ("json", "LOUD", "LOG_LEVEL")]
)
def test_logging_configuration_unknown_word_names_the_setting(log_format, level, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        logging_configuration(log_format=log_format, level=level)


def test_configure_again_reaches_loggers_already_in_use():
    log = structlog.get_logger("tests.configured_again")
    log.debug("first use")

    configure(settings.LOGGING)
    with capture_logs() as lines:
        log.info("after")

    assert [line["event"] for line in lines] == ["after"]
