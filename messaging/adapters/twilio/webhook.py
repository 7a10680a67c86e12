"""What the webhooks of texts and of calls have in common: the signature, and our reference in the address."""

from __future__ import annotations

from messaging.adapters.base import Account
from messaging.adapters.twilio import signature
from messaging.adapters.twilio.rest import REFERENCE
from messaging.adapters.webhook import Call

OUR_REFERENCE = "_reference"  # beside Twilio's own fields, none of which begins with an underscore


class TwilioWebhook:
    def verify(self, call: Call, account: Account) -> None:
        signature.verify(call, account)


def read_payload(call: Call) -> dict[str, str]:
    """What the form says, and our reference out of the address that was called.

    raises: BadPayload
    """
    return signature.read_form(call) | {OUR_REFERENCE: signature.read_query(call).get(REFERENCE, "")}
