"""The gate before web, worker and beat: an unsafe installation does not start."""

from __future__ import annotations

from django.core import checks
from django.db import OperationalError, connections

from anticipate.checks import TAG
from anticipate.start_error import StartError


def require_sound_installation() -> None:
    """Run Anticipate's own checks, those of deployments and of the database included.

    Leaves no connection open: a worker forks next.

    raises: StartError listing every error; warnings are for `manage.py check --deploy`
    """
    try:
        messages = checks.run_checks(tags=[TAG], databases=["default"], include_deployment_checks=True)
    except OperationalError as error:
        raise StartError(
            "The database does not answer.",
            where=f"DATABASE_URL: {str(error).strip().splitlines()[-1]}",
            next_step="start it, or correct DATABASE_URL",
        ) from error
    finally:
        connections.close_all()
    errors = [message for message in messages if message.level >= checks.ERROR]
    if errors:
        lines = "\n".join(f"  {message.id} {message.msg} {message.hint or ''}" for message in errors)
        raise StartError(
            f"Anticipate does not start:\n{lines}", next_step="docs/settings.md explains each setting"
        )


def exit_unless_sound() -> None:
    """End this process with the errors on standard error; Celery would swallow an exception and go on.

    raises: SystemExit
    """
    try:
        require_sound_installation()
    except StartError as error:
        raise SystemExit(error.as_text()) from None
