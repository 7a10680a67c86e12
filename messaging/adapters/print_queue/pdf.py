"""Letters as PDF: one page each, addressed for a window envelope."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from messaging.adapters.base import Letter, PostalAddress
from messaging.adapters.letter_parts import MOST_CHARACTERS, DoesNotFit, book_words, printable, qr_code

TEMPLATE = Path(__file__).with_name("letter.typ")
MOST_LINES = 26  # what fits on the page below the window, at 11 pt
US_PAPER = frozenset({"US", "CA", "MX"})


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
    paragraphs = [part.split("\n") for part in printable(page.text).strip().split("\n\n")]
    lines = sum(max(1, -(-len(line) // 95)) for part in paragraphs for line in part) + len(paragraphs)
    if len(page.text) > MOST_CHARACTERS or lines > MOST_LINES:
        raise DoesNotFit(f"{len(page.text)} characters, {lines} lines")
    return {
        "sender": _party(letter.sender),
        "recipient": _party(letter.recipient),
        "phone": printable(letter.phone),
        "written_on": printable(letter.written_on),
        "subject": printable(page.subject)[:150],
        "paragraphs": paragraphs,
        "book_url": letter.book_url,
        "book_words": book_words(letter.language),
        "qr": qr_code(letter.book_url) if letter.book_url else "",
        "opt_out_line": printable(letter.opt_out_line)[:400],
    }


def _party(address: PostalAddress) -> dict[str, str]:
    fields = {key: " ".join(printable(value).split()) for key, value in asdict(address).items()}
    city_line = " ".join(part for part in (fields["region"], fields["postal_code"]) if part)
    return {
        "name": fields["name"],
        "street": fields["street"],
        "city_line": ", ".join(part for part in (fields["city"], city_line) if part),
    }
