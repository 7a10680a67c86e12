from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from booking.logic.notice_words import tell_words
from messaging.enums import Reason
from messaging.logic.gate import Send, Skip, Wait

pytestmark = pytest.mark.logic

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("channel", "verdict", "words"),
    [
        ("email", Send(), "They are told by e-mail."),
        (
            "sms",
            Wait(datetime(2026, 11, 23, 14, tzinfo=UTC), Reason.QUIET_HOURS),
            "They are told by text on Monday, November 23 at 8 AM (quiet hours where the customer lives).",
        ),
        ("sms", Skip(Reason.OPTED_OUT), "They are not told: the customer asked us to stop."),
        ("", None, "They are not told: there is no e-mail address or number that takes texts. Call them."),
    ],
)
def test_tell_words(channel, verdict, words):
    assert tell_words(channel, verdict, zone=CHICAGO) == words
