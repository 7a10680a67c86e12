"""Settings from environment variables, each of which can also be the name of a file (NAME_FILE)."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import environ
from django.core.exceptions import ImproperlyConfigured

from anticipate.start_error import StartError

TRUE_WORDS = frozenset({"true", "yes", "on", "1"})
FALSE_WORDS = frozenset({"false", "no", "off", "0"})
POSTGRES_SCHEMES = ("postgres://", "postgresql://")
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


class Environment(environ.Env):  # type: ignore[misc]  # the package has no types
    """django-environ, with errors that name the setting and never show its value.

    Besides, an empty variable counts as not set (compose files pass those on), a flag must be one of the
    usual words instead of false for anything unknown, and a leading `$` in a secret is just a character.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get_value(
        self,
        var: str,
        cast: Callable[[str], Any] | None = None,
        default: Any = environ.Env.NOTSET,
        parse_default: bool = False,  # noqa: FBT001, FBT002 -- django-environ's signature
    ) -> Any:
        """Return the variable as `cast`, or the default when it is missing or empty.

        raises: ImproperlyConfigured naming the variable
        """
        self.names.add(var)
        raw = self._read(var)
        if not raw:
            if default is self.NOTSET:
                raise ImproperlyConfigured(
                    f"Set {var} (or {var}_FILE); docs/settings.md says what it is for."
                )
            return self.parse_value(default, cast) if parse_default and default is not None else default
        if cast is bool:
            return _flag(var, raw)
        try:
            return self.parse_value(raw, cast)
        except (ValueError, TypeError, ArithmeticError) as error:
            kind = getattr(cast, "__name__", "value")
            raise ImproperlyConfigured(
                f"{var} cannot be read as {kind}; docs/settings.md shows an example."
            ) from error

    def url_in(self, var: str, *, schemes: tuple[str, ...], example: str) -> str:
        """Return an address beginning with one of `schemes`, or "" when it is not set."""
        address: str = self.get_value(var, cast=str, default="")
        if address and not address.startswith(schemes):
            raise ImproperlyConfigured(f"{var} must begin with {' or '.join(schemes)}, as in {example}.")
        return address

    def _read(self, var: str) -> str:
        # Not by environ.FileAwareEnv: a file that is missing makes it fall back to the default in silence.
        file_name = self.ENVIRON.get(f"{var}_FILE", "")
        if not file_name:
            return str(self.ENVIRON.get(var, ""))
        try:
            return Path(file_name).read_text().rstrip("\n")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            raise ImproperlyConfigured(f"{var}_FILE names a file that cannot be read: {why}.") from error


def _flag(var: str, raw: str) -> bool:
    word = raw.strip().lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise ImproperlyConfigured(f"{var} is neither true nor false; write one of these two words.")
    return word in TRUE_WORDS


class MachineSecret:
    """A secret made on this machine and kept in a file, for installations nobody configured."""

    BYTES: ClassVar[int] = 48

    @classmethod
    def read_or_make(cls, path: Path) -> str:
        """Return the secret in `path`, made there (readable by its owner only) when it is missing.

        Processes that start together agree: the file appears whole, and the first one wins.

        raises: StartError when it can be neither read nor made
        """
        with contextlib.suppress(FileNotFoundError):
            return cls._read(path)
        partial = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(cls.BYTES))
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(partial)
            partial.unlink()
        except OSError as error:
            raise _unusable(path, error) from error
        return cls._read(path)

    @classmethod
    def _read(cls, path: Path) -> str:
        try:
            return path.read_text().strip()
        except (PermissionError, NotADirectoryError) as error:
            raise _unusable(path, error) from error


class MachineKey(MachineSecret):
    """A key for `common.secrets`: 32 bytes in URL-safe base64."""

    BYTES: ClassVar[int] = 32


def _unusable(path: Path, error: OSError) -> StartError:
    return StartError(
        f"Cannot keep this machine's {path.name.replace('-', ' ')}: {error.strerror}.",
        where=str(path),
        next_step="make the folder writable for the user who runs Anticipate, set VAR_DIR, or set SECRET_KEY and ENCRYPTION_KEYS",
    )
