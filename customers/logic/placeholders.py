"""Values staff type to get past a field that must not be empty."""

import re
from functools import lru_cache

_WORDS = frozenset(
    {
        "n/a", "na", "n.a.", "none", "null", "nil", "unknown", "unk", "not available", "not given", "no name",
        "not provided", "tbd", "tba", "test", "declined", "refused", "no address", "no email", "no phone",
        "#n/a", "(null)", "undefined", "nan", "missing", "blank", "do not use", "?",
    }
)  # fmt: skip
_REPEATED = re.compile(r"(?:0{2,}|9{5,}|[x*#?.\-_/]+)", re.IGNORECASE)


def is_placeholder(text: str) -> bool:
    """Whether the text stands for "nothing": empty, N/A, UNKNOWN, XXX, 00000, ----."""
    cleaned = " ".join(text.split()).lower()
    return not cleaned or cleaned in _WORDS or _REPEATED.fullmatch(cleaned.replace(" ", "")) is not None


@lru_cache(maxsize=16_384)  # columns repeat themselves: flags, makes, op codes, VINs of one car's lines
def real_text(text: str) -> str:
    """Return the text with its blanks tidied, or "" where it is a placeholder."""
    tidy = " ".join(text.split())
    return "" if is_placeholder(tidy) else tidy
