"""Letters printed and mailed by Lob, in the United States.

Account settings: those of `messaging/adapters/lob/rest.py`; for its webhook `webhook_secret`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlencode

from common.enums import Channel, Purpose
from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import (
    Account,
    Capabilities,
    Letter,
    LookupAnswer,
    NotKnownYet,
    NotThere,
    PostalAddress,
    Question,
    SendRequest,
    SendResult,
    refusal,
)
from messaging.adapters.letter_parts import DoesNotFit
from messaging.adapters.lob import page, rest
from messaging.adapters.reading import RAW_LENGTH, json_object, text
from messaging.enums import ErrorCode

# Comes back in every event. Names the account too: dealerships may share a key, and their references are their own.
REFERENCE = "anticipate_reference"
LONGEST_NAME, LONGEST_STREET = 40, 50  # characters Lob prints of a name and of a street
SAFE_TO_REPEAT = (
    23 * 3600
)  # seconds; Lob keeps an idempotency key for 24 hours, then it prints a second letter
ZIP = re.compile(r"\d{5}(-\d{4})?")
STATE = re.compile(r"[A-Z]{2}")


class LobSender:
    key: ClassVar[str] = "lob"
    capabilities: ClassVar[Capabilities] = Capabilities(
        channels=frozenset({Channel.LETTER}),
        can_look_up=True,
        settled_after=60,
        repeats_safely_for=SAFE_TO_REPEAT,
        max_in_flight=10,  # Lob takes 30 letters a second from one key
    )

    def build(self, request: SendRequest, account: Account) -> HttpRequest:
        letter = request.letter
        if request.channel != Channel.LETTER or letter is None:
            raise refusal(ErrorCode.UNSUPPORTED, str(request.channel))
        named = identity(request.reference, account)
        body = {
            "description": request.reference,
            "to": _address(letter.recipient, ErrorCode.INVALID_ADDRESS),
            "from": _address(letter.sender, ErrorCode.CONFIGURATION),
            "file": _file(letter, request),
            "color": False,
            "double_sided": False,
            "address_placement": "top_first_page",
            "use_type": "marketing" if request.purpose == Purpose.MARKETING else "operational",
            "metadata": {REFERENCE: named},
        }
        return rest.post(account, "letters", body, {"Idempotency-Key": named})

    def parse(self, response: HttpResponse) -> SendResult:
        data = rest.read_answer(response)
        return SendResult(text(data, "id"), raw=text(data, "expected_delivery_date")[:RAW_LENGTH])

    def build_lookup(self, question: Question, account: Account) -> HttpRequest:
        query = urlencode({f"metadata[{REFERENCE}]": identity(question.reference, account)})
        return rest.get(account, f"letters?{query}")

    def parse_lookup(self, response: HttpResponse, question: Question) -> LookupAnswer:
        found = json_object(response.body).get("data")
        if response.status != rest.OK or not isinstance(found, list):
            return NotKnownYet()
        ids = [text(each, "id") for each in found if isinstance(each, dict)]
        return SendResult(ids[0]) if ids else NotThere()


def identity(reference: str, account: Account) -> str:
    return f"{account.uuid}/{reference}"


def _file(letter: Letter, request: SendRequest) -> str:
    try:
        return page.write_page(letter, subject=request.subject, text=request.text)
    except DoesNotFit as error:
        raise refusal(ErrorCode.REJECTED_CONTENT, str(error)) from error


def _address(address: PostalAddress, code: ErrorCode) -> dict[str, Any]:
    """raises: ProviderError of that code for an address no mail can reach, UNSUPPORTED for one abroad"""
    if address.country not in {"US", ""}:
        raise refusal(ErrorCode.UNSUPPORTED, f"to {address.country[:2]}")
    street, city = _line(address.street), _line(address.city)
    state, postal_code = address.region.strip().upper(), address.postal_code.strip()
    if not (street and city and STATE.fullmatch(state) and ZIP.fullmatch(postal_code)):
        raise refusal(code, "no street, city, state or zip code")
    if len(street) > LONGEST_STREET:
        raise refusal(ErrorCode.REJECTED_CONTENT, f"street of {len(street)} characters")
    return {
        "name": _line(address.name)[:LONGEST_NAME].strip() or "Resident",
        "address_line1": street,
        "address_city": city,
        "address_state": state,
        "address_zip": postal_code,
    }


def _line(words: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())
