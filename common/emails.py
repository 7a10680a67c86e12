"""E-mail addresses: their spelling is checked, nobody is asked (no DNS, no network)."""

import re

from email_validator import EmailNotValidError, validate_email

# What staff type when a person gives no address. The local part alone, or the domain alone, gives it away.
_PLACEHOLDER_LOCAL = re.compile(
    r"(?:no|none|na|nope|null|unknown|declined?|refused?|noemail|nomail|noaddress|donothave|customer|test|x+|0+|asdf+)\d*"
)
_PLACEHOLDER_DOMAIN = re.compile(
    r"(?:no-?e?-?mails?|none|unknown|declined?|refused?|nowhere|noaddress|na|x{2,}|test|abc|asdf+|email|mail)\.[a-z.]+"
)
_PLACEHOLDER_AT_ANY_HOST = frozenset(
    {"noemail", "nomail", "noaddress", "donothave", "unknown", "declined", "refused", "none"}
)
_SEPARATORS = re.compile(r"[;,|\s]+")
MAX_LENGTH = 254  # RFC 5321, section 4.5.3.1.3, as corrected by erratum 1690


def normalise_email(text: str) -> str | None:
    """Return the first usable address in the text, in lower case, or None.

    Whole addresses are lowered: the local part is case-sensitive on paper only, and two spellings of one mailbox
    must not become two contact points. Placeholders (UNKNOWN@NOEMAIL.COM, none@none.com) are None. The
    reserved example domains are accepted.
    """
    for candidate in _SEPARATORS.split(text[: 2 * MAX_LENGTH].strip().strip("<>").lower()):
        cleaned = candidate.strip("<>().'\"").removeprefix("mailto:")
        if "@" not in cleaned or is_placeholder_email(cleaned):
            continue
        try:
            return validate_email(cleaned, check_deliverability=False).normalized
        except EmailNotValidError:
            continue
    return None


def is_placeholder_email(address: str) -> bool:
    """Whether the address only says that there is none."""
    local, _, domain = address.lower().partition("@")
    if local in _PLACEHOLDER_AT_ANY_HOST:
        return True
    return _PLACEHOLDER_DOMAIN.fullmatch(domain) is not None and (
        _PLACEHOLDER_LOCAL.fullmatch(local) is not None
        or domain.startswith(("no", "none", "unknown", "declin", "refus"))
    )
