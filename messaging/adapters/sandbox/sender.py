"""Texts, e-mails and calls to the sandbox; the API is described in `messaging/sandbox/server.py`."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson

from common.enums import Channel
from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import (
    Account,
    Capabilities,
    LookupAnswer,
    NotKnownYet,
    NotThere,
    ProviderError,
    Question,
    SendRequest,
    SendResult,
    in_doubt,
    is_refused,
    refusal,
)
from messaging.adapters.reading import RAW_LENGTH, inner, json_object, seconds, text, whole
from messaging.adapters.sandbox.codes import CODES
from messaging.enums import ErrorCode

CREATED, OK, TOO_MANY = 201, 200, 429


class SandboxSender:
    """Account settings: `base_url`, `token`; optional `answer_seconds`, `max_in_flight`."""

    key: ClassVar[str] = "sandbox"
    capabilities: ClassVar[Capabilities] = Capabilities(
        channels=frozenset({Channel.SMS, Channel.EMAIL, Channel.VOICE}),
        can_look_up=True,
        settled_after=60,
        max_in_flight=400,
    )

    def build(self, request: SendRequest, account: Account) -> HttpRequest:
        if request.channel not in self.capabilities.channels:
            raise ProviderError(ErrorCode.UNSUPPORTED, is_permanent=True, raw=request.channel)
        body = {
            "reference": request.reference,
            "channel": request.channel.value,
            "to": request.to,
            "from": request.sender_address,
            "from_name": request.sender_name,
            "text": request.text,
        } | _extras(request)
        return HttpRequest(
            "POST",
            _messages_url(account),
            _headers(account),
            orjson.dumps(body),
            answer_seconds=account.answer_seconds,
        )

    def parse(self, response: HttpResponse) -> SendResult:
        data = json_object(response.body)
        if response.status == CREATED and isinstance(data.get("id"), str):
            return SendResult(
                data["id"], cost_cents=whole(data.get("cost_cents")), segments=whole(data.get("segments"))
            )
        if is_refused(response.status):
            raise _refusal(response, data)
        raise in_doubt(response.status)

    def build_lookup(self, question: Question, account: Account) -> HttpRequest:
        query = urlencode({"reference": question.reference})
        return HttpRequest("GET", f"{_messages_url(account)}?{query}", _headers(account))

    def parse_lookup(self, response: HttpResponse, question: Question) -> LookupAnswer:
        found = json_object(response.body).get("messages")
        if response.status != OK or not isinstance(found, list):
            return NotKnownYet()
        ours = [each for each in found if each.get("reference") == question.reference]
        return SendResult(str(ours[0].get("id", ""))) if ours else NotThere()


def _extras(request: SendRequest) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if request.subject:
        extras["subject"] = request.subject
    if request.html:
        extras["html"] = request.html
    if request.headers:
        extras["headers"] = dict(request.headers)
    if request.expires_at is not None:
        extras["expires_at"] = request.expires_at.isoformat()
    if request.attachments:
        extras["attachments"] = [
            {"name": each.name, "type": each.media_type, "content": each.content_base64}
            for each in request.attachments
        ]
    return extras


def _refusal(response: HttpResponse, data: dict[str, Any]) -> ProviderError:
    vendor = text(inner(data, "error"), "code")
    fallback = ErrorCode.RATE_LIMITED if response.status == TOO_MANY else ErrorCode.UNKNOWN
    return refusal(
        CODES.get(vendor, fallback),
        vendor[:RAW_LENGTH] or str(response.status),
        retry_after=seconds(response.headers.get("retry-after")),
    )


def _messages_url(account: Account) -> str:
    return f"{account.config['base_url']}/accounts/{account.uuid}/messages"


def _headers(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.config['token']}", "Content-Type": "application/json"}
