"""Which of the offered times a reply picks."""

import re
from datetime import datetime

# Picks one, but not clearly which.
UNCLEAR = -1

_WORDS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "primera": 1,
    "primero": 1,
    "segunda": 2,
    "segundo": 2,
    "tercera": 3,
}
_LEAD = r"(?:(?:yes|yeah|ok|okay|sure|si|let'?s|lets|i'?ll|ill|i|go|do|take|want|like|with|would|the|la|el|please|number|no|option|opcion|choice|slot|time|#|numero)[ .,:]*)*"
_TAIL = r"(?:[ .,!)]*(?:1|one|option|choice|slot|please|pls|plz|works?|is|good|great|fine|ok|okay|perfect|for|me|thanks?|thank|you|would|be|sounds|por|favor|gracias|sirve|esta|bien|th|nd|st|rd|best))*"
_PICK = re.compile(rf"^{_LEAD}(?P<number>\d)(?:th|st|nd|rd)?\b{_TAIL}[ .,!?)]*$", re.ASCII)
_WORD_PICK = re.compile(
    rf"\b(?:the|la|el) (?P<word>{'|'.join(_WORDS)})(?: (?:one|1|option|opcion|slot|time)\b|[ .!]*$)|^(?P<alone>{'|'.join(_WORDS)})(?: (?:works?|one|please|is)\b|[ .!]*$)",
    re.ASCII,
)
_SAYS_PLACE = re.compile(r"\dth\b|option|number|#|choice|first|second|third|opcion", re.ASCII)
_LAST = re.compile(r"\b(?:the )?last (?:one|1|option|slot)\b|\bla ultima\b", re.ASCII)
_LATER_OR_EARLIER = re.compile(
    r"^(?:the )?(?P<which>earlier|earliest|later|latest) (?:one|1|option|slot|time)?[ .!]*(?:please|works)?[ .!]*$",
    re.ASCII,
)
_BOTH = re.compile(r"\b(?:either|any (?:of|one)|whichever|cualquiera)\b", re.ASCII)


def find_choice(text: str, *, offered: tuple[datetime, ...]) -> int | None:
    """Return the index of the offered time a normalised text picks by its place, or None.

    A digit that is also the hour of another offered time is `UNCLEAR`: that is asked about. "Either" is the
    first: the customer left it to us.
    """
    if not offered:
        return None
    if _LAST.search(text):
        return len(offered) - 1
    if _BOTH.search(text):
        return 0
    if match := _LATER_OR_EARLIER.match(text):
        ordered = sorted(range(len(offered)), key=lambda index: offered[index])
        return ordered[-1] if match["which"].startswith("lat") else ordered[0]
    number = _named_number(text)
    if number is None or not 1 <= number <= len(offered):
        return None
    is_also_hour = any(
        (at.hour - number) % 12 == 0 and at.minute == 0
        for index, at in enumerate(offered)
        if index != number - 1
    )
    return UNCLEAR if is_also_hour and not _SAYS_PLACE.search(text) else number - 1


def _named_number(text: str) -> int | None:
    if match := _PICK.match(text):
        return int(match["number"])
    if match := _WORD_PICK.search(text):
        return _WORDS[match["word"] or match["alone"]]
    return None
