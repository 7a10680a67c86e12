"""Letters as PDF: one page each, addressed for a window envelope."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from messaging.adapters.base import Letter, PostalAddress

TEMPLATE = Path(__file__).with_name("letter.typ")
MOST_CHARACTERS, MOST_LINES = 1800, 26  # what fits on the page below the window, at 11 pt
US_PAPER = frozenset({"US", "CA", "MX"})
BOOK_WORDS = {
    "en": "Book online: scan the code or go to",
    "es": "Reserve en línea: escanee el código o visite",
}


class DoesNotFit(ValueError):
    """The text is longer than the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A letter and its words."""

    letter: Letter
    subject: str
    text: str


def render(pages: Sequence[Page], *, country: str = "US") -> bytes:
    """One PDF with a page for each letter, in order.

    raises: DoesNotFit; a text is never shrunk or cut
    """
    data = {
        "paper": "us" if country in US_PAPER else "a4",
        "letters": [_letter(page) for page in pages],
    }
    compiled = typst.compile(
        TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), sys_inputs={"data": json.dumps(data)}
    )
    return bytes(compiled)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts inside the wheel only, so that a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def _letter(page: Page) -> dict[str, Any]:
    letter = page.letter
    paragraphs = [part.split("\n") for part in _clean(page.text).strip().split("\n\n")]
    lines = sum(max(1, -(-len(line) // 95)) for part in paragraphs for line in part) + len(paragraphs)
    if len(page.text) > MOST_CHARACTERS or lines > MOST_LINES:
        raise DoesNotFit(f"{len(page.text)} characters, {lines} lines")
    return {
        "sender": _party(letter.sender),
        "recipient": _party(letter.recipient),
        "phone": _clean(letter.phone),
        "written_on": _clean(letter.written_on),
        "subject": _clean(page.subject)[:150],
        "paragraphs": paragraphs,
        "book_url": letter.book_url,
        "book_words": BOOK_WORDS.get(letter.language, BOOK_WORDS["en"]),
        "qr": _qr(letter.book_url) if letter.book_url else "",
        "opt_out_line": _clean(letter.opt_out_line)[:400],
    }


def _party(address: PostalAddress) -> dict[str, str]:
    fields = {key: " ".join(_clean(value).split()) for key, value in asdict(address).items()}
    city_line = " ".join(part for part in (fields["region"], fields["postal_code"]) if part)
    return {
        "name": fields["name"],
        "street": fields["street"],
        "city_line": ", ".join(part for part in (fields["city"], city_line) if part),
    }


def _clean(words: str) -> str:
    """Without control and direction characters, which could hide or reorder what is printed."""
    return "".join(
        each
        for each in words
        if each == "\n" or (each.isprintable() and each not in "\u202a\u202b\u202d\u202e")
    )


def _qr(url: str) -> str:
    drawn = BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
