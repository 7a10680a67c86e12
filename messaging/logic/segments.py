"""How many parts a text is sent in: GSM-7 packs 160 characters (153 in parts), UCS-2 70 (67).

source: 3GPP TS 23.038 (alphabet, extension table), TS 23.040 section 9.2.3.24.1 (6 octets of header per part)
"""

from __future__ import annotations

from dataclasses import dataclass

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")  # each takes two septets: escape and character
GSM_SINGLE, GSM_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67


@dataclass(frozen=True, slots=True)
class Segments:
    encoding: str  # "GSM-7" or "UCS-2"
    units: int  # septets or UTF-16 code units
    segments: int


def count_segments(text: str) -> Segments:
    """A character of two units is never cut: where it does not fit, it opens the next part."""
    used = set(text)
    if used <= GSM_BASIC:
        return _counted("GSM-7", [1] * len(text), single=GSM_SINGLE, part=GSM_PART)
    if used <= GSM_BASIC | GSM_EXTENSION:
        sizes = [2 if character in GSM_EXTENSION else 1 for character in text]
        return _counted("GSM-7", sizes, single=GSM_SINGLE, part=GSM_PART)
    sizes = [2 if ord(character) > 0xFFFF else 1 for character in text]  # noqa: PLR2004 -- beyond the BMP: a surrogate pair
    return _counted("UCS-2", sizes, single=UCS2_SINGLE, part=UCS2_PART)


def _counted(encoding: str, sizes: list[int], *, single: int, part: int) -> Segments:
    units = sum(sizes)
    if units <= single:
        return Segments(encoding, units, 1)
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return Segments(encoding, units, parts)
