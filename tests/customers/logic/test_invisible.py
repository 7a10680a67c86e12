import pytest

from customers.logic.imports.source import visible_cells
from customers.logic.invisible import without_invisible

pytestmark = pytest.mark.logic


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ana\u202eseyeR", "AnaseyeR"),
        ("\u2066Ana\u2069", "Ana"),
        ("\u200fAna\u200e", "Ana"),
        ("A\u200bn\u2060a\ufeff", "Ana"),
        ("An\u00ada", "Ana"),
        ("Ana\x07\x1b\x7f\x9c", "Ana"),
        ("Ana\U000e0041", "Ana"),
        ("A\u3164na\u2800", "Ana"),
        ("Ana\ufe0f\u034f", "Ana"),
        ("A\u200dna\u200c", "Ana"),
        ("\u200d\u200cAna", "Ana"),
        ("Ana\ud800", "Ana"),
    ],
)
def test_what_nobody_sees_is_taken_out(written, read):
    assert without_invisible(written) == read


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Zoë O’Brien-D'Ávila",
        "e\u0301",  # an accent of its own
        "Nguyễn Thị Ngọc",
        "李小龍",
        "Владимир",
        "محمد",
        "שרה",
        "می\u200cخواهم",  # Persian: the non-joiner parts two letters of a word
        "क\u094d\u200dष",  # Hindi: a half letter
        "അവന\u0d4d\u200d",  # Malayalam: a joiner ends the word
        "Ana\u00a0Reyes",  # a blank that does not break; blanks are tidied where the cell is read
        "a\tb\nc",
        "\x00",  # says that the file is binary
        "🚗",
    ],
)
def test_what_is_written_stays(name):
    assert without_invisible(name) == name


def test_joiners_in_a_row_count_once():
    assert without_invisible("می\u200c\u200c\u200cخ") == "می\u200cخ"


def test_all_cells_of_a_row_are_cleaned():
    assert visible_cells(("plain", "\u202aAna\u202c", "")) == ("plain", "Ana", "")
    plain = ("1", "LEE, ANN")
    assert visible_cells(plain) is plain
