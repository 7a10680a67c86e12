#!/usr/bin/env python
"""Run Anticipate's administrative commands."""

import os
import sys


def main() -> None:
    """Run the command line; what is wrong with the machine or the settings is said without a traceback."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- this line is for those who start it with an older one
        sys.exit(
            f"Anticipate needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable})."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Anticipate's packages are not installed here: run `make up`, or use .venv/bin/python.")
    from anticipate.start_error import StartError

    try:
        execute_from_command_line(sys.argv)
    except StartError as error:
        sys.exit(error.as_text())
    except ImproperlyConfigured as error:
        sys.exit(f"Settings: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
