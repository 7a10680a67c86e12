"""Keys of the messages of a conversation: by whom each was written."""

from enum import StrEnum


class Author(StrEnum):
    """Who wrote a message of ours; the value is the word shown to staff."""

    REMINDER = "Reminder"
    AUTOMATIC = "Automatic answer"
    ADVISOR = "Advisor"
    SYSTEM = "Confirmation"


ANSWER, ADVISOR, CONFIRMATION = "answer", "advisor", "confirmation"
STOP = "stop"  # what confirms an opt-out, written by messaging.services.inbound
_AUTHORS = {
    ANSWER: Author.AUTOMATIC,
    ADVISOR: Author.ADVISOR,
    CONFIRMATION: Author.SYSTEM,
    STOP: Author.SYSTEM,
}


def answer_key(inbound_id: int) -> str:
    """Return the key of the automatic answer to a reply: a reply is answered once, however often it comes in."""
    return f"{ANSWER}:{inbound_id}"


def advisor_key(nonce: str) -> str:
    """Return the key of what an advisor wrote; the nonce of the form makes a double press one message."""
    return f"{ADVISOR}:{nonce}"


def confirmation_key(appointment_id: int, *, sequence: int) -> str:
    """Return the key of the confirmation of an appointment as it stands after its `sequence`-th change."""
    return f"{CONFIRMATION}:{appointment_id}:{sequence}"


def author_of(key: str) -> Author:
    """Return who wrote the message with this key."""
    return _AUTHORS.get(key.partition(":")[0], Author.REMINDER)
