"""Whether a call comes from Twilio, and from the account it is for.

HMAC over the address Twilio called and, for forms, every parameter; for JSON the address holds the body's hash.
The key is the auth token of the account that owns the number, so a subaccount has its own. `next_auth_token` is a
second one that is good already, for changing it without losing a call.
source: twilio-python 9.13, request_validator.py
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs, parse_qsl, urlsplit

from twilio.request_validator import RequestValidator, add_port, get_signature_algorithm, remove_port

from messaging.adapters.base import Account
from messaging.adapters.reading import clean
from messaging.adapters.webhook import BadPayload, BadSignature, Call

MOST_FIELDS = 500
TOKENS = ("auth_token", "next_auth_token")


class Form(dict[str, list[str]]):
    """A form's values by name, as the validator asks for them."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def verify(call: Call, account: Account) -> None:
    """raises: BadSignature; never anything else"""
    tokens = [account.config[name] for name in TOKENS if account.config.get(name)]
    if not any(is_signed(call, str(token)) for token in tokens):
        raise BadSignature
    named = _fields(call).get("AccountSid", [""])[-1]
    if named != account.config.get("account_sid"):
        raise BadSignature("signed for another account")


def is_signed(call: Call, token: str) -> bool:
    given = call.headers.get("x-twilio-signature", "")
    algorithm = get_signature_algorithm(call.headers.get("x-twilio-webhooks-signature-settings"))
    try:
        parts = urlsplit(call.url)
        body_hash = parse_qs(parts.query).get("bodySHA256")
        form = Form() if body_hash else _fields(call)
        validator = RequestValidator(token)
        expected = [
            validator.compute_signature(url, form, algorithm) for url in (remove_port(parts), add_port(parts))
        ]
    except (ValueError, BadSignature):  # an address or a form no Twilio would send
        return False
    if body_hash and not _same(hashlib.sha256(call.body).hexdigest(), body_hash[0]):
        return False
    return bool(given) and any(_same(each, given) for each in expected)


def read_form(call: Call) -> dict[str, str]:
    """A form's fields and those of the address's query; of a repeated name the last.

    raises: BadPayload
    """
    try:
        fields = _fields(call)
    except BadSignature as error:
        raise BadPayload("too many fields") from error
    return {clean(name): clean(values[-1]) for name, values in fields.items()}


def read_query(call: Call) -> dict[str, str]:
    return {
        clean(name): clean(values[-1])
        for name, values in _grouped(parse_qsl(urlsplit(call.url).query)).items()
    }


def _fields(call: Call) -> Form:
    """Blank fields count: they are signed too."""
    try:
        words = call.body.decode("utf-8", "replace")
        return _grouped(parse_qsl(words, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise BadSignature("too many fields") from error


def _grouped(pairs: list[tuple[str, str]]) -> Form:
    form = Form()
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
