import io
from dataclasses import replace

import pypdf
import pytest

from common.enums import Channel
from messaging.adapters.base import Account, Letter, PostalAddress, ProviderError, SendRequest
from messaging.adapters.print_queue import pdf
from messaging.adapters.print_queue.sender import PrintQueueSender
from messaging.enums import ErrorCode

pytestmark = pytest.mark.logic

ACCOUNT = Account(1, "uuid-1", {})
LETTER = Letter(
    recipient=PostalAddress("Ana One", "12 Oak St Apt 4", "Austin", "TX", "78701"),
    sender=PostalAddress("Live Oak Motors", "100 Congress Ave", "Austin", "TX", "78701"),
    phone="(512) 555-0100",
    language="en",
    written_on="November 20, 2026",
    book_url="https://example.com/b/AbCdEf",
    opt_out_line="Call (512) 555-0100 to stop letters.",
)
HOSTILE = [
    "#strong[x]",
    "$a^2$ *bold* _it_ `raw`",
    "<label> @ref // comment",
    "\\u{41} \\",
    '#read("/etc/passwd")',
    "= heading",
    '"quoted" {curly} [square]',
    "Łukasz O’Brien-Nuñez",
    "Ana\u202eeno",
    "Ana\x00\x07One",
    "x" * 500,
]


def request_for(letter=LETTER, text="Hello Ana,\n\nyour car is due."):
    return SendRequest("touch:17", Channel.LETTER, "12 Oak St", text, subject="Due", letter=letter)


def placed(document, page=0):
    """Every piece of text on a page with its place in inches from the left and the top."""
    found = []

    def visit(text, cm, tm, _font, size):
        if text.strip():
            height = float(reader.pages[page].mediabox.height)
            found.append((text.strip(), (tm[4] + cm[4]) / 72, (height - tm[5] - cm[5]) / 72, size))

    reader = pypdf.PdfReader(io.BytesIO(document))
    reader.pages[page].extract_text(visitor_text=visit)
    return found


def text_of(document):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def test_letter_is_one_page_with_everything_on_it():
    result = PrintQueueSender().accept(request_for(), ACCOUNT)

    assert result.provider_id == "touch:17"
    reader = pypdf.PdfReader(io.BytesIO(result.document))
    assert len(reader.pages) == 1
    assert (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height) == (612, 792)
    words = text_of(result.document)
    for expected in ("Live Oak Motors", "(512) 555-0100", "Ana One", "November 20, 2026", "your car is due."):
        assert expected in words
    assert "https://example.com/b/AbCdEf" in words
    assert "Call (512) 555-0100 to stop letters." in words


def test_address_and_nothing_else_shows_in_a_window_however_the_letter_slides():
    document = pdf.render([pdf.Page(LETTER, "Due", "Hello")])
    lines = {text: (x, y) for text, x, y, _ in placed(document)}

    for line in ("Ana One", "12 Oak St Apt 4", "Austin, TX 78701"):
        x, y = lines[line]
        assert 0.875 <= x <= 4.375
        assert 2.5 <= y <= 3.17
    # A #10 window shows 2.04 to 3.63 inches of the page, between both ends of the slack.
    others = [text for text, (_, y) in lines.items() if 2.04 <= y <= 3.63]
    assert sorted(others) == sorted(["Ana One", "12 Oak St Apt 4", "Austin, TX 78701"])


def test_letter_outside_north_america_is_a4_with_its_window():
    document = pdf.render([pdf.Page(LETTER, "Due", "Hello")], country="DE")

    assert round(float(pypdf.PdfReader(io.BytesIO(document)).pages[0].mediabox.width)) == 595
    lines = {text: (x * 25.4, y * 25.4) for text, x, y, _ in placed(document)}
    x, y = lines["Ana One"]
    assert 20 <= x <= 105
    assert 45 <= y <= 90


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_printed_as_they_are(words):
    letter = replace(LETTER, recipient=replace(LETTER.recipient, name=words), opt_out_line=words)

    document = (
        PrintQueueSender()
        .accept(request_for(letter, text=f"{words[:200]}\n\n{words[:200]}"), ACCOUNT)
        .document
    )

    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) == 1
    printed = "".join(text_of(document).split())
    wanted = "".join(each for each in words[:40] if each.isprintable() and each != "\u202e").replace(" ", "")
    assert wanted in printed


def test_long_name_stays_inside_the_window():
    letter = replace(LETTER, recipient=replace(LETTER.recipient, name="Maximiliana " * 6))
    document = pdf.render([pdf.Page(letter, "Due", "Hello")])

    sizes = [size for text, _, _, size in placed(document) if text.startswith("Maximiliana")]
    assert sizes
    assert max(sizes) < 10


@pytest.mark.parametrize("text", ["x" * 1801, "line\n" * 40])
def test_text_that_does_not_fit_is_refused_and_never_cut(text):
    with pytest.raises(ProviderError) as caught:
        PrintQueueSender().accept(request_for(text=text), ACCOUNT)
    assert (caught.value.code, caught.value.is_permanent) == (ErrorCode.REJECTED_CONTENT, True)


@pytest.mark.parametrize("missing", ["street", "city"])
def test_address_without_street_or_city_is_no_address(missing):
    letter = replace(LETTER, recipient=replace(LETTER.recipient, **{missing: ""}))
    with pytest.raises(ProviderError) as caught:
        PrintQueueSender().accept(request_for(letter), ACCOUNT)
    assert caught.value.code is ErrorCode.INVALID_ADDRESS


def test_only_letters_are_printed():
    with pytest.raises(ProviderError) as caught:
        PrintQueueSender().accept(replace(request_for(), channel=Channel.SMS), ACCOUNT)
    assert caught.value.code is ErrorCode.UNSUPPORTED


def test_batch_has_a_page_for_each_letter_in_order():
    pages = [
        pdf.Page(replace(LETTER, recipient=replace(LETTER.recipient, name=name)), "Due", "Hello")
        for name in ("Ana One", "Ben Two", "Cy Three")
    ]

    reader = pypdf.PdfReader(io.BytesIO(pdf.render(pages)))

    assert [
        name in page.extract_text()
        for name, page in zip(("Ana One", "Ben Two", "Cy Three"), reader.pages, strict=True)
    ] == [True] * 3
