"""Whether mail reaches an address in the United States, by Lob's address verification. Test keys verify nothing."""

from __future__ import annotations

from enum import StrEnum

from common.http import HttpRequest, HttpResponse
from messaging.adapters.base import Account, PostalAddress
from messaging.adapters.lob import rest
from messaging.adapters.reading import text


class Deliverability(StrEnum):
    DELIVERABLE = "deliverable"
    UNDELIVERABLE = "undeliverable"
    UNSURE = "unsure"  # the house is there, something about the unit is not as written: mail mostly arrives


ANSWERS = {
    "deliverable": Deliverability.DELIVERABLE,
    "deliverable_unnecessary_unit": Deliverability.DELIVERABLE,
    "deliverable_incorrect_unit": Deliverability.UNSURE,
    "deliverable_missing_unit": Deliverability.UNSURE,
    "undeliverable": Deliverability.UNDELIVERABLE,
}


def build_verification(address: PostalAddress, account: Account) -> HttpRequest:
    lines = {
        "primary_line": address.street,
        "city": address.city,
        "state": address.region,
        "zip_code": address.postal_code,
    }
    return rest.post(account, "us_verifications", {name: line for name, line in lines.items() if line})


def parse_verification(response: HttpResponse) -> Deliverability | None:
    """None for an answer that says nothing of the address.

    raises: ProviderError
    """
    return ANSWERS.get(text(rest.read_answer(response), "deliverability"))
