import pytest

from common.emails import normalise_email

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Marisol.Delgado@Example.COM", "marisol.delgado@example.com"),
        ("orders@rosecity.example.com", "orders@rosecity.example.com"),
        (" <a@b.example> ", "a@b.example"),
        ("Bob <bob@example.org>", "bob@example.org"),
        ("a@b.com; c@d.com", "a@b.com"),
        ("none, c@d.com", "c@d.com"),
        ("mailto:a@b.com", "a@b.com"),
        ("UNKNOWN@NOEMAIL.COM", None),
        ("none@none.com", None),
        ("noemail@gmail.com", None),
        ("na@na.com", None),
        ("declined@declined.com", None),
        ("nina@noordhoff.com", "nina@noordhoff.com"),
        ("test@example.com", "test@example.com"),
        ("N/A", None),
        ("a@localhost", None),
        ("a@@b.com", None),
        ("", None),
        ("@" * 1000, None),
    ],
)
def test_normalise_email(text, expected):
    assert normalise_email(text) == expected
