"""Texts of our own, each checked by hand: said at 10:00 on Friday 20 November 2026, open 7:30-18:00, Saturdays 8-14.

A line of `hand_checked.txt` is the text, then what must come out and nothing else: intents; wishes as
`day,day@time` (`first..last` for more than three days, `[from-to]` for a stretch, `~` for a loose one); days ruled
out; the number of the offered time; facts; mileage.
"""

from datetime import datetime, time
from pathlib import Path

import pytest

from conversations.logic.understanding import Context, Hours, understand

pytestmark = pytest.mark.logic

LINES = (Path(__file__).parent / "hand_checked.txt").read_text(encoding="utf-8").splitlines()
NOW = datetime(2026, 11, 20, 10, 0)
HOURS = (*(Hours(day, time(7, 30), time(18)) for day in range(5)), Hours(5, time(8), time(14)))
OFFERED = (datetime(2026, 11, 24, 9, 0), datetime(2026, 11, 24, 15, 30), datetime(2026, 11, 25, 10, 0))
MOST_DAYS_NAMED = 3


def days_told(days):
    dates = [f"{day:%m-%d}" for day in days]
    return ",".join(dates) if len(dates) <= MOST_DAYS_NAMED else f"{dates[0]}..{dates[-1]}"


def time_told(wished):
    wanted = f"{wished.wanted:%H:%M}" if wished.wanted else ""
    return (
        wanted
        if wished.earliest == wished.latest
        else f"{wanted}[{wished.earliest:%H:%M}-{wished.latest:%H:%M}]"
    )


def wish_told(wish):
    return f"{days_told(wish.days)}@{','.join(map(time_told, wish.times))}{'~' if wish.is_loose else ''}"


def told(text, *, offered):
    found = understand(text, context=Context(NOW, HOURS, OFFERED if offered else ()))
    return "; ".join(
        [
            ",".join(found.intents),
            " + ".join(map(wish_told, found.wishes)),
            days_told(sorted(found.excluded_days)),
            str(found.choice + 1) if found.choice is not None else "",
            ",".join(sorted(found.facts)),
            str(found.mileage.value) if found.mileage else "",
        ]
    )


@pytest.mark.parametrize("line", LINES, ids=[line.split(" => ")[0] for line in LINES])
def test_hand_checked_text_is_read_exactly(line):
    text, expected = line.split(" => ")
    is_offered = text.endswith(" (offered)")

    assert told(text.removesuffix(" (offered)"), offered=is_offered) == expected


def test_there_are_300_hand_checked_texts():
    assert len({line.split(" => ")[0] for line in LINES}) >= 300
