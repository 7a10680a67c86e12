"""What every printed letter has in common, whoever prints it. Pure."""

from __future__ import annotations

from io import BytesIO
from unicodedata import category

import segno

MOST_CHARACTERS = 1_800  # what fits on the page below the addresses, at 11 pt
BOOK_WORDS = {
    "en": "Book online: scan the code or go to",
    "es": "Reserve en línea: escanee el código o visite",
}


class DoesNotFit(ValueError):
    """The text is longer than the page."""


def book_words(language: str) -> str:
    return BOOK_WORDS.get(language, BOOK_WORDS["en"])


def printable(words: str) -> str:
    """Without control and direction characters, which could hide or reorder what is printed.

    Tabs and spaces of other kinds (no-break, thin) become spaces, so that words stay apart.
    """
    spaced = (" " if each == "\t" or category(each).startswith("Z") else each for each in words)
    return "".join(each for each in spaced if each == "\n" or each.isprintable())


def qr_code(url: str) -> str:
    """As SVG without a size of its own: the page says how large it is."""
    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawn.getvalue().decode().strip()
