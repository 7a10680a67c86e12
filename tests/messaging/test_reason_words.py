import pytest

from messaging.enums import Reason
from messaging.reason_words import WORDS, words_for

pytestmark = pytest.mark.logic


def test_every_reason_has_words_of_its_own():
    assert set(WORDS) == set(Reason) - {Reason.NONE}
    assert len(set(WORDS.values())) == len(WORDS)


@pytest.mark.parametrize(
    ("code", "words"),
    [("booked", "An appointment is already booked"), ("", ""), ("of_a_later_version", "of_a_later_version")],
)
def test_words_for(code, words):
    assert words_for(code) == words
