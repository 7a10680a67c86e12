"""What texts and calls have in common: Twilio's REST API of 2010, form-encoded, with HTTP Basic.

Account settings: `account_sid` (the dealership's subaccount) and `auth_token`; instead of the token, requests may be
signed with `api_key_sid` and `api_key_secret`. `base_url` only for tests and other regions.
source: OpenAPI document twilio_api_v2010 of 2026-04-14
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import (
    Account,
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
from messaging.adapters.reading import RAW_LENGTH, json_object, seconds, text, whole
from messaging.adapters.twilio.codes import CODES, STATUSES
from messaging.enums import ErrorCode

API = "https://api.twilio.com"
OK, CREATED = 200, 201
# Delivery of callbacks, in the part of the address that is never sent nor signed: by default a 500 of ours is not repeated.
REPEAT_CALLBACKS = "#rc=5&rp=all"
REFERENCE = (
    "m"  # our reference, in the query of the callback: it tells us what went out even if the answer got lost
)
ASKED_AT_ONCE = (
    200  # messages or calls of one number in an answer; nobody has had more from one dealership lately
)
# A message in doubt was made between its claim (five minutes may pass until its request leaves) and the time-out.
EARLIER, LATER = timedelta(minutes=2), timedelta(minutes=10)


def post(account: Account, resource: str, form: Sequence[tuple[str, str]]) -> HttpRequest:
    headers = _headers(account) | {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(form).encode()
    return HttpRequest("POST", _url(account, resource), headers, body, account.answer_seconds)


def get_sent(account: Account, resource: str, to: str) -> HttpRequest:
    query = urlencode({"To": to, "PageSize": ASKED_AT_ONCE})
    return HttpRequest("GET", f"{_url(account, resource)}?{query}", _headers(account))


def sender_number(request: SendRequest, account: Account) -> str:
    """raises: ProviderError if the account has no number to send from"""
    number = request.sender_address or account.from_address
    if not number:
        raise refusal(ErrorCode.CONFIGURATION, "the account has no number")
    return number


def callback(account: Account, reference: str, *, below: str = "") -> str:
    """The address that is called back about one message; `below` a path under the account's own.

    raises: ProviderError for a host Twilio would refuse
    """
    if "_" in (urlsplit(account.callback_url).hostname or ""):
        raise refusal(ErrorCode.CONFIGURATION, "Twilio takes no host name with an underscore")
    return f"{account.callback_url}{below}?{REFERENCE}={quote(reference, safe='')}"


def read_created(response: HttpResponse) -> dict[str, Any]:
    """What was made.

    raises: ProviderError
    """
    data = json_object(response.body)
    if response.status == CREATED and text(data, "sid"):
        return data
    if is_refused(response.status):
        raise refused(response, data)
    raise in_doubt(response.status)


def refused(response: HttpResponse, data: dict[str, Any]) -> ProviderError:
    """Both of Twilio's shapes of an error (its own and RFC 9457's) carry `code`."""
    vendor = whole(data.get("code"))
    code = CODES.get(vendor) or STATUSES.get(response.status, ErrorCode.UNKNOWN)
    raw = str(vendor or response.status)[:RAW_LENGTH]
    return refusal(code, raw, retry_after=seconds(response.headers.get("retry-after")))


def read_found(response: HttpResponse, listed: str, question: Question, *, same_text: bool) -> LookupAnswer:
    """Find one message or call by number, time and text, as Twilio keeps no reference of ours.

    One that looks the same is ours. Something else made at that time, several of the same, or a list that goes on
    prove nothing; an empty time proves that nothing was accepted.
    """
    data = json_object(response.body)
    found = data.get(listed)
    if response.status != OK or not isinstance(found, list):
        return NotKnownYet()
    near = [each for each in found if isinstance(each, dict) and _may_be(each, question)]
    same = [each for each in near if not same_text or text(each, "body").strip() == question.text.strip()]
    if len(same) == 1:
        return SendResult(text(same[0], "sid"), raw=text(same[0], "status")[:RAW_LENGTH])
    return NotKnownYet() if near or data.get("next_page_uri") else NotThere()


def _may_be(found: dict[str, Any], question: Question) -> bool:
    if text(found, "sid") in question.taken or text(found, "direction").startswith("inbound"):
        return False
    at = _made_at(found)
    if at is None or question.handed_over_at is None:
        return True
    return question.handed_over_at - EARLIER <= at <= question.handed_over_at + LATER


def _made_at(found: dict[str, Any]) -> datetime | None:
    try:
        at = parsedate_to_datetime(text(found, "date_created"))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _url(account: Account, resource: str) -> str:
    base = str(account.config.get("base_url") or API).rstrip("/")
    return f"{base}/2010-04-01/Accounts/{_setting(account, 'account_sid')}/{resource}.json"


def _headers(account: Account) -> dict[str, str]:
    if account.config.get("api_key_sid"):
        pair = f"{_setting(account, 'api_key_sid')}:{_setting(account, 'api_key_secret')}"
    else:
        pair = f"{_setting(account, 'account_sid')}:{_setting(account, 'auth_token')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _setting(account: Account, name: str) -> str:
    value = account.config.get(name)
    if not isinstance(value, str) or not value:
        raise refusal(ErrorCode.CONFIGURATION, f"setting {name} is missing")
    return value
