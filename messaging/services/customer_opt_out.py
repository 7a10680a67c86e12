"""A customer stops messages on their own page, by the link in every message."""

from __future__ import annotations

from datetime import datetime

from common.enums import Channel, Purpose
from customers.models import Customer
from messaging.enums import ConsentSource
from messaging.services import consent, shared_addresses

# What can be chosen on the page: channels and purpose, None meaning all. Texts and calls are stopped together, as
# by a text that says STOP.
EVERYTHING = (None, None)
CHOICES: dict[str, tuple[tuple[Channel, ...] | None, Purpose | None]] = {
    "everything": EVERYTHING,
    "reminders": (None, Purpose.MARKETING),
    "phone": ((Channel.SMS, Channel.VOICE), None),
    "email": ((Channel.EMAIL,), None),
    "letter": ((Channel.LETTER,), None),
}


def stop(customer: Customer, *, choice: str, wording: str, touch_id: int, now: datetime) -> int:
    """Withdraw what was chosen (an unknown choice: everything); answer how many messages were cancelled.

    It holds for everybody who shares their number or mailbox.
    """
    evidence = consent.Evidence(ConsentSource.LINK, wording=wording, proof={"touch_id": touch_id})
    channels, purpose = CHOICES.get(choice, EVERYTHING)
    return shared_addresses.withdraw(
        [customer], channels=channels, purpose=purpose, evidence=evidence, now=now
    )
