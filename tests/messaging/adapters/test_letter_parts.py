import pytest

from messaging.adapters.letter_parts import book_words, printable, qr_code

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Ana\u202eeno\u2066x\u200f", "Anaenox"),
        ("Ana\x00\x07One\x1b", "AnaOne"),
        ("5\u00a0000 miles,\tor\u20096 months", "5 000 miles, or 6 months"),
        ("one\u2028two", "one two"),
        ("one\r\n\r\ntwo\nthree", "one\n\ntwo\nthree"),
        ("Łukasz O’Brien-Nuñez 😀", "Łukasz O’Brien-Nuñez 😀"),
        ("", ""),
    ],
)
def test_words_without_what_hides_or_reorders_them(words, printed):
    assert printable(words) == printed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "Reserve en línea: escanee el código o visite"),
        ("en", "Book online: scan the code or go to"),
        ("fr", "Book online: scan the code or go to"),
    ],
)
def test_words_beside_the_code(language, words):
    assert book_words(language) == words


def test_code_is_an_svg_that_fits_any_size():
    drawn = qr_code("https://app.example.com/b/abc")
    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert drawn.endswith("</svg>")
    assert ' width="' not in drawn.partition(">")[0]
