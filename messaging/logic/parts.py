"""What the law requires a message to say, and whether it says so.

Looked for in the text as it goes out, not in its template: a branch may leave out what stands in another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from common.enums import Channel
from messaging.enums import Part

OPENING_LENGTH = 200  # characters of a call in which its caller must be named: some ten seconds
LOCAL_NUMBER = 7  # digits of a phone number that tell it from others nearby

# The customer's page to end messages: /b/ and a token whose first byte is its purpose (`LinkPurpose.OPT_OUT`, 2).
WAY_OUT_LINK = re.compile(r"/b/A[g-v][\w-]{12,}")
STOP_WORD = re.compile(r"\b(?:STOP|ARRET|ARRÊT|ALTO)\b")
OPT_OUT_KEY = re.compile(
    r"\b(?:press|push|hit|dial|enter|oprima|marque|pulse|presione|appuyez|composez|tapez)\b"
    r"(?:\W+(?:the|key|number|la|el|tecla|número|sur|le|touche)){0,3}\W+(?:9|nine|nueve|neuf)\b",
    re.IGNORECASE,
)

# Said to whoever writes a template, by what is missing on which channel.
FAULTS: dict[Part, str] = {
    Part.DEALERSHIP_NAME: "It must name {{ dealership_name }}, so that everybody knows who writes.",
    Part.POSTAL_ADDRESS: "An e-mail needs {{ dealership_address }}: the law asks for a postal address.",
    Part.CALLER_IDENTITY: "A call must name {{ dealership_name }} at its start: the law asks who calls.",
    Part.CALLBACK_NUMBER: "A call needs {{ dealership_phone }}, a number to call back.",
    Part.OPT_OUT_KEY: "A call needs to offer the key 9, the customer's way out.",
}
WAYS_OUT = {
    Channel.SMS: "A text needs the word STOP, the customer's way out.",
    Channel.VOICE: "A call needs to offer the key 9, the customer's way out.",
}
LINK_AS_WAY_OUT = "An e-mail needs {{ opt_out_link }}, the customer's way out."


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """Who sends, as a message must say it; `phone` however it is written."""

    name: str
    phone: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""


def missing_parts(needed: Iterable[Part], *, channel: str, text: str, sender: SenderFacts) -> frozenset[Part]:
    """Return what a finished message must contain and does not.

    A letter's way out is printed below it whatever its text says. A dealership without an address, name or phone has
    nothing to show for it: then the part is missing.
    """
    return frozenset(part for part in needed if not _CHECKS[part](text, channel, sender))


def fault_words(part: Part, *, channel: str) -> str:
    """Return what a template lacks, in words for the admin who writes it."""
    if part == Part.WAY_OUT:
        return WAYS_OUT.get(Channel(channel), LINK_AS_WAY_OUT)
    return FAULTS[part]


def _names_dealership(text: str, _channel: str, sender: SenderFacts) -> bool:
    return _has(text, sender.name)


def _names_caller(text: str, _channel: str, sender: SenderFacts) -> bool:
    return _has(text[:OPENING_LENGTH], sender.name)


def _offers_way_out(text: str, channel: str, _sender: SenderFacts) -> bool:
    if channel == Channel.LETTER or WAY_OUT_LINK.search(text):
        return True
    if channel == Channel.VOICE:
        return OPT_OUT_KEY.search(text) is not None
    return channel == Channel.SMS and STOP_WORD.search(text) is not None


def _offers_key(text: str, _channel: str, _sender: SenderFacts) -> bool:
    return OPT_OUT_KEY.search(text) is not None


def _shows_address(text: str, _channel: str, sender: SenderFacts) -> bool:
    return _has(text, sender.street) and (_has(text, sender.postal_code) or _has(text, sender.city))


def _gives_number(text: str, _channel: str, sender: SenderFacts) -> bool:
    number = _digits(sender.phone)
    return len(number) >= LOCAL_NUMBER and number[-LOCAL_NUMBER:] in _digits(text)


_CHECKS: dict[Part, Callable[[str, str, SenderFacts], bool]] = {
    Part.DEALERSHIP_NAME: _names_dealership,
    Part.WAY_OUT: _offers_way_out,
    Part.POSTAL_ADDRESS: _shows_address,
    Part.CALLER_IDENTITY: _names_caller,
    Part.CALLBACK_NUMBER: _gives_number,
    Part.OPT_OUT_KEY: _offers_key,
}


def _has(text: str, wanted: str) -> bool:
    """Whether a text names something; texts may have lost their accents and typographic marks on the way."""
    return bool(wanted.strip()) and (wanted in text or _plain(wanted) in _plain(text))


@lru_cache(maxsize=2_000)
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).translate(_MARKS)
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.casefold().split())


_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())
