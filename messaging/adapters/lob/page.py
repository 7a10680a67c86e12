"""A letter as the HTML page Lob prints. Pure; every word is escaped.

Lob prints the addresses itself at the top of the first page, so that part stays empty. A page has fewer than 10,000
characters, as Lob takes no longer ones in a request.
"""

from __future__ import annotations

from html import escape

from messaging.adapters.base import Letter
from messaging.adapters.letter_parts import MOST_CHARACTERS, DoesNotFit, book_words, printable, qr_code

LONGEST_PAGE = 9_999
STYLE = (
    "@page{size:8.5in 11in;margin:0}*{box-sizing:border-box}"
    "body{width:8.5in;height:11in;margin:0;position:relative;font:11pt/1.35 Georgia,serif}"
    ".words{position:absolute;top:3.6in;left:1in;right:1in}.date{text-align:right;color:#555}"
    ".book{margin-top:.2in}.book svg{width:1in;height:1in;float:left;margin-right:.2in}"
    ".foot{position:absolute;bottom:.6in;left:1in;right:1in;font-size:8pt;color:#555}"
)


def write_page(letter: Letter, *, subject: str, text: str) -> str:
    """raises: DoesNotFit; a text is never shrunk or cut"""
    if len(text) > MOST_CHARACTERS:
        raise DoesNotFit(f"{len(text)} characters")
    paragraphs = "".join(
        f"<p>{_words(part).replace(chr(10), '<br>')}</p>" for part in text.strip().split("\n\n")
    )
    page = (
        f'<!DOCTYPE html><html lang="{_words(letter.language[:2])}"><head><meta charset="utf-8"><style>{STYLE}</style>'
        f'</head><body><div class="words"><p class="date">{_words(letter.written_on)}</p>'
        f"{f'<p><b>{_words(subject)}</b></p>' if subject else ''}{paragraphs}{_book(letter)}</div>"
        f'<div class="foot">{_words(letter.sender.name)} · {_words(letter.phone)}<br>{_words(letter.opt_out_line)}</div>'
        "</body></html>"
    )
    if len(page) > LONGEST_PAGE:
        raise DoesNotFit(f"{len(page)} characters of page")
    return page


def _book(letter: Letter) -> str:
    if not letter.book_url:
        return ""
    words = book_words(letter.language)
    return f'<div class="book">{qr_code(letter.book_url)}<b>{words}</b><br>{_words(letter.book_url)}</div>'


def _words(text: str) -> str:
    return escape(printable(text))
