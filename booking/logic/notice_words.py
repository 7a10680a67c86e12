"""Whether and when a customer is told of a change, in words for the member who makes it. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from booking.logic.wording import say_moment
from messaging.enums import Reason
from messaging.logic.gate import Send, Skip, Verdict, Wait
from messaging.reason_words import words_within

WAYS = {"email": "by e-mail", "sms": "by text"}


def tell_words(channel: str, verdict: Verdict | None, *, zone: ZoneInfo) -> str:
    """Return a sentence like `They are told by e-mail.`; no verdict means that there is no way to reach them."""
    way = WAYS.get(channel, "")
    match verdict:
        case None:
            return "They are not told: there is no e-mail address or number that takes texts. Call them."
        case Send():
            return f"They are told {way}."
        case Wait(until, reason):
            return f"They are told {way} {when_words(until, reason, zone=zone)}."
        case Skip(reason):
            return f"They are not told: {words_within(reason)}."


def when_words(until: datetime, reason: Reason, *, zone: ZoneInfo) -> str:
    """Return `on Monday, November 23 at 9 AM (quiet hours where the customer lives)`."""
    local = until.astimezone(zone).replace(tzinfo=None)
    return f"on {say_moment(local, language='en')} ({words_within(reason)})"
