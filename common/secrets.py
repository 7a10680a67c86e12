"""Secrets at rest: sealed with keys from the settings, opened where they are used, and shown by nothing on the way.

What the database holds is a token of `cryptography`'s Fernet (AES-128-CBC and HMAC-SHA-256). A field's value opens only
when somebody looks into it, so that a page that lists accounts needs no key, and its `repr` names nothing.

source: docs/decisions/0010-secrets-at-rest.md
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

KEY_SETTING = "ENCRYPTION_KEYS"


class SecretsUnreadable(Exception):
    """No key that is set opens this; says which setting, and nothing of what is inside."""

    def __init__(self) -> None:
        super().__init__(f"None of the keys in {KEY_SETTING} opens these secrets")


class BadKey(ValueError):
    """A key that is none; `position` counts from 1."""

    def __init__(self, position: int) -> None:
        super().__init__(f"{KEY_SETTING}: key {position} is not 32 bytes in URL-safe base64")
        self.position = position


class Concealed(dict[str, Any]):
    """A dictionary whose `repr` shows no value: for tracebacks, logs and error pages."""

    def __repr__(self) -> str:
        return f"<{len(self)} settings>"

    __str__ = __repr__


class Sealed(Mapping[str, Any]):
    """A mapping kept as a token and opened at the first look into it. Pickled and copied as the token."""

    __slots__ = ("_opened", "token")

    def __init__(self, token: str) -> None:
        self.token = token
        self._opened: Concealed | None = None

    def __getitem__(self, name: str) -> Any:
        return self._values()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __repr__(self) -> str:
        return "<sealed>"

    def __reduce__(self) -> tuple[type[Sealed], tuple[str]]:
        return Sealed, (self.token,)

    def _values(self) -> Concealed:
        if self._opened is None:
            self._opened = unseal(self.token)
        return self._opened


def seal(values: Mapping[str, Any]) -> str:
    """Return values as a token, made with the first key.

    raises: BadKey
    """
    return _ring(_keys()).encrypt(json.dumps(dict(values), sort_keys=True).encode()).decode()


def unseal(token: str) -> Concealed:
    """raises: SecretsUnreadable; BadKey"""
    try:
        return Concealed(json.loads(_ring(_keys()).decrypt(token.encode())))
    except (InvalidToken, ValueError):  # ValueError: not even a token
        raise SecretsUnreadable from None


def reseal(token: str) -> str | None:
    """Return the same values under the first key, or None where they are already.

    raises: SecretsUnreadable; BadKey
    """
    keys = _keys()
    try:
        _ring(keys[:1]).decrypt(token.encode())
    except InvalidToken:
        return seal(unseal(token))
    return None


def check_keys(keys: Sequence[str]) -> None:
    """raises: BadKey for the first that is none"""
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(_padded(key))
        except ValueError:
            raise BadKey(position) from None


def _keys() -> tuple[str, ...]:
    return tuple(settings.ENCRYPTION_KEYS)


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    check_keys(keys)
    return MultiFernet([Fernet(_padded(key)) for key in keys])


def _padded(key: str) -> str:
    """A key without the `=` at its end, which a shell or a file easily loses, is as good."""
    bare = key.strip().rstrip("=")
    return bare + "=" * (-len(bare) % 4)


if TYPE_CHECKING:
    _Text = models.Field[Mapping[str, Any], Mapping[str, Any]]
else:
    _Text = models.TextField


class SecretsField(_Text):
    """A mapping that the database holds sealed as a whole; nothing can be looked up by what is in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "default": dict, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return Sealed(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """raises: TypeError for anything but a mapping, without saying what it was"""
        if isinstance(value, Sealed):
            return value.token
        if isinstance(value, Mapping):
            return seal(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        raise TypeError(f"{self.name} takes a mapping, not {type(value).__name__}")

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))
