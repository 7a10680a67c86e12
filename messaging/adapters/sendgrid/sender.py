"""E-mail by SendGrid: one call for each message, so that no recipient ever sees another.

Account settings: `api_key`; optional `subuser` (one for each dealership: suppressions at SendGrid are the account's),
`reply_domain` and `reply_secret` (answers to an address that names the message), `base_url` (for subusers in Europe
https://api.eu.sendgrid.com).
source: OpenAPI document tsg_mail_v3 of 2026-01-22; RFC 8058
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

from common.enums import Channel
from common.http import HttpRequest, HttpResponse
from messaging.adapters import reply_address
from messaging.adapters.base import (
    Account,
    Capabilities,
    LookupAnswer,
    NotKnownYet,
    ProviderError,
    Question,
    SendRequest,
    SendResult,
    in_doubt,
    is_refused,
    refusal,
)
from messaging.adapters.reading import RAW_LENGTH, json_object, seconds, text
from messaging.adapters.sendgrid.codes import FIELDS, STATUSES
from messaging.enums import ErrorCode

API = "https://api.sendgrid.com"
TAKEN = 202
# Comes back at the top level of each event, among SendGrid's own names; stored there for good, so nothing but an opaque id.
REFERENCE = "anticipate_reference"
# Ours are signed links; rewritten they would lead through a stranger, and an opt-out must not depend on one.
NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}


class SendgridSender:
    key: ClassVar[str] = "sendgrid"
    capabilities: ClassVar[Capabilities] = Capabilities(channels=frozenset({Channel.EMAIL}), max_in_flight=64)

    def build(self, request: SendRequest, account: Account) -> HttpRequest:
        if request.channel != Channel.EMAIL:
            raise refusal(ErrorCode.UNSUPPORTED, str(request.channel))
        base = str(account.config.get("base_url") or API).rstrip("/")
        body = json.dumps(_body(request, account)).encode()
        return HttpRequest("POST", f"{base}/v3/mail/send", _headers(account), body, account.answer_seconds)

    def parse(self, response: HttpResponse) -> SendResult:
        if response.status == TAKEN:
            return SendResult(response.headers.get("x-message-id", ""))
        if is_refused(response.status):
            raise _refused(response)
        raise in_doubt(response.status)

    def build_lookup(self, question: Question, account: Account) -> HttpRequest:
        """raises: always; only the event `processed` tells what became of a message in doubt"""
        raise refusal(ErrorCode.UNSUPPORTED, "no look-up")

    def parse_lookup(self, response: HttpResponse, question: Question) -> LookupAnswer:
        return NotKnownYet()


def _body(request: SendRequest, account: Account) -> dict[str, Any]:
    sender = {"email": request.sender_address or account.from_address}
    if not sender["email"]:
        raise refusal(ErrorCode.CONFIGURATION, "the account has no address to send from")
    if name := request.sender_name or account.sender_name:
        sender["name"] = name
    content = [{"type": "text/plain", "value": request.text}]
    if request.html:
        content.append({"type": "text/html", "value": request.html})
    return {
        "personalizations": [_personalization(request)],
        "from": sender,
        "subject": request.subject,
        "content": content,
        "tracking_settings": NO_TRACKING,
    } | _extras(request, account)


def _personalization(request: SendRequest) -> dict[str, Any]:
    about = {"to": [{"email": request.to}], "custom_args": {REFERENCE: request.reference}}
    return about | ({"headers": dict(request.headers)} if request.headers else {})


def _extras(request: SendRequest, account: Account) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if answer_to := reply_address.for_message(request.reference, account):
        extras["reply_to"] = {"email": answer_to}
    if request.attachments:
        extras["attachments"] = [
            {
                "content": each.content_base64,
                "filename": each.name,
                "type": each.media_type,
                "disposition": "attachment",
            }
            for each in request.attachments
        ]
    return extras


def _headers(account: Account) -> dict[str, str]:
    api_key = account.config.get("api_key")
    if not isinstance(api_key, str) or not api_key:
        raise refusal(ErrorCode.CONFIGURATION, "setting api_key is missing")
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}
    subuser = account.config.get("subuser")
    return headers | ({"On-Behalf-Of": str(subuser)} if subuser else {})


def _refused(response: HttpResponse) -> ProviderError:
    errors = json_object(response.body).get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    field = text(first, "field")
    by_field = next((code for start, code in FIELDS if field.startswith(start)), ErrorCode.UNKNOWN)
    # A sender that is not verified is refused with 403, which else speaks of the key.
    code = by_field if by_field is ErrorCode.CONFIGURATION else STATUSES.get(response.status, by_field)
    raw = f"{response.status} {field}".strip()[:RAW_LENGTH]
    return refusal(code, raw, retry_after=_until_reset(response.headers))


def _until_reset(headers: Mapping[str, str]) -> float | None:
    """SendGrid names the second at which it counts anew; its own clock says how far off that is."""
    if (asked := seconds(headers.get("retry-after"))) is not None:
        return asked
    reset = seconds(headers.get("x-ratelimit-reset"))
    try:
        now = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    return max(0.0, reset - now.timestamp()) if reset is not None else None
