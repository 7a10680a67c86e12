"""System checks of the installation: each names the setting, says why, and what to do.

`anticipate.E001`, `E005` and `W003` ask the database; `E002`, `E003`, `E006`, `E007`, `W001` and `W002` look at a deployment
(`manage.py check --deploy`). Web, worker and beat run them all before they start (`anticipate.soundness`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import ProgrammingError, connections

from common.secrets import KEY_SETTING, BadKey, check_keys
from messaging.services import secret_rotation

TAG = "anticipate"
MAKE_A_KEY = "Make one with: head -c 32 /dev/urandom | base64 | tr '+/' '-_'"
MOST_NAMED = 5
OLDEST_POSTGRES = 150_000  # 15: `security_invoker` views, MERGE, and `public` closed to strangers


@register(Tags.database, TAG)
def check_database_role(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a role that row-level security does not bind, and a server that is too old."""
    return [message for alias in databases or () for message in _check_connection(alias)]


def _check_connection(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, current_setting('server_version_num')::int"
            " FROM pg_roles WHERE rolname = current_user"
        )
        name, is_superuser, bypasses, version = cursor.fetchone()
    found: list[CheckMessage] = []
    if is_superuser or bypasses:
        found.append(_role_error(name, "is a superuser" if is_superuser else "has BYPASSRLS"))
    if version < OLDEST_POSTGRES:
        found.append(
            Error(
                f"DATABASE_URL: PostgreSQL {version // 10_000} is too old.",
                hint="Use PostgreSQL 15 or newer.",
                id="anticipate.E005",
            )
        )
    return found


def _role_error(name: str, why: str) -> CheckMessage:
    return Error(
        f"DATABASE_URL: the role '{name}' {why}, so the wall between dealerships does not hold.",
        hint=f'Connect as a role of its own: ALTER ROLE "{name}" NOSUPERUSER NOBYPASSRLS, or see docs/operations.md.',
        id="anticipate.E001",
    )


@register(TAG, deploy=True)
def check_secret_key(**_: Any) -> list[CheckMessage]:
    """Ask for a key that all hosts of a deployment share, instead of one made up on each."""
    if settings.IS_SECRET_KEY_GIVEN or settings.DEMO:
        return []
    hint = "Set SECRET_KEY or SECRET_KEY_FILE to 50 or more random characters, the same on every host."
    return [Error("SECRET_KEY is not set.", hint=hint, id="anticipate.E002")]


@register(TAG, deploy=True)
def check_encryption_keys_are_given(**_: Any) -> list[CheckMessage]:
    """Ask for keys that all hosts of a deployment share: what one host encrypts, the others must open."""
    if settings.ARE_ENCRYPTION_KEYS_GIVEN or settings.DEMO:
        return []
    hint = f"Set {KEY_SETTING} or {KEY_SETTING}_FILE, the same on every host. {MAKE_A_KEY}"
    return [Error(f"{KEY_SETTING} is not set.", hint=hint, id="anticipate.E007")]


@register(TAG)
def check_encryption_keys(**_: Any) -> list[CheckMessage]:
    """Refuse a key that is none; says which by its place, never what it is."""
    try:
        check_keys(settings.ENCRYPTION_KEYS)
    except BadKey as error:
        return [Error(f"{error}.", hint=MAKE_A_KEY, id="anticipate.E008")]
    return []


@register(Tags.database, TAG)
def check_secrets_open(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Say which accounts' secrets none of the keys opens: their messages wait until they are entered anew."""
    if not databases or check_encryption_keys():
        return []
    try:
        found = secret_rotation.unreadable()
    except ProgrammingError:  # the tables are not there yet: the first migration is about to make them
        return []
    if not found:
        return []
    rows = ", ".join(found[:MOST_NAMED]) + (" and more" if len(found) > MOST_NAMED else "")
    hint = "Add the key they were encrypted with behind the others, or enter their secrets anew on the page Channels."
    return [CheckWarning(f"{KEY_SETTING}: no key opens {rows}.", hint=hint, id="anticipate.W003")]


@register(TAG, deploy=True)
def check_demo(**_: Any) -> list[CheckMessage]:
    """Keep the demo logins, which anybody can read, off hosts that others reach."""
    local = {"127.0.0.1", "localhost", "[::1]"}
    if not settings.DEMO or set(settings.ALLOWED_HOSTS) <= local:
        return []
    hint = "Set DEMO=false, or take the public names out of ALLOWED_HOSTS."
    return [Error("DEMO is on while ALLOWED_HOSTS names a public host.", hint=hint, id="anticipate.E003")]


@register(TAG)
def check_public_url(**_: Any) -> list[CheckMessage]:
    """Ask for a whole address: the links in messages begin with it."""
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        hint = "Write it as https://reminders.example.com, without a path."
        return [
            Error("PUBLIC_URL is not an address of the form https://host.", hint=hint, id="anticipate.E004")
        ]
    return []


@register(TAG, deploy=True)
def check_public_host(**_: Any) -> list[CheckMessage]:
    """Ask that Django answers to the address the links in messages begin with."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    allowed = settings.ALLOWED_HOSTS
    if host in allowed or "*" in allowed or any(a.startswith(".") and host.endswith(a) for a in allowed):
        return []
    hint = f"Add {host} to ALLOWED_HOSTS."
    return [Error("ALLOWED_HOSTS does not contain the host of PUBLIC_URL.", hint=hint, id="anticipate.E006")]


@register(TAG, deploy=True)
def check_broker(**_: Any) -> list[CheckMessage]:
    """Say that a broker of files serves one machine only."""
    if settings.REDIS_URL or settings.DEMO:
        return []
    hint = "Set REDIS_URL as soon as web and workers run on more than one host."
    return [
        CheckWarning(
            "REDIS_URL is not set: tasks travel as files under VAR_DIR.", hint=hint, id="anticipate.W001"
        )
    ]


@register(TAG, deploy=True)
def check_email(**_: Any) -> list[CheckMessage]:
    """Say that password links are printed where nobody should read them."""
    if settings.DEMO or not settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return []
    hint = "Set EMAIL_URL to the platform's own mail server."
    return [
        CheckWarning(
            "EMAIL_URL is not set: links that set a new password go to the log, and nobody gets one.",
            hint=hint,
            id="anticipate.W002",
        )
    ]
