import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.adapters.mail_reading import Mail, form_fields, plain_words, read_mail

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", Mail("", "", "")),
        (b"From: a@b.co\n\nStop", Mail("a@b.co", "", "Stop")),
        (
            b"From: =?utf-8?q?Jos=C3=A9?= <Jose@B.co>\r\nSubject: =?utf-8?b?wqFIb2xhIQ==?=\r\n\r\nHi",
            Mail("jose@b.co", "¡Hola!", "Hi"),
        ),
        (b"From: =?utf-8?q?victim=40b.co=2C?= <real@b.co>\n\nStop", Mail("real@b.co", "", "Stop")),
        (
            b"From: a@b.co\nContent-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9",
            Mail("a@b.co", "", "café"),
        ),
        (
            b"From: a@b.co\nContent-Type: text/plain; charset=klingon\n\nma\xc3\xb1ana",
            Mail("a@b.co", "", "mañana"),
        ),
        (
            b"From: a@b.co\nContent-Transfer-Encoding: base64\n\nU3RvcA==",
            Mail("a@b.co", "", "Stop"),
        ),
        (
            (
                b"From: a@b.co\nContent-Type: text/html\n\n<html><head><title>x</title></head>"
                b"<body><div>Stop</div><script>go()</script>please</body></html>"
            ),
            Mail("a@b.co", "", "Stop\nplease"),
        ),
        (
            (
                b"From: a@b.co\nContent-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/html\n\n"
                b"<b>no</b>\n--q\nContent-Type: text/plain\n\nyes\n--q--\n"
            ),
            Mail("a@b.co", "", "yes"),
        ),
        (b"From: a@b.co\nContent-Type: multipart/mixed\n\nno boundary", Mail("a@b.co", "", "")),
        (b"From: a@b.co\n\nnul\x00 here", Mail("a@b.co", "", "nul here")),
        (
            b"From: postmaster@b.co\nContent-Type: multipart/report; boundary=q\n\n--q\n\nundelivered\n--q--",
            Mail("postmaster@b.co", "", "undelivered", is_automatic=True),
        ),
    ],
)
def test_mail_is_read(raw, expected):
    assert read_mail(raw) == expected


@given(raw=st.binary(max_size=300))
def test_no_bytes_break_the_reading(raw):
    read_mail(raw)
    read_mail(b"From: x@y.co\nContent-Type: multipart/mixed; boundary=q\n\n--q\n" + raw)
    form_fields("multipart/form-data; boundary=q", b"--q\r\n" + raw)
    form_fields(raw.decode("latin-1"), raw)


@given(
    name=st.sampled_from(
        ["From", "Subject", "Content-Type", "Content-Disposition", "Message-ID", "Precedence"]
    ),
    value=st.text(max_size=80),
)
def test_no_header_breaks_the_reading(name, value):
    read_mail(f"{name}: {value}\n\nwords".encode("utf-8", "replace"))


def test_parts_inside_each_other_end_somewhere():
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (number, number)
        for number in range(3000)
    )

    assert read_mail(b"From: a@b.co\r\n" + nested).text == ""


def test_markup_that_never_ends_is_left_out():
    assert plain_words("<p>words</p><style>" + "x" * 1000) == "words"
    assert plain_words("<" * 100_000)[:1] in {"", "<"}
