"""Phone numbers as people type them, to E.164 and back.

Whether a number *may* exist is decided, not whether it is assigned: numbering plans change faster than the
library's tables, and the numbers reserved for examples (555-01xx) must pass through the whole system.
"""

import re

import phonenumbers

_PLACEHOLDER_DIGITS = frozenset({"1234567890", "0123456789", "9876543210", "1234567", "12345678"})
_NORTH_AMERICA = 1
# An area code or exchange of North America never begins with 0 or 1 (NANP numbering plan, NPA-NXX).
_NANP_NATIONAL = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
_NANP_REGIONS = frozenset({"US", "CA"})
_PLAIN_NANP = re.compile(r"\s*(?:\+?1[-. ]?)?\(?(\d{3})\)?[-. ]{0,2}(\d{3})[-. ]?(\d{4})\s*")
_SEPARATORS = re.compile(r"[;/|]|\bor\b|\band\b|,(?!\s*ext)", re.IGNORECASE)


def to_e164(text: str, *, region: str) -> str | None:
    """Return the number in E.164, or None where the text is no number that could be dialled from abroad.

    A placeholder (one repeated digit, 123-456-7890), a local number without area code and a number too long
    or too short for its country are None. An extension is dropped: neither a text nor a call can use it.

    shapes: region is an ISO 3166 code, used for numbers typed without +country
    """
    plain = _PLAIN_NANP.fullmatch(text) if region in _NANP_REGIONS else None
    if plain and _NANP_NATIONAL.fullmatch("".join(plain.groups())):
        return _north_american("".join(plain.groups()))
    for candidate in _SEPARATORS.split(text[:80]):
        number = _parse(candidate, region)
        if number is not None and _could_exist(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _north_american(national: str) -> str | None:
    """Return a number of North America in E.164; what the library would say, without its 80 microseconds."""
    is_placeholder = len(set(national)) == 1 or national in _PLACEHOLDER_DIGITS
    return None if is_placeholder else f"+{_NORTH_AMERICA}{national}"


def for_people(e164: str, *, region: str) -> str:
    """Return the number as people of the region write it: nationally at home, internationally otherwise."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    is_home = phonenumbers.country_code_for_region(region) == number.country_code
    shape = (
        phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, shape)


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    digits = re.sub(r"\D", "", text)
    if len(digits) < 7 or len(set(digits)) == 1 or digits in _PLACEHOLDER_DIGITS:  # noqa: PLR2004 -- shortest national numbers
        return None
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _could_exist(number: phonenumbers.PhoneNumber) -> bool:
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return False
    national = phonenumbers.national_significant_number(number)
    if len(set(national)) == 1 or national in _PLACEHOLDER_DIGITS:
        return False
    return number.country_code != _NORTH_AMERICA or _NANP_NATIONAL.fullmatch(national) is not None
