"""The odometer reading in a text: "it's at 48k now", "52,300 miles", "tiene 80 mil km"."""

import re

from conversations.logic.understanding.meaning import Mileage

# No car in service has run less or more than this.
LEAST, MOST = 100, 999_999
THOUSAND = 1_000
_NUMBER = r"(?P<number>\d{1,3}(?:[, .]\d{3})+(?!\d)|\d{1,6}(?:\.\d)?)"
_THOUSAND = r"(?: ?(?P<thousand>k\b(?!m)|mil\b|thousand\b))?"
_UNIT = r"(?: ?(?P<unit>miles?|millas?|mi|kms?|kilometers?|kilometres?|kilometros?|on (?:it|the (?:clock|odometer|car))))"
_WITH_UNIT = re.compile(rf"(?<![\d$.,]){_NUMBER}{_THOUSAND}{_UNIT}\b", re.ASCII)
_AFTER_WORDS = re.compile(
    rf"\b(?:mileage|odometer|odo|kilometraje|millaje|it'?s at|its got|it has|is at|i'?m at|car is at|(?:just )?(?:hit|passed|turned)|tiene|anda en|va en|currently at|now at|sitting at|showing)(?: is| now| at| about| around| around the| says| reads| shows| of| now at| como| unas?)*:? {_NUMBER}{_THOUSAND}(?! ?(?:[ap]\.?m|:|percent|%|dollars|minutes|hours|days|weeks|months|years|o'?clock))\b(?![:/])",
    re.ASCII,
)
# A price, an interval or a distance away is no reading.
_NO_READING = re.compile(
    r"(?:\$ ?|\bevery |\bcada |\b(?:live|lives|drive|driving|drove|am|are|is|about|within|range|warranty|up to|for|next|another|another|over the|last|per|in) (?:\w+ ){0,2})$",
    re.ASCII,
)
_AWAY = re.compile(
    r"^ ?(?:away|from|per|an hour|a (?:day|week|month|year)|left|to go|to empty|ago|out|service|warranty|until)\b",
    re.ASCII,
)
LEAST_BARE = 1_000
# Three digits together, or thousands said in a word: less is no odometer.
_DIGITS = re.compile(r"\d[\d,. ]?\d\d|\d ?(?:k|mil|thousand)\b", re.ASCII)


def find_mileage(plain: str) -> Mileage | None:
    """Return the reading told in a folded text, or None; "I live 20 miles away" tells none."""
    if _DIGITS.search(plain) is None:
        return None
    for match in _WITH_UNIT.finditer(plain):
        before, after = (
            plain[max(0, match.start() - 30) : match.start()],
            plain[match.end() : match.end() + 20],
        )
        is_clock = match["unit"].startswith("on ")
        found = _reading(match, unit="km" if match["unit"].startswith("k") else "" if is_clock else "mi")
        if (
            found
            and not _AWAY.search(after)
            and not (_NO_READING.search(before) and found.value < LEAST_BARE)
        ):
            return found
    told = _AFTER_WORDS.search(plain)
    found = _reading(told, unit="") if told else None
    return found if found and found.value >= LEAST_BARE else None


def _reading(match: re.Match[str], *, unit: str) -> Mileage | None:
    number = match["number"]
    is_grouped = re.fullmatch(r"\d{1,3}(?:[, .]\d{3})+", number)
    value = float(re.sub(r"\D", "", number) if is_grouped else number)
    if match["thousand"]:
        value *= THOUSAND
    return Mileage(round(value), unit) if LEAST <= value <= MOST else None
