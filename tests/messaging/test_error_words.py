import pytest

from messaging.enums import ErrorCode
from messaging.error_words import WORDS, words_for_error

pytestmark = pytest.mark.logic


def test_every_error_has_words_of_its_own():
    assert set(WORDS) == set(ErrorCode) - {ErrorCode.NONE}
    assert len(set(WORDS.values())) == len(WORDS)


@pytest.mark.parametrize(
    ("code", "words"),
    [("expired", WORDS[ErrorCode.EXPIRED]), ("", ""), ("of_a_later_version", "of_a_later_version")],
)
def test_words_for_error(code, words):
    assert words_for_error(code) == words
