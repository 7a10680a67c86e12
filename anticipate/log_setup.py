"""How Anticipate logs: one line an event, JSON for machines or text for people, never a secret or a message.

Everything goes to standard error; the supervisor, Docker or systemd keeps it.
"""

from __future__ import annotations

import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

FORMATS = ("json", "text")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HIDDEN = "[hidden]"
# Parts of names whose values say who somebody is, what was written to them, or how to get in.
HIDDEN_PARTS = (
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "signature",
    "api_key",
    "body",
    "address",
    "phone",
    "email",
)

LINK_TOKEN = re.compile(r"(/b/)[A-Za-z0-9_-]{10,}")

Processor = structlog.typing.Processor


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of names that look secret or personal, in nested mappings too.

    Django's own line about a failed request names its path: the token in that lets its holder book and cancel.
    """
    event["event"] = LINK_TOKEN.sub(rf"\1{HIDDEN}", str(event.get("event", "")))
    for name, value in event.items():
        if name != "event":
            event[name] = _hidden(name, value)
    return event


def _hidden(name: str, value: Any) -> Any:
    if any(part in name.lower() for part in HIDDEN_PARTS):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    return value


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    hide_secrets,
]


def logging_configuration(*, log_format: str, level: str) -> dict[str, Any]:
    """Return the settings' LOGGING.

    raises: ImproperlyConfigured for an unknown LOG_FORMAT or LOG_LEVEL
    """
    if log_format not in FORMATS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be one of {', '.join(FORMATS)}.")
    if level not in LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL must be one of {', '.join(LEVELS)}.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *_renderers(log_format),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Its lines name every URL, with the tokens in them; RequestLogMiddleware says the same by route.
            "django.server": {"handlers": [], "propagate": False},
            "django.request": {"level": "ERROR"},
            # "Task received", "succeeded" for each sweep of each minute.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }


# Without the local variables, which structlog's own default writes out: keys, addresses and message bodies.
_TRACEBACK = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def _renderers(log_format: str) -> list[Processor]:
    if log_format == "json":
        return [structlog.processors.ExceptionRenderer(_TRACEBACK), structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]


# One list for the life of the process: loggers keep the list they first saw, and django.setup() may run twice.
_PROCESSORS: list[Processor] = [
    structlog.stdlib.filter_by_level,
    *_SHARED,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]


def configure(configuration: dict[str, Any]) -> None:
    """Set up the standard library's logging and structlog on top of it; Django's LOGGING_CONFIG."""
    logging.config.dictConfig(configuration)
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
