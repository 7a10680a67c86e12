"""What Lob's requests and answers have in common.

Account settings: `api_key` (test_... prints nothing); `base_url` only for tests.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import Account, ProviderError, in_doubt, is_refused, refusal
from messaging.adapters.lob.codes import CODES, STATUSES
from messaging.adapters.reading import RAW_LENGTH, inner, json_object, seconds, text
from messaging.enums import ErrorCode

API = "https://api.lob.com/v1"
OK = 200
RESET_HEADERS = (
    "retry-after",
    "ratelimit-reset",
    "x-rate-limit-reset",
)  # seconds; Lob's documents name two of them
LONGEST_RESET = 3_600.0  # beyond that it is a moment, not a wait


def post(
    account: Account, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> HttpRequest:
    return HttpRequest(
        "POST",
        _url(account, path),
        _headers(account) | {"Content-Type": "application/json"} | dict(headers or {}),
        json.dumps(body).encode(),
        account.answer_seconds,
    )


def get(account: Account, path: str) -> HttpRequest:
    return HttpRequest("GET", _url(account, path), _headers(account))


def read_answer(response: HttpResponse) -> dict[str, Any]:
    """The object that was made; Lob answers 200, not 201.

    raises: ProviderError
    """
    data = json_object(response.body)
    if response.status == OK and text(data, "id"):
        return data
    if is_refused(response.status):
        raise _refused(response, data)
    raise in_doubt(response.status)


def _refused(response: HttpResponse, data: dict[str, Any]) -> ProviderError:
    vendor = text(inner(data, "error"), "code")
    code = CODES.get(vendor) or STATUSES.get(response.status, ErrorCode.UNKNOWN)
    return refusal(code, (vendor or str(response.status))[:RAW_LENGTH], retry_after=_wait(response))


def _wait(response: HttpResponse) -> float | None:
    found = (seconds(response.headers.get(name)) for name in RESET_HEADERS)
    return next((each for each in found if each is not None and each <= LONGEST_RESET), None)


def _url(account: Account, path: str) -> str:
    return f"{str(account.config.get('base_url') or API).rstrip('/')}/{path}"


def _headers(account: Account) -> dict[str, str]:
    api_key = account.config.get("api_key")
    if not isinstance(api_key, str) or not api_key:
        raise refusal(ErrorCode.CONFIGURATION, "setting api_key is missing")
    return {"Authorization": f"Basic {base64.b64encode(f'{api_key}:'.encode()).decode()}"}
