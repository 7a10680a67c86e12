"""50,000 random and hostile texts: no exception, each quick. The time is that of the process, so that other work does not count."""

import random
import time
from datetime import datetime, timedelta

import pytest

from conversations.logic.understanding import Context, understand
from messaging.logic.opt_out import read_opt_out
from messaging.logic.opt_out_doubts import suspect_opt_out

pytestmark = pytest.mark.logic

TEXTS = 50_000
MOST_SECONDS = 0.05
PIECES = [
    "monday",
    "tue",
    "next",
    "last",
    "this",
    "week",
    "weekend",
    "at",
    "3",
    "3:30",
    "15:30",
    "230",
    "1530",
    "11/24",
    "2026-11-24",
    "31/31",
    "00:00",
    "24:00",
    "99:99",
    "pm",
    "am",
    "the",
    "5th",
    "31st",
    "0th",
    "99th",
    "of",
    "december",
    "feb",
    "29\nmarch",
    "may",
    "noon",
    "midnight",
    "half",
    "past",
    "quarter",
    "to",
    "ten",
    "twenty",
    "one",
    "not",
    "can't",
    "or",
    "and",
    "between",
    "from",
    "-",
    "until",
    "after",
    "before",
    "around",
    "ish",
    "in",
    "2",
    "weeks",
    "days",
    "hours",
    "minutes",
    "ago\nyes",
    "no",
    "stop",
    "cancel",
    "first",
    "second",
    "option",
    "#",
    "$",
    "48k",
    "miles",
    ",",
    ".",
    "?",
    "!",
    "actually",
    "wait",
    "manana",
    "el",
    "martes",
    "a",
    "las",
    "y",
    "media",
    "de",
    "la",
    "tarde",
    "0",
    "00",
    "000",
    "0000",
    "99999999999999999999",
    "every\nchristmas",
    "first",
    "friday",
    "month",
    "year",
    "now",
    "tonight",
    "later",
    "tomorrow's",
    "o'clock",
    "a.m.",
    "p.",
    "\u202e",
    "\x00",
    "🚗",
    "ñ",
    "é",
    "ﷺ",
    "１２",
    "٣",
    "<b>",
    "{{x}}",
    "%s",
    "'",
    '"',
    ";",
    "--",
    "\\",
    "/",
    "@",
    "_",
    "t12:23:59",
]
HOSTILE = (
    "9" * 20_000, "tuesday " * 5_000, "between " * 5_000 + "2", "not " * 8_000, "1/" * 8_000, "(" * 9_000, "at " * 8_000 + "3", "12:" * 8_000,
    "a" * 100_000, "ﷺ" * 9_000, "-" * 9_000, "to " * 9_000, "1 to 2 to " * 3_000, "the 5th of " * 3_000, "\n" * 9_000, "' " * 9_000, "day after " * 3_000,
    "stop " * 9_000, "no more " * 5_000, "take me off your " * 3_000, "1,234," * 5_000, "next next " * 4_000, "and a half " * 3_000,
)  # fmt: skip


def random_text(rng):
    if rng.random() < 0.2:
        return "".join(chr(rng.randrange(1, 0x3000)) for _ in range(rng.randrange(1, 120)))
    joint = rng.choice([" ", " ", " ", "", "-", ", "])
    return joint.join(rng.choices(PIECES, k=rng.randrange(1, rng.choice([4, 8, 16]))))


def texts():
    rng = random.Random(4)
    yield from HOSTILE
    for _ in range(TEXTS - len(HOSTILE)):
        yield random_text(rng)


def test_50_000_hostile_texts_are_read_quickly_and_without_an_exception():
    now = datetime(2026, 11, 20, 10)
    context = Context(
        now, offered=(now + timedelta(days=1), now + timedelta(days=2)), prompt="What time works?"
    )
    slowest = 0.0
    for text in texts():
        started = time.process_time()
        found = understand(text, context=context)
        read_opt_out(text), suspect_opt_out(text)
        slowest = max(slowest, time.process_time() - started)
        assert 0 <= found.confidence <= 1
        assert all(day >= now.date() for wish in found.wishes for day in wish.days)

    assert slowest < MOST_SECONDS
