"""The words under which a customer is found, and how what somebody types is turned into them."""

import re
import unicodedata

_LONGEST = 100
_PHONE_TAILS = (10, 7, 4)
_VIN_TAILS = (8, 6)
_SHORTEST = 2


def search_tokens(
    *,
    names: list[str],
    phones: list[str],
    emails: list[str],
    vins: list[str],
    plates: list[str],
    numbers: list[str],
) -> set[str]:
    """Return the words for one customer: each is found by its beginning.

    A phone number by all its digits and by its last ten, seven and four; a VIN whole and by its last eight and
    six; an e-mail address whole (its beginning is the part before the @).
    """
    tokens = {word for name in names for word in _words(name)}
    for phone in phones:
        digits = re.sub(r"\D", "", phone)
        tokens |= {digits, *(digits[-tail:] for tail in _PHONE_TAILS)}
    for vin in vins:
        tokens |= {vin.lower(), *(vin.lower()[-tail:] for tail in _VIN_TAILS)}
    tokens |= {email.lower() for email in emails} | {_joined(text) for text in (*plates, *numbers)}
    return {token[:_LONGEST] for token in tokens if len(token) >= _SHORTEST}


def search_terms(text: str) -> list[str]:
    """Return the beginnings of tokens to look for, all of which must match, for what somebody typed.

    "(512) 555-01" becomes one run of digits; "delgado mar" two words; accents and capitals do not count.
    """
    if re.fullmatch(r"[\d\s().+\-/]+", text.strip()):
        digits = re.sub(r"\D", "", text)
        return [digits] if digits else []
    if "@" in text:
        return [text.strip().lower()]
    return _words(text)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.findall(r"[^\W_]+", plain.replace("'", "").replace("’", ""))


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
